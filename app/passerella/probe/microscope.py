"""The microscope: for one request at a time, every call between two of its steps, and the student's lines.

Imported when the viewer asks for it. It stands among the hold rules, which every step is already held against, and
holds nobody; while it is not asked for nothing of it is there.
"""

from __future__ import annotations

import _thread
import sys

from . import holds
from .attribution import Request
from .channel import clock, in_child, on_loss
from .holds import Rule
from .magnified import Magnified

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .attribution import Owner
    from .landmark import Landmark

_CALLS = frozenset(("wsgi.call", "asgi.call"))
_PIECES = frozenset(("wsgi.chunk", "wsgi.close"))  # where a WSGI app goes on after its return
_PATIENCE = 5_000_000_000  # ns that the iterable of a WSGI app has to be asked for more, when others are served
_MONITORED = sys.version_info >= (3, 12)


class Watch:
    """Waits for the request that was asked for, looks at it, and stops at the step that was asked for.

    What is asked: ``begin`` and ``end``, each as a hold rule (station, direction, landmark; the former also method,
    path, request); without a ``begin`` it is the call of the app, without an ``end`` the return of what it began at.
    ``again``: each request that matches, not only the next one.
    """

    def __init__(self, asked: dict[str, Any]) -> None:
        begin, end = asked.get("begin") or {}, asked.get("end") or {}
        self._begin = Rule({**begin, "number": 0, "again": True})
        self._end = Rule({**end, "number": 0, "again": True}) if end else None
        self._at_call = not self._begin.station and not self._begin.landmark
        self._again = bool(asked.get("again", False))
        self._turn = _thread.allocate_lock()  # one request at a time
        self._magnified: Magnified | None = None
        self._lens: Any = None
        self._key = ""  # the call that it began at, and how many calls of it are open
        self._depth = 0
        self._paused = 0  # when, or 0

    def concerns(self, owner: Owner, row: Landmark, exit_: bool) -> bool:
        """A step was reached. Never holds it."""
        try:
            if self._magnified is None:
                self._await(owner, row, exit_)
            else:
                self._follow(self._magnified, owner, row, exit_)
        except Exception:
            self.leave()
        return False

    def leave(self) -> None:
        """Look no more, and do not wait for anything."""
        if holds.watching(self):
            holds.watch()
        self._finish()

    def forget(self) -> None:
        """In a forked child: nothing was asked of it yet."""
        lens, self._lens = self._lens, None
        if lens is not None:
            lens.stop()

    def _await(self, owner: Owner, row: Landmark, exit_: bool) -> None:
        if not self._begins(owner, row, exit_) or not self._turn.acquire(False):
            return
        self._key, self._depth, self._paused = row.key, 0 if exit_ else 1, 0
        magnified = Magnified(owner, careful=sys.version_info < (3, 13))
        self._lens = _lens(magnified)
        refused = self._lens.start()
        if refused:
            magnified.say("magnified_end", 0, 0, refused)
            self._pass()
            return
        magnified.say("magnified", [])
        self._magnified = magnified

    def _follow(self, magnified: Magnified, owner: Owner, row: Landmark, exit_: bool) -> None:
        mine = magnified.owner
        if owner is not mine and owner is not mine.connection:
            if type(mine) is Request or owner.connection is not mine:
                self._meet_another(mine, owner, row, exit_)
                return
            magnified.owner = owner  # the request that the connection began
        magnified.flush()
        if self._paused:
            self._resume(row, exit_)
        elif self._over(owner, row, exit_):
            self._pause_or_finish(magnified, row, exit_)
        elif magnified.blind:
            self._finish()
        else:
            self._lens.here()

    def _begins(self, owner: Owner, row: Landmark, exit_: bool) -> bool:
        if self._at_call and (exit_ or row.key not in _CALLS):
            return False
        return self._begin.concerns(owner, row, exit_)

    def _meet_another(self, mine: Owner, other: Owner, row: Landmark, exit_: bool) -> None:
        """Another request: the end, if this one has nothing more to do."""
        next_one = mine.connection is not None and other.connection is mine.connection
        waits = self._again and self._paused and self._begins(other, row, exit_)
        if next_one or waits or (self._paused and clock() - self._paused > _PATIENCE):
            self._finish()
            if self._again:
                self._await(other, row, exit_)

    def _over(self, owner: Owner, row: Landmark, exit_: bool) -> bool:
        if self._end is not None:
            return row.name == "close" or self._end.concerns(owner, row, exit_)
        if row.key == self._key:
            self._depth += -1 if exit_ else 1
            return self._depth <= 0
        return exit_ and row.key in _CALLS

    def _pause_or_finish(self, magnified: Magnified, row: Landmark, exit_: bool) -> None:
        """A WSGI app that gave a generator has not done its work yet."""
        if self._end is None and row.key == "wsgi.call" and exit_:
            self._lens.stop()
            self._paused = clock()
            _tell(magnified)
        else:
            self._finish()

    def _resume(self, row: Landmark, exit_: bool) -> None:
        if row.key in _PIECES and not exit_:
            self._lens.start()
        elif row.key in _PIECES:
            self._lens.stop()
        if row.name == "close" or (row.key == "wsgi.close" and exit_):
            self._finish()

    def _finish(self) -> None:
        """Tell the end; then the next request, or nothing more."""
        magnified, self._magnified = self._magnified, None
        if magnified is None:
            return
        self._lens.stop()
        _tell(magnified)
        self._pass()

    def _pass(self) -> None:
        self._lens = None
        if not self._again and holds.watching(self):
            holds.watch()
        else:
            self._turn.release()


def _tell(magnified: Magnified) -> None:
    """What is left to say, and what was not shown; said again if it goes on."""
    magnified.flush()
    magnified.say("magnified_end", magnified.missed_calls, magnified.missed_lines, "")


def _lens(magnified: Magnified) -> Any:
    """How this Python can be looked at."""
    if _MONITORED:
        from .monitoring import Monitoring

        return Monitoring(magnified)
    from .tracing import Tracing

    return Tracing(magnified)


_watch: Watch | None = None


def look(asked: dict[str, Any] | None) -> None:
    """Command of the viewer: what to put under the microscope; None: nothing."""
    global _watch
    away()
    if asked is not None:
        _watch = Watch(asked)
        holds.watch(_watch)


def away() -> None:
    """The viewer is gone, or asked for something else."""
    global _watch
    watch, _watch = _watch, None
    if watch is not None:
        watch.leave()


def _forget() -> None:
    global _watch
    watch, _watch = _watch, None
    if watch is not None:
        holds.watch()
        watch.forget()


on_loss(away)
in_child(_forget)
