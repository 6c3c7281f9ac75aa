"""The home screen: where to begin, and where one comes back to."""

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from passerella.language import _
from passerella.tui import preferences
from passerella.tui.chooser import Choice
from passerella.tui.help_parts import said, table
from passerella.tui.home_entries import Found, entries, look_around
from passerella.tui.keys_bar import Key, KeysBar
from passerella.tui.laid_out_once import ScreenLaidOutOnce
from passerella.tui.row_list import Line, RowList, Span
from passerella.views.visible import visible

if TYPE_CHECKING:
    from passerella.tui.home_app import HomeApp

_LONGEST = 200


class Home(ScreenLaidOutOnce, Screen[None]):
    """A short list, each line with what it opens."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "app.quit", show=False),
        Binding("t", "app.theme", show=False),
        Binding("question_mark,f1", "help", show=False),
        Binding("colon,f10,ctrl+p", "commands", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (66, "-wide")]  # noqa: RUF012 - so Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012
    app: "HomeApp"

    class Looked(Message):
        """What there is to open again is known."""

        def __init__(self, found: Found) -> None:
            super().__init__()
            self.found = found

    def __init__(self) -> None:
        super().__init__()
        self.found = Found()
        self.entries: list[Choice] = []

    def compose(self) -> ComposeResult:
        yield Static("", id="home-title", markup=False)
        with Vertical(id="home"):
            yield Static("", id="home-bridge", markup=False)
            yield Static(_about(), id="home-about", markup=False)
            yield RowList(id="home-entries")
        yield KeysBar(id="keys")

    def on_mount(self) -> None:
        self.query_one(KeysBar).show(
            [
                Key("↑ ↓", _("scegli"), "none"),
                Key(_("invio"), _("apri"), "open", 0),
                Key("t", _("tema"), "app.theme", 2),
                Key(":", _("comandi"), "commands", 3),
                Key("?", _("aiuto"), "help"),
                Key("q", _("esci"), "app.quit", 0),
            ]
        )
        self._offer()
        self.query_one(RowList).focus()
        self.call_after_refresh(self._look_around)

    def on_screen_resume(self) -> None:
        """Back from the lab: what was done there is offered now."""
        if self.entries:
            self._offer()
            self._look_around()

    def on_resize(self) -> None:
        width = self.size.width
        self.query_one("#home-bridge", Static).update(_bridge(width))
        name, motto = " Passerella", _("WSGI e ASGI, un passo alla volta")
        gap = " " * max(1, width - cell_len(name) - cell_len(motto) - 1)
        self.query_one("#home-title", Static).update(Content.assemble((name, "bold $here"), gap, (motto, "$quiet")))

    def on_home_looked(self, message: Looked) -> None:
        self.found = message.found
        self._offer()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.action_open()

    def action_none(self) -> None:
        """A key that is only explained."""

    def action_open(self) -> None:
        self.app.open_entry(self.entries[self.query_one(RowList).cursor].id)

    def action_commands(self) -> None:
        """The same things, by name."""
        from passerella.tui.chooser import Chooser

        def opened(name: str | None) -> None:
            if name is not None:
                self.app.open_entry(name)

        self.app.push_screen(Chooser(_("Comandi"), self.entries), opened)

    def action_help(self) -> None:
        from passerella.tui.notice import Notice

        self.app.push_screen(Notice(_("Aiuto"), help_text(self.entries)))

    def _look_around(self) -> None:
        self.run_worker(self._look, thread=True, exit_on_error=False)

    def _look(self) -> None:
        self.post_message(self.Looked(look_around()))
        self.app.doors.warm()

    def _offer(self) -> None:
        """The cursor stays on what it is on, or goes to the first when that is news: what was traced just now."""
        listed = self.query_one(RowList)
        before = self.entries
        kept = preferences.read()
        self.entries = entries(visible(preferences.last_title(), _LONGEST), bool(kept.get("toured")), self.found)
        names = [each.id for each in self.entries]
        listed.styles.height = len(names)
        stays = bool(before) and before[0] == self.entries[0] and before[listed.cursor].id in names
        listed.show(len(names), self._line, names.index(before[listed.cursor].id) if stays else 0)

    def _line(self, index: int, width: int) -> Line:
        entry = self.entries[index]
        column = max(cell_len(each.title) for each in self.entries) + 3
        return [(set_cell_size(entry.title, column), "strong"), (entry.about, "quiet")]


def help_text(offered: list[Choice]) -> list[Span]:
    """What each line opens, and the keys."""
    keys = [
        ("↑ ↓", _("scegli")),
        (_("invio"), _("apri")),
        (":", _("le stesse cose, cercandole per nome")),
        ("t", _("cambia tema, notte o giorno")),
        ("esc", _("dal laboratorio si torna qui")),
        ("q", _("esci")),
    ]
    return [
        *said("Passerella", _about()),
        *table(_("Da qui"), [(each.title, each.about) for each in offered]),
        *table(_("I tasti"), keys),
    ]


def _about() -> str:
    return _("Guarda una richiesta vera passare dal socket alla tua applicazione Python, e tornare indietro.")


def _bridge(width: int) -> Content:
    """The stations, there and back: what this is all about."""
    names = [_("Client"), _("Socket"), _("Server"), _("Ponte"), _("Framework"), _("Vista")]
    room = min(width - 8, 94)
    step = (room - cell_len(names[-1])) // (len(names) - 1)
    head = "".join(set_cell_size(name, step) for name in names[:-1]) + names[-1]
    dots = [" " * (cell_len(name) // 2) for name in names]
    there, back = "", ""
    for index, pad in enumerate(dots):
        start = index * step + len(pad)
        there += "━" * (start - len(there)) if index else " " * start
        back += "─" * (start - len(back)) if index else " " * start
        there += "●"
        back += "○"
    there += "╮"
    back += "╯"
    return Content.assemble((head + "\n", "$quiet"), (there + "\n", "bold $reached"), (back, "$quiet"))
