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

_TIME = 7
_SHORTEST = 5  # cells under which a detail is not worth beginning
_READABLE = 18  # cells of a title that no indent takes away
_SIGNS = {"+": "added", "~": "changed", "−": "removed"}
_MARKED = " ◆"
_WIDEST_TYPE = 12
_ROOM_FOR_TYPES = 84
_OFFSET = 5
_SIXTEEN = _OFFSET + 1 + (16 * 3 - 1) + 2 + 16


class Columns(NamedTuple):
    """Widths of the columns of the mapping. ``type`` is 0 where there is no room for it."""

    key: int
    type: int
    origin: int


def journey_line(journey: Journey, width: int) -> Line:
    """«3  GET   /ciao?nome=Ada   200   1,9 ms»."""
    number = f"{journey.number:>3} "
    state, time, held = outcome(journey), lasted(journey), held_step(journey) is not None
    quiet = journey.status is not None and not held
    tail = [(f" {state}", "strong" if quiet else "here"), (f"{time:>9}" if time else "", "quiet")]
    room = max(0, width - len(number) - 6 - sum(cell_len(text) for text, _token in tail))
    asked = set_cell_size(method(journey), 5) + " "
    return [(number, "quiet"), (asked, "key"), (_fit(target(journey), room), ""), *tail]


def row_line(row: Row, width: int, label_width: int, *, marked: bool = False) -> Line:
    """«Ponte 1  environ  25 chiavi  +25  0,31»: when; at the last level, how long it took.

    ``marked``: the others are compared with it.
    """
    time = milliseconds(row.t)
    if row.level == EVERYTHING:
        time = milliseconds(row.lasted) if row.lasted is not None else "·"
    time = f" {time:>{_TIME}}"
    marks = [*([(_MARKED, "changed")] if marked else []), *marks_spans(row.marks)]
    room = max(0, width - label_width - cell_len(time) - sum(cell_len(text) for text, _token in marks))
    indent = " " * max(0, min(row.depth, room - _READABLE))
    title = _cut(indent + row.title, room)
    left = room - cell_len(title)
    detail = _cut("  " + row.detail, left) if row.detail and left > _SHORTEST else ""
    gap = " " * (left - cell_len(detail))
    token = "wrong" if row.marks.error and row.step.error else "strong"
    return [
        (_fit(row.label, label_width), "key"),
        (title, token),
        (detail, "quiet"),
        (gap, ""),
        *marks,
        (time, "quiet"),
    ]


def label_column(rows: list[Row]) -> int:
    """As wide as the labels, and a space."""
    return max((cell_len(row.label) for row in rows), default=0) + 1


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
        return [(f"▸{line.number:>5}  ", "here"), (set_cell_size(line.text, max(0, width - 8)), "lit")]
    return [(f"{line.number:>6}  ", "quiet"), (line.text, "")]


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
