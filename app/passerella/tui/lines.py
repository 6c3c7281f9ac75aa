"""Rows of the views as lines of a list: which column, which style."""

from rich.cells import cell_len, set_cell_size

from passerella.journeys.model import Journey
from passerella.tui.row_list import Line
from passerella.views.headings import lasted, method, outcome, target
from passerella.views.inspector import BytesLine, EnvironLine, SourceLine
from passerella.views.numbers import duration, milliseconds
from passerella.views.rows import EVERYTHING, Marks, Row

_LABEL = 13
_TIME = 8
_DEEPEST = 12
_SIGNS = {"+": "added", "~": "changed", "−": "removed"}
_OFFSET = 6
_GROUP = 8


def journey_line(journey: Journey, width: int) -> Line:
    """«3  GET   /ciao?nome=Ada   200   1,9 ms»."""
    number = f"{journey.number:>3} "
    state, time = outcome(journey), lasted(journey)
    tail = [(f" {state}", "strong" if journey.status is not None else "here"), (f"{time:>9}" if time else "", "quiet")]
    room = max(0, width - len(number) - 6 - sum(cell_len(text) for text, _token in tail))
    asked = set_cell_size(method(journey), 5) + " "
    return [(number, "quiet"), (asked, "key"), (_fit(target(journey), room), ""), *tail]


def row_line(row: Row, width: int, first: bool = False) -> Line:
    """«Ponte 1  environ · 25 chiavi  +25  0,31»; ``first`` says the unit of the time."""
    time = milliseconds(row.t) + " ms" if first else milliseconds(row.t) + "   "
    if row.level == EVERYTHING and row.lasted is not None and not first:
        time = duration(row.lasted)
    time = f"{time:>{_TIME + 3}}"
    marks = marks_spans(row.marks)
    indent = "  " * min(row.depth, _DEEPEST)
    room = max(0, width - _LABEL - len(time) - sum(cell_len(text) for text, _token in marks))
    title = _cut(indent + row.title, room)
    left = room - cell_len(title)
    detail = _cut("  " + row.detail, left) if row.detail and left > _SHORTEST else ""
    gap = " " * (left - cell_len(detail))
    token = "wrong" if row.marks.error and row.step.error else "strong"
    return [(set_cell_size(row.label, _LABEL), "key"), (title, token), (detail, "quiet"), (gap, ""), *marks, (time, "quiet")]


_SHORTEST = 5


def marks_spans(marks: Marks) -> Line:
    """Signs first, colours after."""
    spans: Line = []
    for count, sign, token in ((marks.added, "+", "added"), (marks.changed, "~", "changed"), (marks.removed, "−", "removed")):
        if count:
            spans.append((f" {sign}{count}", token))
    if marks.error:
        spans.append((" ✖", "wrong"))
    if marks.hop:
        spans.append((" ⇄", "here"))
    if marks.held:
        spans.append((" ‖", "here"))
    return spans


def environ_line(line: EnvironLine, width: int, key_width: int, opened: bool) -> Line:
    """«+ PATH_INFO   '/ciao'   ◂ byte 4–8»."""
    sign = (f"{line.sign or ' '} ", _SIGNS.get(line.sign, ""))
    if line.folded:
        return [sign, ("▾ " if opened else "▸ ", "quiet"), (line.key, "quiet")]
    key = ("  " if line.inner else "") + line.key
    origin = f"◂ {line.origin}" if line.origin else ""
    column = min(_origin_width(width), max(cell_len(origin), _origin_width(width)))
    room = max(8, width - 2 - key_width - 2 - column - 1)
    value = _cut(line.value, room)
    if cell_len(line.value) > room and cell_len(origin) < column:  # a long value takes the room of a short origin
        value = _cut(line.value, room + column - cell_len(origin))
    gap = max(1, width - 2 - key_width - 2 - cell_len(value) - column)
    shown_key = _fit(key, key_width)
    if cell_len(value) > room:
        gap = 1
    return [
        sign,
        (shown_key + "  ", _SIGNS.get(line.sign, "key")),
        (value, "strong" if line.sign else ""),
        (" " * gap, ""),
        (origin, "origin"),
    ]


def _origin_width(width: int) -> int:
    return 27 if width >= 68 else 18


def key_column(lines: list[EnvironLine], width: int) -> int:
    """How wide the keys are, within a third of the panel."""
    widest = max((cell_len(line.key) + (2 if line.inner else 0) for line in lines if not line.folded), default=0)
    return min(widest, max(12, width // 3))


def bytes_line(line: BytesLine, per_line: int) -> Line:
    """«  16  48 54 54 50 …  HTTP…»."""
    spans: Line = [(f"{line.offset:>{_OFFSET}}  ", "quiet")]
    for index in range(per_line):
        gap = "  " if index and index % _GROUP == 0 else " " if index else ""
        here = index < len(line.hexes)
        inside = bool(gap) and here and line.lit[index] and line.lit[index - 1]
        spans.append((gap, "lit" if inside else ""))
        spans.append((line.hexes[index] if here else "  ", "lit" if here and line.lit[index] else ""))
    spans.append(("   ", ""))
    for character, lit in zip(line.text, line.lit, strict=True):
        spans.append((character, "lit" if lit else "key" if character.isascii() else "quiet"))
    return spans


def bytes_per_line(width: int) -> int:
    """Sixteen where they fit, else eight."""
    return 16 if width >= _OFFSET + 2 + 16 * 3 + 1 + 3 + 16 else 8


def source_line(line: SourceLine, width: int) -> Line:
    """«▸  62  environ = default_environ(req)»."""
    if line.lit:
        return [(f"▸{line.number:>5}  ", "here"), (set_cell_size(line.text, max(0, width - 8)), "lit")]
    return [(f"{line.number:>6}  ", "quiet"), (line.text, "")]


def _fit(text: str, width: int) -> str:
    return set_cell_size(_cut(text, width), width)


def _cut(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1) + "…" if width > 0 else ""
