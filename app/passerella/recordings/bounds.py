"""What a message of the wire may hold: no number, and no nesting, that the probe never writes (design §5)."""

import re
from typing import Any

import msgspec

from passerella.events import Event

_LARGEST = 2**64  # as in the probe's notation: what is larger is told by its type
_DEEPEST = 32

_BUT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_SHAPES = bytes(
    ord("0") if chr(each).isdecimal() and each < 128 else ord("e") if each in b"eE" else 32 for each in range(256)
)
_MANY_DIGITS, _EXPONENT = b"0" * 19, b"0e"
_WITH_EXPONENT = re.compile(rb"(?:\A|[\[,:])\s*-?\d[\d.]*[eE]")

_astuple = msgspec.structs.astuple


def plainly_small(line: bytes) -> bool:
    """Whether it can be seen in the JSON itself that nothing in it is out of bounds: of nearly every line it can.

    Much quicker than to look at each thing in it. A text with brackets in it, or with many digits, only casts a doubt.
    """
    shapes = line.translate(_SHAPES)
    if _MANY_DIGITS in shapes or (_EXPONENT in shapes and _WITH_EXPONENT.search(line)):
        return False
    brackets = line.translate(None, _BUT_BRACKETS)
    for _ in range(_DEEPEST):
        if not brackets:
            return True
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    return not brackets


def check_bounds(event: Event) -> None:
    """ValueError when ``event`` holds a number too large, one that is none, or too many things inside one another.

    Whoever reads an event can then count, write it as JSON and look into it without a thought.
    """
    level: tuple[Any, ...] | list[Any] = _astuple(event)
    for _ in range(_DEEPEST):
        inner: list[Any] = []
        for item in level:
            kind = type(item)
            if kind is str or item is None or kind is bool:
                continue
            if kind is int or kind is float:
                if not -_LARGEST < item < _LARGEST:  # NaN is on neither side
                    raise ValueError("number out of bounds")
            elif kind is dict:
                inner += item.values()
            elif kind is list or kind is tuple:
                inner += item
            elif isinstance(item, msgspec.Struct):
                inner += _astuple(item)
        if not inner:
            return
        level = inner
    raise ValueError("too deep")
