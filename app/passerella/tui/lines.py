"""Rows of the views as lines of a list: which column, which style."""

from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from passerella.journeys.model import Journey
from passerella.tui.row_list import Line
from passerella.views.headings import lasted, method, outcome, target
from passerella.views.holding import held_step
from passerella.views.inspector import BytesLine, EnvironLine, SourceLine
from passerella.views.numbers import milliseconds
from passerella.views.rows import EVERYTHING, Marks, Row

_TIME = 5  # cells of a time, at least: what grows while one looks is not moved at each step
_SHORTEST = 8  # cells under which a detail that does not fit is not worth beginning
_READABLE = 18  # cells of a title that no indent takes away
_SIGNS = {"+": "added", "~": "changed", "−": "removed"}
_MARKED = " ◆"
_WIDEST_TYPE = 12
_ROOM_FOR_TYPES = 84
_OFFSET = 5
_SERVER_ERROR = 500
_SIXTEEN = _OFFSET + 1 + (16 * 3 - 1) + 2 + 16


class StepColumns(NamedTuple):
    """Widths of the columns on both sides of a step's title."""

    label: int
    time: int


class Columns(NamedTuple):
    """Widths of the columns of the mapping. ``type`` is 0 where there is no room for it."""

    key: int
    type: int
    origin: int


def journey_line(journey: Journey, width: int) -> Line:
    """«3  GET   /ciao?nome=Ada   200   1,9 ms»."""
    number = f"{journey.number:>3} "
    state, time, held = outcome(journey), lasted(journey), held_step(journey) is not None
    tail = [(f" {state}", _outcome_token(journey, held)), (f"{time:>9}" if time else "", "quiet")]
    room = max(0, width - len(number) - 6 - sum(cell_len(text) for text, _token in tail))
    asked = set_cell_size(method(journey), 5) + " "
    return [(number, "quiet"), (asked, "key"), (_fit(target(journey), room), ""), *tail]


def _outcome_token(journey: Journey, held: bool) -> str:
    if held or journey.status is None:
        return "here"
    return "wrong" if journey.status >= _SERVER_ERROR else "strong"


def row_line(row: Row, width: int, columns: StepColumns, *, marked: bool = False) -> Line:
    """«Ponte 1  environ  25 chiavi  +25  0,31»: when; at the last level, how long it took.

    ``marked``: the others are compared with it.
    """
    moment = _moment(row)
    time = f" {milliseconds(moment) if moment is not None else '·':>{columns.time}}"
    marks = [*([(_MARKED, "changed")] if marked else []), *marks_spans(row.marks)]
    room = max(0, width - columns.label - cell_len(time) - sum(cell_len(text) for text, _token in marks))
    indent = " " * max(0, min(row.depth, room - _READABLE))
    title = _cut(indent + row.title, room)
    left = room - cell_len(title)
    detail = f"  {row.detail}" if row.detail else ""
    if cell_len(detail) > left:
        detail = _cut(detail, left) if left > _SHORTEST + 2 else ""
    gap = " " * (left - cell_len(detail))
    token = "wrong" if row.marks.error and row.step.error else "strong"
    return [
        (_fit(row.label, columns.label), "key"),
        (title, token),
        (detail, "quiet"),
        (gap, ""),
        *marks,
        (time, "quiet"),
    ]


def _moment(row: Row) -> int | None:
    return row.lasted if row.level == EVERYTHING else row.t


def step_columns(rows: list[Row]) -> StepColumns:
    """As wide as the labels, and a space; as the longest time."""
    label = max((cell_len(row.label) for row in rows), default=0) + 1
    longest = max((_moment(row) or 0 for row in rows), default=0)
    return StepColumns(label, max(_TIME, len(milliseconds(longest))))


def marks_spans(marks: Marks) -> Line:
    """Signs first, colours after."""
    spans: Line = []
    for count, sign, token in (
        (marks.added, "+", "added"),
        (marks.changed, "~", "changed"),
        (marks.removed, "−", "removed"),
    ):
        if count:
            spans.append((f" {sign}{count}", token))
    if marks.error:
        spans.append((" ✖", "wrong"))
    if marks.hop:
        spans.append((" ⇄", "here"))
    if marks.held or marks.holding:
        spans.append((" ‖", "here"))
    return spans


def environ_line(line: EnvironLine, width: int, columns: Columns, opened: bool) -> Line:
    """«+ PATH_INFO   '/ciao'   ◂ byte 4–8»."""
    sign = (f"{line.sign or ' '} ", _SIGNS.get(line.sign, ""))
    if line.folded:
        return [sign, ("▾ " if opened else "▸ ", "quiet"), (line.key, "quiet")]
    kind = columns.type + 1 if columns.type else 0
    room = max(8, width - 2 - columns.key - 2 - kind - 1 - columns.origin)
    return [
        sign,
        (_fit(("  " if line.inner else "") + line.key, columns.key) + "  ", _SIGNS.get(line.sign, "key")),
        (_fit(line.type, columns.type) + " " if kind else "", "quiet"),
        (_fit(line.value, room) + " ", "strong" if line.sign else ""),
        (_cut(_origin(line), columns.origin), "origin"),
    ]


def environ_columns(found: list[EnvironLine], width: int) -> Columns:
    """As wide as what they hold, as long as a third of the panel is left to the values."""
    keys = [cell_len(line.key) + (2 if line.inner else 0) for line in found if not line.folded]
    origins = [cell_len(_origin(line)) for line in found]
    types = [cell_len(line.type) for line in found if not line.folded]
    return Columns(
        type=min(max(types, default=0), _WIDEST_TYPE) if width >= _ROOM_FOR_TYPES else 0,
        key=min(max(keys, default=0), max(12, width * 32 // 100)),
        origin=min(max(origins, default=0), max(10, width * 37 // 100)),
    )


def _origin(line: EnvironLine) -> str:
    return f"◂ {line.origin}" if line.origin else ""


def bytes_line(line: BytesLine, per_line: int, at: int | None = None) -> Line:
    """«   16 48 54 54 50 …  HTTP…»; a sign, not only a colour, says where the bytes in evidence are.

    ``at``: the byte under the cursor.
    """
    spans: Line = [(f"{line.offset:>{_OFFSET}}", "quiet"), ("▸" if any(line.lit) else " ", "here")]
    for index in range(per_line):
        here = index < len(line.hexes)
        lit = here and line.lit[index]
        if index:
            spans.append((" ", "lit" if lit and line.lit[index - 1] else ""))
        spans.append((line.hexes[index] if here else "  ", _byte_token("", lit, index == at)))
    spans.append(("  ", ""))
    for index, (character, lit) in enumerate(zip(line.text, line.lit, strict=True)):
        spans.append((character, _byte_token("key" if character.isascii() else "quiet", lit, index == at)))
    return spans


def _byte_token(token: str, lit: bool, under: bool) -> str:
    return "under" if under else "lit" if lit else token


def byte_at(x: int, per_line: int) -> int | None:
    """Which byte of a line is at column ``x``, among the numbers or in the text."""
    text = x - (_OFFSET + 1 + per_line * 3 - 1 + 2)
    if 0 <= text < per_line:
        return text
    numbers = x - _OFFSET - 1
    return numbers // 3 if 0 <= numbers < per_line * 3 - 1 else None


def bytes_per_line(width: int) -> int:
    """Sixteen where they fit, else eight."""
    return 16 if width >= _SIXTEEN else 8


def source_line(line: SourceLine, width: int) -> Line:
    """«▸  62  environ = default_environ(req)»."""
    if line.lit:
        return [(f"▸{line.number:>5}  ", "here"), (_fit(line.text, max(0, width - 8)), "lit")]
    return [(f"{line.number:>6}  ", "quiet"), (line.text, "")]


def cut_line(line: Line, width: int) -> Line:
    """Exactly ``width`` cells of a line, «…» where it goes on."""
    found: Line = []
    for text, token in line:
        found.append((_cut(text, width), token))
        width -= _cells(found[-1][0])
        if width <= 0:
            return found
    return [*found, (" " * width, "")]


def _fit(text: str, width: int) -> str:
    cut = _cut(text, width)
    return cut + " " * (width - _cells(cut))


def _cut(text: str, width: int) -> str:
    if _cells(text) <= width:
        return text
    if width <= 0:
        return ""
    return (text[: width - 1] if text.isascii() else set_cell_size(text, width - 1)) + "…"


def _cells(text: str) -> int:
    """As ``cell_len``, which looks at each letter: nearly all that is shown is ASCII, and nothing of it is unprintable."""
    return len(text) if text.isascii() else cell_len(text)
