"""Who is running: the thread and the asyncio task, told once for each request and then by a number.

A thread is known by a mark that dies with it, because identities of threads and tasks are used again.
"""

from __future__ import annotations

import _thread
import os
import sys
from _weakref import ref
from itertools import count

from .channel import in_child, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .attribution import Owner

# Kept from the start: gevent replaces these in their modules.
_get_native_id, _get_ident, _local = _thread.get_native_id, _thread.get_ident, _thread._local

_numbers = count(1)
_mark: Any = _local()


class _Thread:
    """The mark of a thread: its native identity, and the event loop that was last seen running on it."""

    __slots__ = ("loop", "native")

    def __init__(self, native: int) -> None:
        self.native = native
        self.loop: Any = _no_loop


def _no_loop() -> Any:
    return None


def _no_task(thread: _Thread) -> Any:
    return None


_task: Callable[[_Thread], Any] = _no_task  # the weak reference to the running task, always the same one, or None


def where(owner: Owner) -> int:
    """The number of the place (thread, task, connection, request) where ``owner`` is now."""
    try:
        thread = _mark.thread
    except AttributeError:
        thread = _meet_thread()
    task = _task(thread)
    if owner.thread is thread and owner.task is task:
        place: int = owner.place
        return place
    return _arrive(owner, thread, task)


def _arrive(owner: Owner, thread: Any, task: Any) -> int:
    places = owner.places
    if places is None:
        places = owner.places = {}
    place = places.get((thread, task))
    if place is None:
        place = places[thread, task] = next(_numbers)
        tell("place", place, thread.native, task_name(task), *owner.id)
    owner.thread, owner.task, owner.place = thread, task, place
    return place


def thread_and_task(owner: Owner) -> tuple[int, str]:
    """The native identity of the thread and the name of the task where ``owner`` is now."""
    where(owner)
    return owner.thread.native, task_name(owner.task)


def _meet_thread() -> _Thread:
    """Name this thread to the viewer."""
    threading = sys.modules.get("threading")
    live = threading._active.get(_get_ident()) if threading is not None else None
    native = _get_native_id()  # threading's own is the parent's in a forked child (before 3.12)
    name = live._name if live is not None else "MainThread" if native == os.getpid() else "thread"
    mark = _mark.thread = _Thread(native)
    tell("thread", native, name if type(name) is str else "")
    return mark


def task_name(task: Any) -> str:
    """The name of a task of asyncio's own kind, by its weak reference."""
    running: Any = task() if task is not None else None
    asyncio: Any = sys.modules.get("_asyncio")
    return str(running.get_name()) if asyncio is not None and type(running) is asyncio.Task else ""


def follow_tasks(module: Any) -> None:
    """asyncio is there: from now on the running task is told."""
    global _task
    _task = _running_task()


def _running_task() -> Callable[[_Thread], Any]:
    import _asyncio

    running_loop = _asyncio._get_running_loop
    tasks = getattr(_asyncio, "_current_tasks", None)
    if type(tasks) is dict:

        def task(thread: _Thread) -> Any:
            if not tasks:
                return None
            running = tasks.get(thread.loop())
            if running is None:  # no task here, or a loop that was not met: to ask for it costs a system call
                loop = running_loop()
                running = tasks.get(loop)
                if running is None:
                    return None
                thread.loop = ref(loop)
            return ref(running)

    else:  # 3.14 keeps it for each thread
        current: Any = _asyncio.current_task  # type: ignore[attr-defined]

        def task(thread: _Thread) -> Any:
            loop = running_loop()
            running: Any = current(loop) if loop is not None else None
            return ref(running) if running is not None else None

    return task


def _forget() -> None:
    global _mark
    _mark = _local()


in_child(_forget)
