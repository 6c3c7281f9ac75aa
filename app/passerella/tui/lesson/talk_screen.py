"""A leg without pages: a pause, or the class that talks. The time that is left, large where the terminal can draw it."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Digits, Static

from passerella.language import _
from passerella.lessons import paths
from passerella.tui.chooser import Notice
from passerella.tui.keys_bar import Key, KeysBar
from passerella.tui.page import Page
from passerella.views.visible import visible

if TYPE_CHECKING:
    from passerella.tui.lesson.path_desk import PathDesk

_SECOND = 1.0


class TalkScreen(Screen[None]):
    """«invio» goes on to the next leg."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,pagedown", "onward", show=False),
        Binding("escape,i,pageup", "back", show=False),
        Binding("n", "notes", show=False),
        Binding("t", "app.theme", show=False),
        Binding("q", "app.quit", show=False),
    ]

    def __init__(self, desk: "PathDesk") -> None:
        super().__init__()
        self.desk = desk

    def compose(self) -> ComposeResult:
        yield Static("", id="lesson-title", markup=False)
        with Container(id="talk"):
            yield Static(visible(paths.title(self.desk.course, self.desk.leg), 60), id="talk-title", markup=False)
            yield Static("", id="talk-left", markup=False) if self.desk.app.plain else Digits("", id="talk-left")
        if self.desk.teacher and not self.desk.leg.pause:
            yield Page(self.desk.notes(), id="talk-notes")
        yield KeysBar(id="keys")

    def on_mount(self) -> None:
        self.query_one(KeysBar).show(
            [
                Key(_("invio"), _("alla tappa seguente"), "onward", 0),
                *([Key("n", _("note"), "notes", 1)] if self.desk.teacher else []),
                Key("esc", _("tappe"), "back", 0),
                Key("q", _("esci"), "app.quit", 0),
            ]
        )
        self._show_time()
        self.set_interval(_SECOND, self._show_time)

    def _show_time(self) -> None:
        self.query_one("#lesson-title", Static).update(self.desk.title())
        left = self.query_one("#talk-left")
        assert isinstance(left, Static | Digits)
        left.update(self.desk.left())

    def action_onward(self) -> None:
        self.desk.leg_over()

    def action_notes(self) -> None:
        if self.desk.teacher:
            self.app.push_screen(Notice(_("Per chi insegna"), self.desk.notes()))

    def action_back(self) -> None:
        self.desk.open_index()
