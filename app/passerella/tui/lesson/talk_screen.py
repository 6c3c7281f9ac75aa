"""A leg without pages: a pause, or the class that talks. The time that is left, large where the terminal can draw it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widgets import Digits, Static

from passerella.language import _
from passerella.lessons import paths
from passerella.tui.keys_bar import Key, KeysBar
from passerella.tui.lesson.leg_screen import LegScreen
from passerella.tui.page import Page
from passerella.views.visible import visible


class TalkScreen(LegScreen):
    """«invio» goes on to the next leg."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,pagedown", "onward", show=False),
        Binding("i,pageup", "back", show=False),
    ]

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
                *self.notes_key(),
                Key("?", _("aiuto"), "help", 2),
                Key("esc", _("tappe"), "back", 0),
                Key("q", _("esci"), "app.quit", 0),
            ]
        )
        self.show_time()

    def show_time(self) -> None:
        self.query_one("#lesson-title", Static).update(self.desk.title())
        left = self.query_one("#talk-left")
        assert isinstance(left, Static | Digits)
        left.update(self.desk.left())

    def action_onward(self) -> None:
        self.desk.leg_over()

    def keys_told(self) -> list[tuple[str, str]]:
        return [
            (_("invio"), _("alla tappa seguente")),
            *([("n", _("le note per chi insegna"))] if self.desk.teacher else []),
            ("esc", _("torna alle tappe: il tempo di questa continua")),
            ("t", _("tema")),
            ("q", _("esci")),
        ]

    def action_back(self) -> None:
        self.desk.open_index()
