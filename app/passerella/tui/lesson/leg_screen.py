"""What the screens of a path have in common: who they ask, the time that passes, the keys that are the same on each."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from passerella.language import _
from passerella.tui.help_parts import table
from passerella.tui.keys_bar import Key
from passerella.tui.notice import Notice
from passerella.tui.row_list import Span

if TYPE_CHECKING:
    from passerella.tui.lesson.path_desk import PathDesk

_SECOND = 1.0


class LegScreen(Screen[None]):
    """Of one leg, or of all of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "notes", show=False),
        Binding("question_mark,f1", "help", show=False),
        Binding("escape", "back", show=False),
        Binding("t", "app.theme", show=False),
        Binding("q", "app.quit", show=False),
    ]

    def __init__(self, desk: "PathDesk") -> None:
        super().__init__()
        self.desk = desk

    def on_mount(self) -> None:
        self.set_interval(_SECOND, self.show_time)

    def show_time(self) -> None:
        """Called every second."""

    def notes(self) -> list[Span]:
        """What there is to say to who teaches."""
        return self.desk.notes()

    def notes_key(self) -> list[Key]:
        return [Key("n", _("note"), "notes", 1)] if self.desk.teacher else []

    def keys_told(self) -> list[tuple[str, str]]:
        """Each key, and what it does, for the help."""
        return []

    def action_none(self) -> None:
        """A key that is only explained."""

    def action_notes(self) -> None:
        """All of them: on the screen there may be no room."""
        if self.desk.teacher:
            self.app.push_screen(Notice(_("Per chi insegna"), self.notes()))

    def action_help(self) -> None:
        self.app.push_screen(Notice(_("Aiuto"), table(_("I tasti"), self.keys_told())))
