"""What a message of the wire may hold: no number, and no nesting, that the probe never writes (design §5)."""

from typing import Any

import msgspec

from passerella.events import Event

_LARGEST = 2**64  # as in the probe's notation: what is larger is told by its type
_DEEPEST = 32

_astuple = msgspec.structs.astuple


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
