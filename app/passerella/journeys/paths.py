"""Changes inside values: ``headers[2]`` instead of the whole list again."""

from collections.abc import Iterator
from typing import Any

from passerella.events import Changes, Value

_ABSENT: Any = object()


def inner_changes(changes: Changes) -> Changes:
    """The same changes, with those of lists and dicts told item by item where few items changed."""
    added, changed, removed = dict(changes.added), {}, list(changes.removed)
    for key, (old, new) in changes.changed.items():
        inner = list(_differences(key, old, new)) if _comparable(old, new) else []
        if not inner:
            changed[key] = (old, new)
        for path, before, after in inner:
            if before is _ABSENT:
                added[path] = after
            elif after is _ABSENT:
                removed.append(path)
            else:
                changed[path] = (before, after)
    return Changes(added, changed, removed)


def _comparable(old: Value, new: Value) -> bool:
    if isinstance(old, list) and isinstance(new, list):
        return True
    return _plain_dict(old) and _plain_dict(new)


def _plain_dict(value: Value) -> bool:
    """A dict that was a dict: not the stand-in of bytes, of a tuple or of a foreign object."""
    return isinstance(value, dict) and not (
        {"bytes"} == set(value) or {"tuple"} == set(value) or {"type", "id"} <= set(value)
    )


def _differences(key: str, old: Value, new: Value) -> Iterator[tuple[str, Value, Value]]:
    if isinstance(old, list):
        for index in range(max(len(old), len(new))):
            before = old[index] if index < len(old) else _ABSENT
            after = new[index] if index < len(new) else _ABSENT
            if before is _ABSENT or after is _ABSENT or before != after:
                yield f"{key}[{index}]", before, after
    else:
        for name in [*old, *(name for name in new if name not in old)]:
            before, after = old.get(name, _ABSENT), new.get(name, _ABSENT)
            if before is _ABSENT or after is _ABSENT or before != after:
                yield f"{key}[{name!r}]", before, after


def apply(mapping: dict[str, Value], changes: Changes) -> None:
    """Bring ``mapping`` (key to value) up to date with the changes of one step, inner paths included."""
    for key in changes.removed:
        mapping.pop(key, None)
    for key, value in changes.added.items():
        mapping[key] = value
    for key, (_, value) in changes.changed.items():
        mapping[key] = value
