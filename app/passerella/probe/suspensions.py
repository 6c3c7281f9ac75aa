"""When the app's coroutine runs and when it waits (design §5).

An event loop resumes a coroutine through whoever awaits it. Standing there, at the callable's boundary, one sees it
resumed and suspended on every loop, without touching the loop.
"""

from __future__ import annotations

from .channel import clock
from .record import moment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .attribution import Owner

# Each of the first ones is told by itself. Of a stream that goes on and on, later ones are told by themselves only
# while they are rare; those that crowd are told together.
_ONE_BY_ONE = 128
_RARE = 100_000_000  # nanoseconds


async def _awaited(anything: Any) -> Any:
    return await anything


async def _example() -> None:
    """Only for its type."""


_coroutine = _example()
_COROUTINE: Any = type(_coroutine)
_coroutine.close()


class Resumable:
    """Stands for what the app returned in ``await``, and drives it as the interpreter would have."""

    __slots__ = ("_coroutine", "_count", "_first", "_owner", "_send", "_since", "_singly", "_times", "_told", "_waited")

    def __init__(self, owner: Owner, app: Any) -> None:
        # Only a fresh coroutine can be driven from outside as ``await`` does; of anything else, ``await`` itself.
        if type(app) is not _COROUTINE or app.cr_await is not None:
            app = _awaited(app)
        self._owner = owner
        self._coroutine = app
        self._send = app.send
        self._count = 0
        self._since = 0  # when it was suspended; 0 while it runs
        self._singly = True  # that suspension was told
        self._told = 0  # when something was last told
        self._times = self._waited = self._first = 0  # what is still to be told together

    def __getattr__(self, name: str) -> Any:
        return getattr(self._coroutine, name)  # whoever looks along the chain of awaits (``cr_frame``…) sees the app's

    def __await__(self) -> Resumable:
        return self

    def __iter__(self) -> Resumable:
        return self

    def send(self, value: Any = None) -> Any:
        if self._since:
            self._goes_on()
        yielded = self._send(value)
        self._waits()
        return yielded

    __next__ = send

    def throw(self, *error: Any) -> Any:
        if self._since:
            self._goes_on()
        yielded = self._coroutine.throw(*error)
        self._waits()
        return yielded

    def close(self) -> None:
        if self._since:
            self._goes_on()
        self._coroutine.close()

    def _waits(self) -> None:
        now = self._since = clock()
        self._singly = self._count < _ONE_BY_ONE or now - self._told > _RARE
        if self._singly:
            if self._times:
                self.tell()
            self._told = now
            moment("suspended", self._owner, 0, t=now)

    def _goes_on(self) -> None:
        now = clock()
        since, self._since = self._since, 0
        self._count += 1
        if self._singly:
            self._told = now
            moment("continued", self._owner, 0, now - since, 1, since, t=now)
            return
        if not self._times:
            self._first = since
        self._times += 1
        self._waited += now - since
        if now - self._told > _RARE:
            self._told = now
            self.tell()

    def tell(self) -> None:
        """Tell what was not told yet; called at the end too."""
        if self._times:
            moment("continued", self._owner, 0, self._waited, self._times, self._first)
            self._times = self._waited = 0
