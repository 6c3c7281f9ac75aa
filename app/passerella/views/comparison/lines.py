"""A comparison as a table: a line for each thing compared, a cell for each journey. Differences first."""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from passerella.journeys.comparison import Aligned, Comparison, Facet
from passerella.language import _
from passerella.texts import direction, station_title
from passerella.views.comparison.words import (
    ABSENT,
    cell_text,
    mapping_name,
    place_title,
    step_cell,
    step_title,
    topic,
)
from passerella.views.numbers import duration
from passerella.views.rows import title

LineKind = Literal["title", "facet", "time", "step"]

# What is said of each kind, before any colour: a sign.
SIGNS = {"different": "!", "only": "+", "rewritten": "~", "expected": "·", "equal": "="}
MOVED, MISSING, SHARED = "~", "+", "="

# The parts that are closed until one opens them.
EXPECTED, EQUAL = "expected", "equal"
FOLDED = frozenset((EXPECTED, EQUAL))


class Line(msgspec.Struct, frozen=True):
    """A line of the table.

    :ivar part: the part of the comparison that the line belongs to; of a title, the part that it opens.
    :ivar cells: by column; empty for a title.
    :ivar count: of a title, how many lines it opens; 0 where it says nothing to know.
    :ivar facet: what a «facet» line is about; ``row``, a «step» line.
    """

    kind: LineKind
    part: str
    name: str
    sign: str = ""
    cells: tuple[str, ...] = ()
    facet: Facet | None = None
    row: Aligned | None = None
    count: int = 0


def lines(comparison: Comparison, closed: frozenset[str] = FOLDED) -> list[Line]:
    """The whole table; of the ``closed`` parts only the title."""
    found: list[Line] = []
    for part, name, inner in _parts(comparison):
        if inner:
            found.append(Line("title", part, name, count=0 if part in _UNCOUNTED else len(inner)))
            found += [] if part in closed else inner
    return found


_UNCOUNTED = frozenset(("times", "places"))
_Part = tuple[str, str, list[Line]]


def _parts(comparison: Comparison) -> Iterator[_Part]:
    mapping = mapping_name(comparison)
    yield _facets(comparison, "mapping", _("Diverso in {mapping}").format(mapping=mapping), differences(comparison))
    rewritten = comparison.of("mapping", "rewritten")
    yield _facets(comparison, "rewritten", _("La stessa cosa, scritta in modi diversi"), rewritten)
    response = comparison.of("response", "different", "only", "rewritten")
    yield _facets(comparison, "response", _("Diverso nella risposta"), _by_weight(response))
    yield "times", _("Quando"), _times(comparison)
    interface = [facet for facet in comparison.of("mapping", "only") if facet.interface]
    yield _facets(comparison, "interface", _("C'è solo in environ, o solo in scope"), interface)
    beyond = comparison.of("beyond", "different", "only", "rewritten")
    yield _facets(comparison, "beyond", _("Aggiunto dopo il Ponte, da middleware e framework"), _by_weight(beyond))
    yield "steps", _("Passi, stazione per stazione"), [_step(comparison, row) for row in comparison.aligned]
    yield "places", _("Quanto tempo in ogni stazione"), _places(comparison)
    expected = [facet for facet in comparison.facets if facet.kind == "expected"]
    yield _facets(comparison, EXPECTED, _("Diverso, ma solo perché cambia a ogni viaggio"), expected)
    equal = [facet for facet in comparison.facets if facet.kind == "equal"]
    yield _facets(comparison, EQUAL, _("Uguale"), equal)


def differences(comparison: Comparison) -> list[Facet]:
    """What is not the same in the mappings, what all have first; what tells WSGI from ASGI is not counted."""
    return _by_weight([each for each in comparison.of("mapping", "different", "only") if not each.interface])


def _by_weight(facets: Sequence[Facet]) -> list[Facet]:
    order = list(SIGNS)
    return sorted(facets, key=lambda facet: order.index(facet.kind))


def _facets(comparison: Comparison, part: str, name: str, facets: Sequence[Facet]) -> _Part:
    columns = range(len(comparison.journeys))
    return (
        part,
        name,
        [
            Line(
                "facet",
                part,
                topic(facet),
                SIGNS[facet.kind],
                tuple(cell_text(facet, column) for column in columns),
                facet=facet,
            )
            for facet in facets
        ],
    )


def _step(comparison: Comparison, row: Aligned) -> Line:
    sign = MISSING if row.missing else MOVED if row.moved else SHARED
    cells = tuple(step_cell(comparison, row, column) for column in range(len(comparison.journeys)))
    return Line("step", "steps", f"{place_title(row)} · {step_title(row)}", sign, cells, row=row)


def _times(comparison: Comparison) -> list[Line]:
    timings = comparison.timings
    after = tuple(title([each.after]) if each.after is not None else ABSENT for each in timings)
    rows = [
        (_("primo byte della risposta"), tuple(_lasted(each.first_byte) for each in timings)),
        (_("parte dopo il passo"), after),
        (_("ultimo byte della risposta"), tuple(_lasted(each.last_byte) for each in timings)),
        (_("tutto il viaggio"), tuple(_lasted(each.duration) for each in timings)),
    ]
    return [Line("time", "times", name, "", cells) for name, cells in rows]


def _places(comparison: Comparison) -> list[Line]:
    order = dict.fromkeys((row.station, row.direction) for row in comparison.aligned)
    return [
        Line(
            "time",
            "places",
            f"{station_title(station)}, {direction(way).label}",
            "",
            tuple(_lasted(each.places.get((station, way))) for each in comparison.timings),
        )
        for station, way in order
        if any((station, way) in each.places for each in comparison.timings)
    ]


def _lasted(nanoseconds: int | None) -> str:
    return ABSENT if nanoseconds is None else duration(nanoseconds)
