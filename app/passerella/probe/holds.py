"""Journeys held at a step: really held, by not letting the traced program go on.

Three ways, by the landmark's row: a coroutine awaits (the loop serves others), a thread waits (that thread only), or
the step is synchronous code on an event loop's thread: to wait there would stop everything, so the hold moves to the
journey's next step of the other two kinds, unless the blocking hold was asked for by name.
"""

from __future__ import annotations

import _thread
import sys
from _weakref import ref

from .channel import clock, in_child, on_command, on_loss
from .vocabulary import AWAIT, LOOP, THREAD, WALK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .attribution import Owner
    from .landmark import Landmark

_allocate_lock, _get_ident = _thread.allocate_lock, _thread.get_ident  # before anybody replaces them
_BEAT = 0.5  # seconds between two heartbeats of a server that kills silent workers

rules: tuple[Rule, ...] = ()  # what each step is held against: the watch, and what the viewer asked
_asked: tuple[Rule, ...] = ()
_watch: tuple[Any, ...] = ()
_waiters: dict[int, Waiter] = {}
_heart: Any = None
_loop_threads: set[int] = set()
_rows: dict[str, Landmark] = {}


class Rule:
    """Where to hold: the first step, for each journey, at a landmark or at a station.

    :ivar number: the viewer's number of the rule.
    :ivar request: the process's number of the only request concerned, or 0.
    :ivar seconds: after which the journey goes on by itself, or None.
    :ivar blocking: on an event loop, stop the whole loop: also where a coroutine alone could wait.
    """

    __slots__ = (
        "again",
        "blocking",
        "direction",
        "landmark",
        "method",
        "number",
        "path",
        "request",
        "seconds",
        "station",
    )

    def __init__(self, asked: dict[str, Any]) -> None:
        self.number = int(asked.get("number", 0))
        self.station = asked.get("station", "")
        self.direction = asked.get("direction", "")
        self.landmark = asked.get("landmark", "")
        self.request = asked.get("request", 0)
        self.method = asked.get("method", "")
        self.path = asked.get("path", "")
        seconds = asked.get("seconds")
        self.seconds = None if seconds is None else min(1e9, max(0.0, float(seconds)))  # of NaN too, a number
        self.blocking = bool(asked.get("blocking", False))
        self.again = bool(asked.get("again", False))

    def concerns(self, owner: Owner, row: Landmark, exit_: bool) -> bool:
        """Whether a journey is to be held at this step."""
        if self.request and self.request != owner.id[1]:
            return False
        if self.landmark and self.landmark != row.key:
            return False
        end = 1 if exit_ else 0
        if self.station and (self.station != row.station or row.levels[end] != WALK):
            return False  # a station is where the walk passes: not a detail, where what it shows is not there yet
        if self.station and row.name == "accept":  # of what is held here nothing was read: nobody could be shown it
            return False
        if self.direction and self.direction != row.way[end]:
            return False
        if self.number in owner.held_by and not self.again:
            return False
        known = getattr(owner, "known", None) or {}
        if known.get("type") == "lifespan":  # to hold it would be to hold the start of the server
            return False
        return self._knows(known)

    def _knows(self, known: dict[str, Any]) -> bool:
        """What is asked of the request itself can be told once its environ or scope is built."""
        if not self.method and not self.path:
            return True
        method = known.get("REQUEST_METHOD", known.get("method"))
        path = known.get("PATH_INFO", known.get("path"))
        return (not self.method or method == self.method) and (not self.path or path == self.path)


class Waiter:
    """A journey that is held; ``tell`` records its end."""

    __slots__ = ("began", "future", "lock", "loop", "number", "seconds", "tell")

    def __init__(self, number: int, seconds: float | None, tell: Callable[..., Any]) -> None:
        self.number = number
        self.seconds = seconds
        self.tell = tell
        self.began = clock()
        self.lock = _allocate_lock()
        self.lock.acquire()
        self.loop: Any = None
        self.future: Any = None

    def release(self) -> None:
        """Let it go on; from any thread, any number of times."""
        if self.loop is not None:
            try:
                self.loop.call_soon_threadsafe(self._awake)
            except RuntimeError:  # the loop is closed: nobody awaits any more
                pass
        try:
            self.lock.release()
        except RuntimeError:
            pass

    def _awake(self) -> None:
        if self.future is not None and not self.future.done():
            self.future.set_result(None)


def use_rows(table: dict[str, Landmark]) -> None:
    """The landmark rows, by key."""
    _rows.update(table)


def this_thread_runs_a_loop() -> None:
    """Said by servers with a loop of their own (not asyncio's) when it begins on this thread."""
    _loop_threads.add(_get_ident())


def beat_with(server: Any) -> None:
    """While a thread waits, ``server.notify()`` is called in its place, so that its parent does not kill it."""
    global _heart
    _heart = ref(server)


def reached(owner: Owner, key: str, tag: str, number: int, tell: Callable[..., Any]) -> None:
    """A moment happened: is its journey to be held here? A thread waits at once; a coroutine finds ``owner.waiter``."""
    row = _rows.get(key)
    if row is None:
        return
    moved = owner.moved
    asked = next((rule for rule in rules if rule.concerns(owner, row, tag == "leave")), None)
    rule = moved or asked
    if rule is None:
        return
    kind = LOOP if rule.blocking and _in_asyncio() else _kind(row)
    if moved is None:
        owner.held_by.add(rule.number)
    if kind == LOOP and not rule.blocking:
        owner.moved = rule
        return
    owner.moved = None
    waiter = _waiters[number] = Waiter(number, rule.seconds, tell)
    if rules == _watch:  # everybody was set free at this very moment, maybe by a viewer that is gone
        _waiters.pop(number, None)
        waiter.release()
    tell("held", owner, 0, number, kind, moved is not None)
    if kind == AWAIT:
        if owner.waiter is not None:  # nobody awaited it yet, and this step comes first
            _finish(owner.waiter, owner)
        owner.waiter = waiter
    else:
        _block(waiter)
        _finish(waiter, owner)


def _kind(row: Landmark) -> str:
    """How a step can be held, on the thread that runs it now."""
    in_asyncio = _in_asyncio()
    if row.hold == THREAD and (in_asyncio or _get_ident() in _loop_threads):
        return LOOP
    if row.hold == AWAIT and not in_asyncio:  # a synchronous view, in a thread of the pool
        return THREAD
    return row.hold


def _in_asyncio() -> bool:
    module = sys.modules.get("_asyncio")
    return module is not None and module._get_running_loop() is not None


async def pause(owner: Owner) -> None:
    """Await until the journey of ``owner`` is released."""
    waiter, owner.waiter = owner.waiter, None
    module = sys.modules["_asyncio"]
    loop = module.get_running_loop()
    waiter.future = loop.create_future()
    waiter.loop = loop
    if waiter.number not in _waiters:  # released before the loop was known
        waiter.future.set_result(None)
    timer = None
    if waiter.seconds is not None:
        timer = loop.call_later(waiter.seconds, waiter._awake)
    try:
        await waiter.future
    finally:
        if timer is not None:
            timer.cancel()
        _finish(waiter, owner)


def _block(waiter: Waiter) -> None:
    """Wait on this thread."""
    while not waiter.lock.acquire(True, _patience(waiter)):
        if waiter.seconds is not None and clock() - waiter.began >= waiter.seconds * 1e9:
            return
        _beat()


def _patience(waiter: Waiter) -> float:
    if waiter.seconds is None:
        return _BEAT
    return max(0.0, min(_BEAT, waiter.seconds - (clock() - waiter.began) / 1e9))


def _beat() -> None:
    """Only the thread that the server's parent listens to may speak for it: the main one."""
    server = _heart() if _heart is not None else None
    threading = sys.modules.get("threading")
    if server is None or threading is None or threading.main_thread().ident != _get_ident():
        return
    try:
        server.notify()
    except Exception:
        pass


def _finish(waiter: Waiter, owner: Owner) -> None:
    _waiters.pop(waiter.number, None)
    waiter.tell("resumed", owner, 0, waiter.number, clock() - waiter.began)


def hold(asked: list[dict[str, Any]]) -> None:
    """Command of the viewer: where journeys are to be held from now on."""
    global rules, _asked
    _asked = tuple(Rule(each) for each in asked)
    rules = (*_watch, *_asked)


def watch(*watching: Any) -> None:
    """Who is asked at each step besides the rules, and holds nobody (:mod:`microscope`); nothing: nobody."""
    global rules, _watch
    _watch = watching
    rules = (*_watch, *_asked)


def watching(who: Any) -> bool:
    """Whether ``who`` is asked at each step."""
    return who in _watch


def resume(number: int) -> None:
    """Command of the viewer: the journey held at moment ``number`` goes on."""
    waiter = _waiters.pop(number, None)
    if waiter is not None:
        waiter.release()


def release_all() -> None:
    """Nobody is held from now on: the viewer is gone, or asked for it."""
    global rules, _asked
    _asked = ()
    rules = _watch
    for number in list(_waiters):
        waiter = _waiters.pop(number, None)
        if waiter is not None:
            waiter.release()


def _forget() -> None:
    _waiters.clear()
    _loop_threads.clear()


on_command("hold", hold)
on_command("resume", resume)
on_command("release", release_all)
on_loss(release_all)
in_child(_forget)
