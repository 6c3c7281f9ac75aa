"""A glimpse of a value: like :func:`freeze`, much smaller, for what is looked at line after line.

The notation is freeze's, with one more form: a container shown in part, or that JSON does not have, is
``{"type", "id", "length", "items"}`` (``"pairs"`` for a dict whose keys are not all text).
"""

from __future__ import annotations

from itertools import islice

from .freeze import foreign, freeze

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TEXT = 200  # characters of a text
_ITEMS = 20  # items of a container
_ROOM = 120  # values in all, containers within containers


class Room:
    """How many values may still be looked at."""

    __slots__ = ("left",)

    def __init__(self, left: int = _ROOM) -> None:
        self.left = left


def glimpse(value: Any, room: Room, depth: int = 3) -> Any:
    """A bounded copy of ``value``: only exact builtin types are looked into, nothing is kept alive."""
    room.left -= 1
    kind = type(value)
    if kind is str or kind is bytes:
        return value if len(value) <= _TEXT else _cut(value)
    if kind not in _CONTAINERS:
        return freeze(value, 0)
    if depth == 0 or room.left <= 0:
        return {**foreign(value), "length": len(value)}
    try:
        return _container(value, kind, room, depth - 1)
    except RuntimeError:  # another thread is changing it at this moment
        return foreign(value)


_CONTAINERS = frozenset((list, tuple, dict, set, frozenset))


def _container(value: Any, kind: type, room: Room, depth: int) -> Any:
    if kind is dict:
        return _dict(value, room, depth)
    items = [glimpse(item, room, depth) for item in islice(value, _ITEMS)]
    if kind in (list, tuple) and len(value) <= _ITEMS:
        return items if kind is list else {"tuple": items}
    return {**foreign(value), "length": len(value), "items": items}


def _dict(value: dict[Any, Any], room: Room, depth: int) -> dict[str, Any]:
    shown = list(islice(value.items(), _ITEMS))
    plain = all(type(key) is str and len(key) <= _TEXT for key, _ in shown)
    if plain and len(value) <= _ITEMS:
        return {key: glimpse(item, room, depth) for key, item in shown}
    pairs = [[glimpse(key, room, 1), glimpse(item, room, depth)] for key, item in shown]
    return {**foreign(value), "length": len(value), "pairs": pairs}


def _cut(value: Any) -> dict[str, Any]:
    text = value[:_TEXT]
    return {**foreign(value), "length": len(value), "text": text if type(text) is str else text.decode("latin-1")}
