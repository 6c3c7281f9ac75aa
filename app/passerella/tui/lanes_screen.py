"""«Corsie»: all the journeys over time, a lane a worker, thread or loop."""

import time
from collections.abc import Callable
from typing import ClassVar, NamedTuple

from msgspec.structs import replace
from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from passerella.journeys.intervals import Interval
from passerella.journeys.lanes import Lane, Lanes, queue_lane, whole_window
from passerella.journeys.model import Journey
from passerella.language import _, plural
from passerella.tui.browsing import Browsing
from passerella.tui.closer_help import lanes_help
from passerella.tui.keys_bar import Key, KeysBar
from passerella.tui.laid_out_once import ScreenLaidOutOnce
from passerella.tui.notice import Notice
from passerella.tui.row_list import Line, RowList, Span
from passerella.views.lanes import (
    ASCII,
    BOXES,
    HELD,
    QUEUED,
    RUNNING,
    TOUCHED,
    WAITING,
    Cells,
    Picture,
    lane_title,
    picture,
)

_MOST = 200  # journeys that are drawn: the newest
_BEAT = 0.25  # seconds between two drawings
_WIDEST_TITLE = 24
_APART = "   "  # between two signs of the legend
_LOW = "▆"
_MARK = 2  # cells of the cursor's sign
_NARROWEST_PICTURE = 10
_TOKENS = {RUNNING: "here", TOUCHED: "here", WAITING: "quiet", QUEUED: "key", HELD: "wrong"}
_TICKS_DOWN = replace(BOXES, tick="┬")  # the ruler is over the lanes
_NARROWEST = 1_000_000  # nanoseconds of the narrowest window


class Several(NamedTuple):
    """Requests sent together: how many, and what sends them, if it can."""

    many: int
    send: Callable[[], bool]


class LanesScreen(ScreenLaidOutOnce, Screen[Journey | None]):
    """Gives the journey that is chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,l", "leave", show=False),
        Binding("left", "move(-1)", show=False),
        Binding("right", "move(1)", show=False),
        Binding("plus,equals_sign", "zoom(1)", show=False),
        Binding("minus", "zoom(-1)", show=False),
        Binding("i", "several", show=False),
        Binding("question_mark,f1", "help", show=False),
        Binding("q", "app.quit", show=False),
        Binding("t", "app.theme", show=False),
    ]

    def __init__(self, browsing: Browsing, several: Several | None = None, *, plain: bool = False) -> None:
        super().__init__()
        self._several = several
        self._since = 0  # only the journeys that began later
        self._browsing = browsing
        self._glyphs = ASCII if plain else _TICKS_DOWN
        self._lanes = Lanes()
        self._found: list[Lane] = []
        self._picture: Picture | None = None
        self._titles = 0
        self._window: Interval | None = None  # None: from the first thing to the last

    def compose(self) -> ComposeResult:
        yield Static("", id="lanes-title", markup=False)
        yield Static("", id="lanes-ruler", markup=False)
        yield RowList(id="lanes")
        yield Static("", id="lanes-legend", markup=False)
        yield KeysBar(id="keys")

    def on_mount(self) -> None:
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

    def action_several(self) -> None:
        """Several at once, alone in the picture; «-» brings the others back."""
        now = time.monotonic_ns()
        if self._several is not None and self._several.send():
            self._since, self._window = now, None
            self._look()

    def action_zoom(self, by: int) -> None:
        if by < 0 and self._window is None and self._since:
            self._since = 0
            self._look()
            return
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
        shown_now = [each for each in self._browsing.newest[_MOST - 1 :: -1] if each.started >= self._since]
        self._found = self._lanes.of(shown_now, None, now)
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
        ruler.update(Content.styled("\n".join(reversed(shown.ruler)), "$quiet"))
        legend.update(_legend(shown, self.size.width - 2) if drawn else Content(_("Ancora nessun viaggio.")))
        self._show_title()
        self._show_keys()

    def _show_title(self) -> None:
        name, what = " Passerella", "  " + _("Corsie")
        count = min(self._browsing.total, _MOST)
        told = plural("{n} viaggio", "{n} viaggi", count).format(n=count)
        gap = " " * max(1, self.size.width - cell_len(name + what + told) - 1)
        title = Content.assemble((name, "bold $here"), what, gap, (told, "$quiet"))
        self.query_one("#lanes-title", Static).update(title)

    def _show_keys(self) -> None:
        """To move makes sense only when one is nearer."""
        several = self._several
        more = [Key("i", _("{n} insieme").format(n=several.many), "several", 1)] if several is not None else []
        moving = [Key("← →", _("prima, dopo"), "move(1)", 2)] if self._window is not None else []
        self.query_one(KeysBar).show(
            [
                Key("↑ ↓", _("corsia"), "none", 4),
                Key("+ -", _("zoom"), "zoom(1)", 1),
                *moving,
                *more,
                Key(_("invio"), _("apri il viaggio"), "open", 1),
                Key("?", _("aiuto"), "help", 2),
                Key("esc", _("indietro"), "leave", 0),
                Key("q", _("esci"), "app.quit", 3),
            ]
        )

    def _line(self, index: int, width: int) -> Line:
        if self._picture is None:
            return []
        row = self._picture.rows[index]
        draw = _occupied if row.occupied else _of_journey
        return [(_titled(row.title, self._titles), "key"), *map(draw, row.cells)]


def _occupied(cells: Cells) -> Span:
    """What the thread itself does."""
    if cells.number:
        return (cells.text, "block" if cells.kind == RUNNING else "strong")
    return (cells.text, _TOKENS.get(cells.kind, ""))


def _of_journey(cells: Cells) -> Span:
    """Lower, and of another colour: how each journey fared is not taken for the lane over it."""
    if cells.number:
        return (cells.text, "strong")
    if cells.kind in (RUNNING, TOUCHED):
        return (cells.text.replace(BOXES.running, _LOW), "reached")
    return (cells.text, _TOKENS.get(cells.kind, ""))


def _titled(title: str, width: int) -> str:
    """The end of a name tells one from another."""
    if cell_len(title) >= width:
        title = title[: width // 2 - 2] + "…" + title[-(width - width // 2) :]
    return set_cell_size(title, width)


def _legend(shown: Picture, width: int) -> Content:
    """Each sign with its meaning; one of them is never parted."""
    parts: list[tuple[str, str]] = []
    at = 0
    for sign, kind, meaning in shown.legend:
        length = cell_len(f"{sign} {meaning}")
        if at and at + len(_APART) + length > width:
            parts.append(("\n", ""))
            at = 0
        elif at:
            parts.append((_APART, ""))
            at += len(_APART)
        parts += [(sign, f"${_TOKENS[kind]}"), (f" {meaning}", "$quiet")]
        at += length
    return Content.assemble(*parts)
