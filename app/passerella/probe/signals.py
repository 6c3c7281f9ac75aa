"""Rows that make no step of a journey: the server is ready, it does something that is not traced, it keeps an app."""

from __future__ import annotations

from .channel import clock, say, stop
from .expressions import expression
from .holds import beat_with, this_thread_runs_a_loop
from .vocabulary import LOOP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .landmark import Landmark


def nothing(*_: Any) -> None:
    """What most of these rows do at one end of the call."""


def signal(row: Landmark, arguments: list[str], module: Any) -> Callable[[tuple[Any, ...]], None]:
    """What the row says at its entry."""
    if not (row.ready or row.refuses):
        return nothing
    when = expression(row.when, arguments, module)
    beats = expression(row.beats, arguments, module)
    listens = expression(row.listens, arguments, module)

    def say_it(values: tuple[Any, ...]) -> None:
        if when is not None and not when(values):
            return
        if row.ready:
            if row.hold == LOOP:
                this_thread_runs_a_loop()
            if beats is not None:
                beat_with(beats(values))
            address = listens(values) if listens is not None else None
            if address is not None:
                say("listening", *address)
            say("ready", row.ready, clock())
        else:
            say("refused", row.refuses, "")
            if row.refuses == "gevent":  # greenlets on one thread: what we would tell of them would not be true
                stop()

    return say_it


def keep(
    row: Landmark, arguments: list[str], module: Any, dress: Callable[..., Any] | None
) -> Callable[[tuple[Any, ...]], None]:
    """At the exit, the app that the server keeps in an attribute is replaced by an observed one."""
    if row.keeps is None or dress is None:
        return nothing
    holder, attribute, interface = row.keeps
    read: Any = expression(holder, arguments, module)
    when = expression(row.when, arguments, module)

    def replace(values: tuple[Any, ...]) -> None:
        if when is not None and not when(values):
            return
        owner = read(values)
        app = owner.__dict__.get(attribute)
        if app is not None:
            owner.__dict__[attribute] = dress(app, interface)

    return replace
