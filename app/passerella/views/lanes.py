"""The lanes as rows of cells: pure data, for a given width and window of time. State is shape before colour.

One row says what occupied the thread; those under it, one for each journey that overlaps with others, say how each
fared: in the queue, running, waiting, held. The number of a journey stands at the beginning of its strip.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

from passerella.journeys.intervals import Interval, length, within
from passerella.journeys.lanes import Block, Lane
from passerella.language import _
from passerella.views.numbers import decimal

RUNNING, TOUCHED, WAITING, QUEUED, HELD, EMPTY = "running", "touched", "waiting", "queued", "held", ""
KINDS = (RUNNING, TOUCHED, WAITING, QUEUED, HELD)

_LABELS_APART = 10  # cells between two ticks of the ruler, at least
_MOST_NUMBERS = 8  # cells of a number


class Glyphs(msgspec.Struct, frozen=True):
    """The signs of a drawing, one cell each."""

    running: str
    touched: str
    waiting: str
    queued: str
    held: str
    tick: str
    line: str


BOXES = Glyphs(running="█", touched="▌", waiting="─", queued="·", held="◉", tick="┴", line="─")
ASCII = Glyphs(running="#", touched="|", waiting="-", queued=".", held="@", tick="+", line="-")


class Cells(msgspec.Struct, frozen=True):
    """A piece of a row: cells of one ``kind`` (empty: nothing) of one journey. ``number``: the text is its number."""

    text: str
    kind: str = EMPTY
    journey: int = 0
    number: bool = False


class LaneRow(msgspec.Struct, frozen=True):
    """One row. ``title`` names the lane on its first row, ``occupied``: the row of the thread itself.

    :ivar blocks: what the row draws, to be found again by :meth:`at`.
    """

    lane: Lane
    title: str
    occupied: bool
    cells: tuple[Cells, ...]
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        return "".join(each.text for each in self.cells)


class Picture(msgspec.Struct, frozen=True):
    """The lanes as drawn, ``width`` cells for the time between the ends of ``window``.

    :ivar ruler: two lines of ``width`` cells: the ticks, and their times.
    :ivar legend: sign, kind and meaning of what the rows use.
    """

    rows: tuple[LaneRow, ...]
    ruler: tuple[str, str]
    legend: tuple[tuple[str, str, str], ...]
    width: int
    window: Interval

    def at(self, row: int, column: int) -> Block | None:
        """The block under a cell, the one that takes most of it."""
        start, end = _cell(self.window, self.width, column)
        found = [(length(within([(block.start, block.end)], start, end)), block) for block in self.rows[row].blocks]
        most = max(found, key=lambda each: each[0], default=None)
        return most[1] if most is not None and most[0] else None


def picture(
    lanes: Sequence[Lane], width: int, window: Interval, origin: int | None = None, glyphs: Glyphs = BOXES
) -> Picture:
    """The lanes drawn in ``width`` cells. ``origin``: where the ruler's time is zero; its window's start if not given."""
    zero = window[0] if origin is None else origin
    several = len({lane.place[0] for lane in lanes}) > 1
    rows = tuple(row for lane in lanes for row in _rows(lane, width, window, glyphs, several))
    used = {each.kind for row in rows for each in row.cells}
    legend = tuple((sign, kind, text) for sign, kind, text in _legend(glyphs) if kind in used)
    return Picture(rows, ruler(width, window, zero, glyphs), legend, width, window)


def lane_title(lane: Lane, several: bool = False) -> str:
    """«Worker 5787», «Loop», «Thread waitress-0»; ``several`` processes: with its number."""
    if lane.kind == "queue":
        return _("Non ancora accettate")
    if lane.kind == "worker":
        return _("Worker {pid}").format(pid=lane.place[0])
    name = str(lane.thread or lane.place[1])
    thread = name if "thread" in name.casefold() else _("Thread {name}").format(name=name)
    title = _("Loop") if lane.kind == "loop" else thread
    return _("{title}, processo {pid}").format(title=title, pid=lane.place[0]) if several else title


def ruler(width: int, window: Interval, origin: int, glyphs: Glyphs = BOXES) -> tuple[str, str]:
    """Ticks at round times, and what they say: «0 ms», «20», «0,5 s»."""
    span = max(1, window[1] - window[0])
    step = _step(span * _LABELS_APART / max(1, width))
    ticks, labels = [glyphs.line] * width, [" "] * width
    first = -((origin - window[0]) // step) if origin > window[0] else -(-(window[0] - origin) // step)
    free, unit = 0, True
    for time in range(first * step, window[1] - origin, step):
        column = (origin + time - window[0]) * width // span
        label = _time(time, step, unit)
        if not 0 <= column < width:
            continue
        ticks[column] = glyphs.tick
        if column >= free and column + len(label) <= width:
            labels[column : column + len(label)] = label
            free, unit = column + len(label) + 1, False
    return "".join(ticks), "".join(labels)


def _step(least: float) -> int:
    """The round number of nanoseconds, 1, 2 or 5 and zeros, from ``least`` on."""
    power = 1_000  # a microsecond: nothing smaller is drawn
    while True:
        for digit in (1, 2, 5):
            if digit * power >= least:
                return digit * power
        power *= 10


def _time(nanoseconds: int, step: int, unit: bool) -> str:
    """In the unit that suits the step; only the first label names it."""
    scale, name = (1e9, "s") if step >= 100_000_000 else (1e6, "ms")
    digits = 0
    while digits < 3 and round(step / scale * 10**digits, 6) % 1:
        digits += 1
    text = decimal(nanoseconds / scale, digits)
    return f"{text} {name}" if unit else text


def _legend(glyphs: Glyphs) -> tuple[tuple[str, str, str], ...]:
    return (
        (glyphs.running, RUNNING, _("in esecuzione: occupa il thread")),
        (glyphs.touched, TOUCHED, _("in esecuzione per un istante")),
        (glyphs.waiting, WAITING, _("in attesa: il loop serve gli altri")),
        (glyphs.queued, QUEUED, _("in coda: aspetta il suo turno")),
        (glyphs.held, HELD, _("fermo: lo tieni tu")),
    )


def _rows(lane: Lane, width: int, window: Interval, glyphs: Glyphs, several: bool) -> Iterator[LaneRow]:
    yield LaneRow(lane, lane_title(lane, several), True, _drawn(lane.busy, width, window, glyphs), lane.busy)
    if lane.kind != "queue" and not any(strip.home for strip in lane.strips):
        return  # journeys only come by here: the first row said it all
    for row in lane.rows:
        blocks = tuple(block for strip in row for block in strip.blocks)
        if any(_inside(block, window) for block in blocks):
            yield LaneRow(lane, "", False, _drawn(blocks, width, window, glyphs), blocks)


def _inside(block: Block, window: Interval) -> bool:
    return block.end > window[0] and block.start < window[1]


def _drawn(blocks: Sequence[Block], width: int, window: Interval, glyphs: Glyphs) -> tuple[Cells, ...]:
    """Cell by cell what takes most of it; a run too short to take most of a cell is seen all the same."""
    taken: list[dict[tuple[str, int], int]] = [{} for _column in range(width)]
    span = max(1, window[1] - window[0])
    for block in blocks:
        if not _inside(block, window):
            continue
        first = max(0, (block.start - window[0]) * width // span)
        last = min(width - 1, (min(block.end, window[1]) - 1 - window[0]) * width // span)
        for column in range(first, last + 1):
            start, end = _cell(window, width, column)
            key = (block.kind, block.journey)
            taken[column][key] = taken[column].get(key, 0) + max(1, min(block.end, end) - max(block.start, start))
    return _numbered([_kind(each, span // width or 1) for each in taken], glyphs)


def _cell(window: Interval, width: int, column: int) -> Interval:
    span = max(1, window[1] - window[0])
    return window[0] + column * span // width, window[0] + (column + 1) * span // width


def _kind(taken: dict[tuple[str, int], int], whole: int) -> tuple[str, int]:
    """What a cell shows, and of which journey."""
    if not taken:
        return EMPTY, 0
    kind, journey = max(taken, key=lambda key: taken[key])
    running = {key: time for key, time in taken.items() if key[0] == RUNNING}
    if not running or kind == HELD:
        return kind, journey
    shown = RUNNING if sum(running.values()) * 2 >= whole else TOUCHED
    return shown, max(running, key=lambda key: running[key])[1]


def _numbered(kinds: Sequence[tuple[str, int]], glyphs: Glyphs) -> tuple[Cells, ...]:
    """Cells of a kind together; where a journey's begin, its number if there is room for it and for a sign."""
    signs = msgspec.structs.asdict(glyphs)
    cells = [Cells(signs.get(kind, " "), kind, journey) for kind, journey in kinds]
    for column, (kind, journey) in enumerate(kinds):
        number = str(journey)
        ahead = [each for _kind, each in kinds[column : column + len(number) + 1]]
        begins = journey and (column == 0 or kinds[column - 1][1] != journey)
        if begins and len(number) <= _MOST_NUMBERS and ahead == [journey] * (len(number) + 1):
            cells[column : column + len(number)] = [Cells(digit, kind, journey, number=True) for digit in number]
    alike = groupby(cells, key=lambda cell: (cell.kind, cell.journey, cell.number))
    return tuple(Cells("".join(cell.text for cell in group), *key) for key, group in alike)


def legend_line(drawn: Picture) -> str:
    """The legend in one line."""
    return "   ".join(f"{sign} {text}" for sign, _kind, text in drawn.legend)


def lines(drawn: Picture) -> Iterator[str]:
    """The picture as lines of text, its titles in a column of their own."""
    room = max((len(row.title) for row in drawn.rows), default=0)
    for row in drawn.rows:
        yield f"{row.title:<{room}}  {row.text}".rstrip()
    for each in drawn.ruler:
        yield f"{'':<{room}}  {each}".rstrip()
    yield legend_line(drawn)
