"""«Corsie»: all the journeys over time, a lane a worker, thread or loop."""

import time
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from passerella.journeys.intervals import Interval
from passerella.journeys.lanes import Lane, Lanes, queue_lane, whole_window
from passerella.journeys.model import Journey
from passerella.language import _
from passerella.tui.browsing import Browsing
from passerella.tui.chooser import Notice
from passerella.tui.closer_help import lanes_help
from passerella.tui.keys_bar import Key, KeysBar
from passerella.tui.row_list import Line, RowList
from passerella.views.lanes import (
    ASCII,
    BOXES,
    HELD,
    QUEUED,
    RUNNING,
    TOUCHED,
    WAITING,
    Picture,
    lane_title,
    legend_line,
    picture,
)

_MOST = 200  # journeys that are drawn: the newest
_BEAT = 0.25  # seconds between two drawings
_WIDEST_TITLE = 24
_MARK = 2  # cells of the cursor's sign
_NARROWEST_PICTURE = 10
_TOKENS = {RUNNING: "here", TOUCHED: "here", WAITING: "quiet", QUEUED: "key", HELD: "wrong"}
_NARROWEST = 1_000_000  # nanoseconds of the narrowest window


class LanesScreen(Screen[Journey | None]):
    """Gives the journey that is chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,l", "leave", show=False),
        Binding("left", "move(-1)", show=False),
        Binding("right", "move(1)", show=False),
        Binding("plus,equals_sign", "zoom(1)", show=False),
        Binding("minus", "zoom(-1)", show=False),
        Binding("question_mark,f1", "help", show=False),
        Binding("q", "app.quit", show=False),
        Binding("t", "app.theme", show=False),
    ]

    def __init__(self, browsing: Browsing, *, plain: bool = False) -> None:
        super().__init__()
        self._browsing = browsing
        self._glyphs = ASCII if plain else BOXES
        self._lanes = Lanes()
        self._found: list[Lane] = []
        self._picture: Picture | None = None
        self._titles = 0
        self._window: Interval | None = None  # None: from the first thing to the last

    def compose(self) -> ComposeResult:
        yield Static("", id="lanes-title", markup=False)
        yield RowList(id="lanes")
        yield Static("", id="lanes-ruler", markup=False)
        yield Static("", id="lanes-legend", markup=False)
        yield KeysBar(id="keys")

    def on_mount(self) -> None:
        title = Content.assemble((" Passerella", "bold $here"), ("  " + _("Corsie"), ""))
        self.query_one("#lanes-title", Static).update(title)
        self.query_one(KeysBar).show(
            [
                Key("↑ ↓", _("corsia"), "none"),
                Key("+ -", _("più vicino, più lontano"), "zoom(1)"),
                Key("← →", _("prima, dopo"), "move(1)"),
                Key(_("invio"), _("apri il viaggio"), "open"),
                Key("?", _("aiuto"), "help"),
                Key("esc", _("indietro"), "leave"),
                Key("q", _("esci"), "app.quit"),
            ]
        )
        self.query_one(RowList).focus()
        self.set_interval(_BEAT, self._look)
        self.call_after_refresh(self._look)

    def on_resize(self) -> None:
        self.call_after_refresh(self._look)

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """The first journey of the row."""
        shown = self._picture
        cursor = self.query_one(RowList).cursor
        if shown is None or cursor >= len(shown.rows):
            return
        numbers = [block.journey for block in shown.rows[cursor].blocks if block.journey]
        chosen = next((each for each in self._browsing.newest if numbers and each.number == numbers[0]), None)
        if chosen is not None:
            self.dismiss(chosen)

    def action_help(self) -> None:
        self.app.push_screen(Notice(_("Aiuto"), lanes_help()))

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_zoom(self, by: int) -> None:
        start, end = self._window or whole_window(self._found)
        span = max(_NARROWEST, (end - start) // 2 if by > 0 else (end - start) * 2)
        middle = (start + end) // 2
        first, last = whole_window(self._found)
        wide = span >= last - first
        self._window = None if wide else (middle - span // 2, middle + span // 2)
        self._look()

    def action_move(self, by: int) -> None:
        if self._window is not None:
            start, end = self._window
            shift = by * (end - start) // 4
            self._window = (start + shift, end + shift)
            self._look()

    def action_none(self) -> None:
        """A key that is only explained."""

    def _look(self) -> None:
        now = time.monotonic_ns()
        self._found = self._lanes.of(self._browsing.newest[_MOST - 1 :: -1], None, now)
        waiting = queue_lane(self._browsing.assembler.not_accepted, now)
        drawn = [*self._found, *([waiting] if waiting is not None else [])]
        listed = self.query_one(RowList)
        several = len({lane.place[0] for lane in drawn}) > 1
        self._titles = min(_WIDEST_TITLE, max((cell_len(lane_title(lane, several)) for lane in drawn), default=0)) + 1
        width = listed.scrollable_content_region.width - self._titles - _MARK
        if width < _NARROWEST_PICTURE:
            return
        self._picture = shown = picture(drawn, width, self._window or whole_window(drawn), glyphs=self._glyphs)
        listed.show(len(shown.rows), self._line)
        ruler, legend = self.query_one("#lanes-ruler", Static), self.query_one("#lanes-legend", Static)
        ruler.display = bool(drawn)
        ruler.styles.padding = (0, 0, 0, self._titles + _MARK)
        ruler.update(Content.styled("\n".join(shown.ruler), "$quiet"))
        legend.update(Content.styled(legend_line(shown) if drawn else _("Ancora nessun viaggio."), "$quiet"))

    def _line(self, index: int, width: int) -> Line:
        if self._picture is None:
            return []
        row = self._picture.rows[index]
        cells = [(each.text, "strong" if each.number else _TOKENS.get(each.kind, "")) for each in row.cells]
        return [(set_cell_size(row.title, self._titles), "key"), *cells]
