"""A comparison as lines of a list, and one line of it in full: which column, which style."""

import textwrap
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from passerella.journeys.comparison import Aligned, Comparison
from passerella.journeys.model import Journey
from passerella.probe.vocabulary import INBOUND
from passerella.texts import station_title
from passerella.tui.row_list import Line as Drawn
from passerella.views.comparison import Detail, Line
from passerella.views.comparison.words import ABSENT, step_title
from passerella.views.headings import lasted, method, outcome, target

_SIGN = 2
_GAP = 2
_LEAST = 20  # cells of a column under which its values cannot be read
_LABEL = 20  # cells of a journey's name beside what is told of it
_NAME_SHARE = 34  # of a hundred
_NAME_MOST = 34
_MARKS = {"!": "changed", "+": "added", "~": "origin", "=": "quiet", "·": "quiet"}


class Grid(NamedTuple):
    """How a width is shared: the name, then the columns in sight."""

    name: int
    cell: int
    first: int
    many: int

    @property
    def columns(self) -> range:
        return range(self.first, self.first + self.many)


def grid(width: int, total: int, first: int) -> Grid:
    """As many columns as can be read side by side, beginning with ``first``."""
    name = min(_NAME_MOST, width * _NAME_SHARE // 100)
    room = width - _SIGN - name - _GAP
    count = max(1, min(total, (room + _GAP) // (_LEAST + _GAP)))
    first = min(first, total - 1) // count * count
    return Grid(name, max(1, (room + _GAP) // count - _GAP), first, min(count, total - first))


def heading_lines(comparison: Comparison, shared: Grid) -> list[Drawn]:
    """Over the columns: what each is called, and what came of it; what it asked, if they did not ask the same."""
    blank = " " * (_SIGN + shared.name + _GAP)
    names: Drawn = [(blank, "")]
    ends: Drawn = [(blank, "")]
    for column in shared.columns:
        journey = comparison.journeys[column]
        said = " · ".join(part for part in (own_request(comparison, column), outcome(journey), lasted(journey)) if part)
        gap = "" if column == shared.columns[-1] else " " * _GAP
        names.append((_fit(comparison.labels[column], shared.cell) + gap, "here"))
        ends.append((_fit(said, shared.cell) + gap, "quiet"))
    return [names, ends]


def common_request(comparison: Comparison) -> str:
    """«GET /ciao», if that is what all of them asked; else empty."""
    asked = {_asked(journey) for journey in comparison.journeys}
    return asked.pop() if len(asked) == 1 else ""


def own_request(comparison: Comparison, column: int) -> str:
    """«GET /ciao» where the others asked something else; else empty."""
    return "" if common_request(comparison) else _asked(comparison.journeys[column])


def _asked(journey: Journey) -> str:
    return " ".join(part for part in (method(journey), target(journey)) if part)


def drawn(line: Line, shared: Grid, closed: bool) -> Drawn:
    """«! SERVER_NAME   '127.0.0.1'   'waitress.invalid'»."""
    if line.kind == "title":
        count = f" · {line.count}" if line.count else ""
        return [("▸ " if closed else "▾ ", "quiet"), (line.name + count, "strong" if closed else "here")]
    name = _step_name(line.row) if line.row is not None else line.name
    parts: Drawn = [
        (f"{line.sign:<{_SIGN}}", _MARKS.get(line.sign, "")),
        (_fit(name, shared.name) + " " * _GAP, "quiet" if line.sign == "·" else "key"),
    ]
    for column in shared.columns:
        gap = "" if column == shared.columns[-1] else " " * _GAP
        parts.append((_fit(line.cells[column], shared.cell) + gap, _cell_token(line, column)))
    return parts


def detail_lines(comparison: Comparison, about: Detail, shared: Grid, width: int, *, stacked: bool) -> list[Drawn]:
    """What each journey has, then what it is about. Where some columns are out of sight, all are told, grouped."""
    found: list[Drawn] = []
    if any(about.columns):
        hidden = shared.many < len(comparison.journeys) and not any(about.more)
        show = _grouped if hidden else _stacked if stacked else _side_by_side
        found += [*show(comparison, about, shared, width), []]
    if about.text:
        found += [[(text, "quiet")] for text in textwrap.wrap(about.text, max(8, width), break_on_hyphens=False)]
    if about.reference:
        found.append([(about.reference, "origin")])
    return found


def _grouped(comparison: Comparison, about: Detail, shared: Grid, width: int) -> list[Drawn]:
    """Journeys that have the same are named together."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for label, texts in zip(comparison.labels, about.columns, strict=True):
        groups.setdefault(texts, []).append(label)
    found: list[Drawn] = []
    for texts, labels in groups.items():
        found += [[(text, "here")] for text in _wrapped([", ".join(labels)], width)]
        found += [[("  " + text, "")] for text in _wrapped(texts, width - 2)]
    return found


def _stacked(comparison: Comparison, about: Detail, shared: Grid, width: int) -> list[Drawn]:
    """«gunicorn-flask  False»: the name beside the first line; what is long comes after all columns have had theirs."""
    found: list[Drawn] = []
    for columns in (about.columns, about.more):
        for column in shared.columns:
            found += _beside_name(comparison.labels[column], columns[column], width)
    return found


def _beside_name(label: str, texts: Sequence[str], width: int) -> list[Drawn]:
    name = min(_LABEL, width // 3)
    pieces = _wrapped(texts, width - name - _GAP)
    labels = [label, *[""] * len(pieces)]
    return [[(_fit(said, name) + " " * _GAP, "here"), (text, "")] for said, text in zip(labels, pieces, strict=False)]


def _side_by_side(comparison: Comparison, about: Detail, shared: Grid, width: int) -> list[Drawn]:
    room = max(1, (width + _GAP) // max(1, shared.many) - _GAP)
    columns = [
        [
            (_cut(comparison.labels[column], room), "here"),
            *((text, "") for text in _wrapped((*about.columns[column], *about.more[column]), room)),
        ]
        for column in shared.columns
    ]
    return [_row(texts, room) for texts in zip_longest(*columns, fillvalue=("", ""))]


def _row(texts: Sequence[tuple[str, str]], room: int) -> Drawn:
    *before, (last, token) = texts
    return [*((_fit(text, room) + " " * _GAP, each) for text, each in before), (last, token)]


def _step_name(row: Aligned) -> str:
    """«Ponte → environ» on the way in, «Ponte ← close()» on the way back."""
    way = "→" if row.direction == INBOUND else "←"
    return f"{station_title(row.station)} {way} {step_title(row)}"


def _cell_token(line: Line, column: int) -> str:
    text = line.cells[column]
    if text == ABSENT or line.sign in ("=", "·"):
        return "quiet"
    others = {line.cells[each] for each in range(len(line.cells)) if each != column}
    return "strong" if line.sign == "!" and text not in others else ""


def _wrapped(texts: Iterable[str], width: int) -> list[str]:
    return [
        piece
        for text in texts
        for piece in textwrap.wrap(text, max(8, width), subsequent_indent="  ", break_on_hyphens=False) or [""]
    ]


def _fit(text: str, width: int) -> str:
    return set_cell_size(_cut(text, width), width)


def _cut(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1) + "…" if width > 0 else ""


def steps_in(lines: Sequence[Line]) -> list[int]:
    """Where the aligned steps are."""
    return [index for index, line in enumerate(lines) if line.row is not None]
