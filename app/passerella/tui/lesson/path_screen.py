"""The legs of a path, with their minutes; below, what to ask at the one under the cursor."""

from typing import ClassVar

from rich.cells import set_cell_size
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from passerella.language import _
from passerella.lessons import paths
from passerella.tui.keys_bar import Key, KeysBar
from passerella.tui.lesson.leg_screen import LegScreen
from passerella.tui.row_list import Line, RowList, Span
from passerella.views.visible import visible

_TITLE = 46


class PathScreen(LegScreen):
    """«invio» opens the leg under the cursor."""

    CSS_PATH = ["lesson.tcss", "path.tcss"]  # noqa: RUF012 - so Textual declares it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "glossary", show=False),
    ]

    def compose(self) -> ComposeResult:
        yield Static("", id="lesson-title", markup=False)
        yield RowList(id="legs")
        with VerticalScroll(id="leg-notes"):
            yield Static("", id="leg-text", markup=False)
        yield KeysBar(id="keys")

    def on_mount(self) -> None:
        self.query_one(RowList).styles.height = len(self.desk.itinerary.legs) + 1
        self.query_one("#leg-notes").display = self.desk.teacher
        self.query_one(RowList).focus()
        self.query_one(KeysBar).show(
            [
                Key("↑ ↓", _("scegli"), "none", 1),
                Key(_("invio"), _("apri la tappa"), "open", 0),
                *self.notes_key(),
                Key("g", _("glossario"), "glossary", 2),
                Key("?", _("aiuto"), "help", 2),
                Key("esc", _("indietro"), "back", 1),
                Key("q", _("esci"), "app.quit", 0),
            ]
        )

    def on_screen_resume(self) -> None:
        legs = self.query_one(RowList)
        legs.show(len(self.desk.itinerary.legs), self._line, self.desk.current)
        self.show_time()
        self._show_notes()

    def show_time(self) -> None:
        itinerary = self.desk.itinerary
        ending = f"   {self.desk.ending()}" if self.desk.teacher else ""
        self.query_one("#lesson-title", Static).update(f" Passerella   {visible(itinerary.title, 50)}{ending}")

    def _line(self, index: int, width: int) -> Line:
        desk = self.desk
        leg = desk.itinerary.legs[index]
        mark, style = ("○", "quiet") if index not in desk.entered else ("◐", "here")
        title = set_cell_size(f"{index + 1:>2}  {visible(paths.title(desk.course, leg))}", _TITLE)
        planned = _("{minutes:>3} min").format(minutes=leg.minutes)
        spent = desk.spent(index) if desk.teacher else ""
        return [
            (f"{mark} ", style),
            (title, "quiet" if leg.pause else "strong"),
            (planned, "key"),
            (f"   {spent}", "quiet"),
        ]

    def _show_notes(self) -> None:
        self.query_one("#leg-text", Static).update(Content.assemble(*self.notes()))
        self.query_one("#leg-notes").scroll_home(animate=False)

    def on_row_list_moved(self) -> None:
        self._show_notes()

    def on_row_list_chosen(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        self.desk.open_leg(self.query_one(RowList).cursor)

    def notes(self) -> list[Span]:
        """Those of the leg under the cursor."""
        return self.desk.notes(self.query_one(RowList).cursor)

    def action_glossary(self) -> None:
        self.desk.open_glossary(None)

    def action_help(self) -> None:
        self.desk.open_index_help()

    def action_back(self) -> None:
        self.desk.leave_index()
