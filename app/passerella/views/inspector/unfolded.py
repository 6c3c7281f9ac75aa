"""A long value on several lines: an item a line, a text as wide as there is room."""

from rich.cells import cell_len

from passerella.events import Value
from passerella.language import _, plural
from passerella.views.values import items, pairs, shown

_LONGEST = 8_192  # characters of one item
_MOST = 400  # lines


def unfolded(value: Value, width: int) -> list[str]:
    """``value`` in lines of at most ``width`` cells, harmless; what is left out is counted."""
    found = [line for item in _parts(value) for line in _wrapped(item, max(8, width))]
    left = len(found) - _MOST
    if left <= 0:
        return found
    return [*found[:_MOST], "… " + plural("{n} riga non mostrata", "{n} righe non mostrate", left).format(n=left)]


def _parts(value: Value) -> list[str]:
    inner = items(value)
    if inner:
        return [f"{index}  {shown(item, _LONGEST)}" for index, item in enumerate(inner)]
    if inside := pairs(value):
        return [f"{shown(key, _LONGEST)}: {shown(item, _LONGEST)}" for key, item in inside]
    return [shown(value, _LONGEST) or _("(vuoto)")]


def _wrapped(text: str, width: int) -> list[str]:
    """Cut where the room ends, wherever that is: what is between two characters is part of the value."""
    lines: list[str] = []
    current: list[str] = []
    used = 0
    for character in text:
        cells = cell_len(character)
        if used + cells > width:
            lines.append("".join(current))
            current, used = [], 0
        current.append(character)
        used += cells
    return [*lines, "".join(current)]
