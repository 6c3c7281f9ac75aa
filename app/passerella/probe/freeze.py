"""Values as they were at one moment, without touching what is not ours.

Only exact builtin types are looked into. Anything else becomes its type's name and its identity: no method or
property of a foreign object is called, and no reference to it is kept.

The notation (ready for JSON, with ``bytes`` left for the encoder): str, int, float, bool, None as they are; bytes as
bytes; ``{"tuple": [...]}``; lists and dicts as such; the rest ``{"type": name, "id": identity}``.
"""

from __future__ import annotations

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


def changes(known: dict[str, Any], mapping: Any) -> tuple[dict[str, Any], dict[str, Any], list[str]] | None:
    """What changed in ``mapping`` since the last call with the same ``known``, which is brought up to date.

    ``known`` maps each key to its plain value, or to its frozen form; None when nothing changed, else
    ``(added, changed, removed)``.
    """
    added = {}
    changed = {}
    try:
        for key, value in mapping.items():
            old = known.get(key, _ABSENT)
            if old is value:
                continue
            kind = type(value)
            if kind in _PLAIN:
                if type(old) is kind and old == value:
                    continue
                new = value
            else:
                new = freeze(value)
                if old == new:
                    continue
            if type(key) is not str:
                continue
            known[key] = new
            if old is _ABSENT:
                added[key] = freeze(value) if kind in _PLAIN else new
            else:
                changed[key] = (freeze(old) if type(old) in _PLAIN else old, freeze(value) if kind in _PLAIN else new)
    except RuntimeError:  # another thread is changing it at this moment: what was seen so far is true
        pass
    removed = []
    if len(known) != len(mapping):
        removed = [key for key in known if key not in mapping]
        for key in removed:
            del known[key]
    if added or changed or removed:
        return (added, changed, removed)
    return None
