"""What is put in place of something else, and taken away again while nobody looks."""

from __future__ import annotations

from . import levels
from .channel import on_command, on_loss, set_armed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_placed: list[tuple[Any, str, Any, Any]] = []  # holder, name, what was there, what is there instead
_watching = True
_INHERITED = object()


def put_in_place(holder: Any, name: str, ours: Any) -> None:
    """Set ``name`` of a class, of a module, of an object or of a cell of a closure, for as long as somebody looks."""
    _placed.append((holder, name, _there(holder, name), ours))
    if _watching:
        setattr(holder, name, ours)


def _there(holder: Any, name: str) -> Any:
    """What is there by now. A cell keeps nothing but its contents."""
    attributes = getattr(holder, "__dict__", None)
    return getattr(holder, name) if attributes is None else attributes.get(name, _INHERITED)


def watch(watching: bool) -> None:
    """Command of the viewer: whether anybody looks."""
    global _watching
    if watching == _watching:
        return
    _watching = watching
    if not watching:
        levels.lose_sight()
    set_armed(watching)
    for holder, name, theirs, ours in _placed:
        try:
            _change(holder, name, *((theirs, ours) if watching else (ours, theirs)))
        except (ValueError, AttributeError, TypeError):  # a cell that was emptied, an object that wants no more of it
            continue


def _change(holder: Any, name: str, expected: Any, wanted: Any) -> None:
    if _there(holder, name) is not expected:
        return  # somebody put something of theirs there
    if wanted is _INHERITED:
        delattr(holder, name)
    else:
        setattr(holder, name, wanted)


def _unwatched() -> None:
    watch(False)


on_command("watch", watch)
on_loss(_unwatched)
