"""The map of the eight stations (design §3, §7): which there are, which were reached, where the journey is.

A station that is not there keeps its place empty: the line passes straight through, with no node and no name.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, get_args

import msgspec

from passerella.journeys.model import Direction, Journey, Station, Step
from passerella.language import _
from passerella.probe.vocabulary import CLIENT, DIRECTIONS, GATEWAY, INBOUND, OUTBOUND, SERVER, SOCKET, VIEW, WALK
from passerella.texts import direction, station_title
from passerella.views.holding import held_step
from passerella.views.rows import Row

Place = tuple[str, str]  # station, direction
Token = Literal["", "name", "name-here", "reached", "ahead", "here", "quiet", "strong"]
Span = tuple[str, Token]

# What is drawn before anything was seen: the places that every scenario has.
EXPECTED: frozenset[Place] = frozenset(
    (station, way) for station in (CLIENT, SOCKET, SERVER, GATEWAY, VIEW) for way in DIRECTIONS
)


_ALL: tuple[Station, ...] = get_args(Station)


class Node(msgspec.Struct, frozen=True):
    """A station of the map, in one direction.

    :ivar there: this journey, or one like it, has it.
    :ivar reached: the journey has been here by now.
    :ivar passed: the journey has been here or farther on: the line up to here is behind it.
    :ivar here: the row in sight is here; ``aside``: while the journey is held somewhere else.
    :ivar held: the journey is held here now.
    """

    station: Station
    direction: Direction
    title: str
    there: bool = False
    reached: bool = False
    passed: bool = False
    here: bool = False
    held: bool = False
    aside: bool = False


class Map(msgspec.Struct, frozen=True):
    """The two lines, each in the order of the stations from the client to the view."""

    inbound: tuple[Node, ...]
    outbound: tuple[Node, ...]


class Glyphs(msgspec.Struct, frozen=True):
    """The signs of a drawing, one cell each."""

    here: str
    aside: str
    reached: str
    ahead: str
    line: str
    dash: str
    turn: str
    back: str


BOXES = Glyphs(here="◉", aside="◎", reached="●", ahead="○", line="━", dash="─", turn="╮", back="╯")
ASCII = Glyphs(here="@", aside="0", reached="*", ahead="o", line="=", dash="-", turn="\\", back="/")


def places(journeys: Iterable[Journey]) -> frozenset[Place]:
    """The places that these journeys have."""
    return frozenset({(step.station, step.direction) for journey in journeys for step in journey.steps})


def map_at(row: Row | None, journey: Journey | None, there: frozenset[Place] = EXPECTED) -> Map:
    """The map when ``row`` is the current one; ``there`` are the places to draw besides those of the journey."""
    if journey is not None and journey.steps:
        there = there | places([journey])
    been = _been(row, journey)
    here = _place(row.step) if row is not None else None
    step = held_step(journey) if journey is not None else None
    held = _place(step) if step is not None else None
    inbound = _line("inbound", there, been, here, held)
    outbound = _line("outbound", there, been, here, held)
    return Map(inbound, outbound)


def _been(row: Row | None, journey: Journey | None) -> frozenset[Place]:
    """Where the walk has been by now. A detail counts only where the walk never goes."""
    if row is None or journey is None:
        return frozenset()
    walk = {_place(step) for step in journey.steps if step.level <= WALK}
    last = max(row.until, row.step.n)
    so_far = journey.steps[:last]
    been = {_place(step) for step in so_far if step.level <= WALK or _place(step) not in walk}
    return frozenset(been | {_place(row.step)})


def _place(step: Step) -> Place:
    return (step.station, step.direction)


def _line(
    way: Direction, there: frozenset[Place], been: frozenset[Place], here: Place | None, held: Place | None
) -> tuple[Node, ...]:
    turned = any(place[1] == OUTBOUND for place in been)
    ahead = _ALL if way == INBOUND else _ALL[::-1]
    farthest = max((ahead.index(station) for station, each in been if each == way), default=-1)
    if way == INBOUND and turned:
        farthest = len(_ALL)
    nodes = [
        Node(
            station=station,
            direction=way,
            title=station_title(station),
            there=(station, way) in there,
            reached=(station, way) in been,
            passed=index <= farthest,
            here=(station, way) == here,
            held=(station, way) == held,
            aside=(station, way) == here and held not in (None, here),
        )
        for index, station in enumerate(ahead)
    ]
    return tuple(nodes if way == INBOUND else nodes[::-1])


def drawing(shown: Map, width: int, step: str = "", glyphs: Glyphs = BOXES) -> list[list[Span]]:
    """Three lines of at most ``width`` cells: names, inbound, outbound. ``step`` is said beside the current direction."""
    words = {way: direction(way).label for way in DIRECTIONS}
    beside = max(map(len, words.values())) + 2 + (_STEP if width >= _WIDE else 0)
    columns = _columns([node.title for node in shown.inbound], width - beside - 1)
    names = _names(shown, columns)
    signs = [column.sign for column in columns]
    lines = [
        _track(shown.inbound, signs, glyphs, glyphs.turn),
        _track(shown.outbound, signs, glyphs, glyphs.back),
    ]
    for line, nodes, way in zip(lines, (shown.inbound, shown.outbound), DIRECTIONS, strict=True):
        current = any(node.here for node in nodes)
        line.append(("  " + words[way], "strong" if current else "quiet"))
        if current and step and width >= _WIDE:
            line.append(("   " + step, "strong"))
    return [names, *lines]


_WIDE = 100
_AIR = 16  # cells between two names, at most
_STEP = 14  # room for «passo 1234»: the stations stay where they are while the number grows


class _Column(NamedTuple):
    """Where a station is: where its name begins, and where its sign is, under the middle of the name."""

    name: int
    sign: int


def _columns(titles: Sequence[str], room: int) -> list[_Column]:
    """Names side by side with as much air as there is."""
    return next((found for gap in range(_AIR, 1, -1) if (found := _spread(titles, gap))[-1].sign < room), None) or (
        _spread(titles, 1)
    )


def _spread(titles: Sequence[str], gap: int) -> list[_Column]:
    """All signs in even columns: the dashes between two of them are as far from one as from the other."""
    columns, start = [], 1
    for name in titles:
        middle = start + (len(name) - 1) // 2
        if middle % 2:
            move = -1 if gap > 1 and len(name) % 2 else 1
            middle += move
            start += move * (len(name) % 2)  # an odd name has one column only in its middle
        columns.append(_Column(start, middle))
        start += len(name) + gap
    return columns


def _names(shown: Map, columns: Sequence[_Column]) -> list[Span]:
    spans: list[Span] = []
    at = 0
    for node, back, column in zip(shown.inbound, shown.outbound, columns, strict=True):
        if not (node.there or back.there):
            continue
        spans.append((" " * (column.name - at), ""))
        spans.append((node.title, "name-here" if node.here or back.here else "name"))
        at = column.name + len(node.title)
    return spans


def _track(nodes: Sequence[Node], columns: Sequence[int], glyphs: Glyphs, turn: str) -> list[Span]:
    spans: list[Span] = []
    at = first = _first(nodes, columns)
    spans.append((" " * first, ""))
    for index, (node, column) in enumerate(zip(nodes, columns, strict=True)):
        if column > at:
            behind = node.passed if node.direction == INBOUND else nodes[index - 1].passed
            spans.append(_rail(at, column, glyphs, behind))
            at = column
        sign = _sign(node, glyphs)
        if sign is not None and column >= first:
            spans.append(sign)
            at += 1
    turned = nodes[-1].passed
    spans.append((turn, "reached" if turned else "ahead"))
    return spans


def _first(nodes: Sequence[Node], columns: Sequence[int]) -> int:
    """Where the line begins: at the first station that is there."""
    return next((column for node, column in zip(nodes, columns, strict=True) if node.there), columns[0])


def _rail(start: int, end: int, glyphs: Glyphs, behind: bool) -> Span:
    if behind:
        return (glyphs.line * (end - start), "reached")
    return ("".join(" " if column % 2 else glyphs.dash for column in range(start, end)), "ahead")


def _sign(node: Node, glyphs: Glyphs) -> Span | None:
    if not node.there:
        return None
    if node.aside:
        return (glyphs.aside, "here")
    if node.here or node.held:
        return (glyphs.here, "here")
    return (glyphs.reached, "reached") if node.reached else (glyphs.ahead, "ahead")


def spoken(shown: Map) -> str:
    """The map in words, for whoever does not see it."""
    here = next((node for node in (*shown.inbound, *shown.outbound) if node.here), None)
    titles = " → ".join(
        node.title for node, back in zip(shown.inbound, shown.outbound, strict=True) if node.there or back.there
    )
    if here is None:
        return titles
    return _("{stations}. Sei a {station}, {direction}.").format(
        stations=titles, station=here.title, direction=direction(here.direction).label
    )
