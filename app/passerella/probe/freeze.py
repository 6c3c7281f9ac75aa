"""Values as they were at one moment, without touching what is not ours.

Only exact builtin types are looked into. Anything else becomes its type's name and its identity: no method or
property of a foreign object is called, and no reference to it is kept.

The notation (ready for JSON, with ``bytes`` left for the encoder): str, int, float, bool, None as they are; bytes as
bytes; ``{"tuple": [...]}``; lists and dicts as such; the rest ``{"type": name, "id": identity}``.
"""

from __future__ import annotations

from _operator import is_
from itertools import islice, repeat

from .vocabulary import ITEMS_KEPT, TEXT_KEPT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_name_of_type: Any = type.__dict__["__qualname__"].__get__
_module_of_type: Any = type.__dict__["__module__"].__get__
_HUGE = 2**64


def type_name(kind: type) -> str:
    """``flask.app.Flask``; builtins without their module."""
    module = _module_of_type(kind)
    name: str = _name_of_type(kind)
    return name if module == "builtins" or type(module) is not str else module + "." + name


def foreign(value: Any) -> dict[str, Any]:
    """A stand-in for an object that is not looked into."""
    return {"type": type_name(type(value)), "id": id(value)}


def freeze(value: Any, depth: int = 2) -> Any:
    """A bounded copy of ``value``, ``depth`` containers deep."""
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is str or kind is bytes:
        return value if len(value) <= TEXT_KEPT else _cut(value, kind)
    if kind is int:
        return value if -_HUGE < value < _HUGE else foreign(value)
    if kind is float:
        return value if value - value == 0.0 else str(value)
    if depth == 0:
        return foreign(value)
    if kind is list:
        return [freeze(item, depth - 1) for item in value[:ITEMS_KEPT]]
    if kind is tuple:
        return {"tuple": [freeze(item, depth - 1) for item in value[:ITEMS_KEPT]]}
    if kind is dict:
        return _freeze_dict(value, depth - 1)
    return foreign(value)


def freeze_all(captures: dict[str, Any]) -> dict[str, Any]:
    """The captures of a moment, a dict of ours, with every value frozen in its place."""
    for name, value in captures.items():
        kind = type(value)
        if kind is bool or value is None or ((kind is str or kind is bytes) and len(value) <= TEXT_KEPT):
            continue
        captures[name] = freeze(value)
    return captures


def _freeze_dict(value: Any, depth: int) -> dict[str, Any]:
    frozen = {}
    for key in list(value)[:ITEMS_KEPT]:
        if type(key) is str:
            frozen[key[:TEXT_KEPT]] = freeze(value.get(key), depth)
    return frozen


def _cut(value: Any, kind: type) -> dict[str, Any]:
    text = value[:TEXT_KEPT]
    return {
        "type": kind.__name__,
        "id": id(value),
        "length": len(value),
        "text": text if kind is str else text.decode("latin-1"),
    }


_PLAIN = frozenset((str, bytes, int, float, bool, type(None)))
_ABSENT = object()


class Known:
    """What was seen of a mapping the last time: ``values`` has each key's plain value, or its frozen form."""

    __slots__ = ("_identities", "_last", "_mutable", "values")

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self._identities: list[int] = []
        self._last: Any = None  # the last key
        self._mutable: dict[str, Any] = {}  # keys whose value can change in place -> its witness, or None

    def changes(self, mapping: Any) -> tuple[dict[str, Any], dict[str, Any], list[str]] | None:
        """``(added, changed, removed)`` since the last call, or None when nothing changed.

        The same objects in the same places, and the same last key: nothing was set, but for what changed in place.
        """
        try:
            identities = list(map(id, mapping.values()))
            count = len(self._identities)
            if count and identities[:count] == self._identities:
                if len(identities) == count and next(reversed(mapping)) == self._last:
                    changed = self._changed_in_place(mapping) if self._mutable else None
                    return ({}, changed, []) if changed else None
                if list(mapping)[count - 1] == self._last:
                    return self._differences(mapping, identities, count)
            self._mutable = {}
            return self._differences(mapping, identities, 0)
        except (RuntimeError, StopIteration):  # another thread is changing it at this moment
            return None

    def _changed_in_place(self, mapping: Any) -> dict[str, Any]:
        changed = {}
        for key, witness in self._mutable.items():
            value = mapping[key]
            if witness is not None:
                if len(witness) == len(value) and all(map(is_, witness, value)):
                    continue
            elif (not value and not self.values[key]) or _matches(self.values[key], value, 2):
                continue
            old, new = self.values[key], freeze(value)
            self._mutable[key] = _witness(value)
            if old != new:
                self.values[key] = new
                changed[key] = (old, new)
        return changed

    def _differences(
        self, mapping: Any, identities: list[int], count: int
    ) -> tuple[dict[str, Any], dict[str, Any], list[str]] | None:
        """The same, looking at each key but the first ``count``, which are as they were but for changes in place."""
        known = self.values
        added = {}
        changed = self._changed_in_place(mapping) if self._mutable else {}
        for key, value in islice(mapping.items(), count, None):
            self._last = key
            old = known.get(key, _ABSENT)
            if old is value or type(key) is not str:
                continue
            kind = type(value)
            if kind in _PLAIN:
                new = value
                if type(old) is kind and old == value:
                    known[key] = value  # kept alive, so that its identity is nobody else's
                    continue
            else:
                if key in _LOOKED_INTO and kind in _CONTAINERS:
                    self._mutable[key] = _witness(value)
                new = freeze(value)
                if old == new:
                    continue
            known[key] = new
            if old is _ABSENT:
                added[key] = freeze(value) if kind in _PLAIN else new
            else:
                changed[key] = (freeze(old) if type(old) in _PLAIN else old, freeze(value) if kind in _PLAIN else new)
        self._identities = identities
        removed = []
        if len(known) != len(mapping):
            removed = [key for key in known if key not in mapping]
            for key in removed:
                del known[key]
        if added or changed or removed:
            return (added, changed, removed)
        return None


def _witness(value: Any) -> Any:
    """A copy of a list that holds only what cannot change, to be compared item by item; None for anything else.

    No foreign object is in it, so none is kept alive.
    """
    if type(value) is list and len(value) <= ITEMS_KEPT and all(map(_immutable, value)):
        return value[:]
    return None


def _immutable(value: Any) -> bool:
    return type(value) in _PLAIN or (type(value) is tuple and _PLAIN.issuperset(map(type, value)))


def _matches(frozen: Any, value: Any, depth: int) -> bool:
    """Whether ``value`` is as when it was frozen; False also when only freezing it again can tell."""
    kind = type(value)
    if kind in _PLAIN:
        return frozen is value or (type(frozen) is kind and bool(frozen == value))
    if depth == 0 or kind not in _CONTAINERS:
        return type(frozen) is dict and frozen.get("id") == id(value)
    if kind is tuple:
        frozen = frozen.get("tuple") if type(frozen) is dict else None
    if frozen is None or len(frozen) != len(value):
        return False
    if kind is dict:
        return all(key in frozen and _matches(frozen[key], item, depth - 1) for key, item in value.items())
    return all(map(_matches, frozen, value, repeat(depth - 1)))


_CONTAINERS = frozenset((list, tuple, dict))
_LOOKED_INTO = frozenset(("headers", "state", "extensions", "path_params"))  # design §5: what may change in place
