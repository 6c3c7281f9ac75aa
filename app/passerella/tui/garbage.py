"""When Python looks for garbage: at moments when nobody waits for an answer.

Journeys are made of many small objects and of no cycles: to look for those in them over and over, and in all that was
imported, would take a fourth of the time. A dialog that was closed is thousands of objects and many cycles: to look for
them while a key is answered would make that answer late, now and then by a tenth of a second.
"""

import gc
from collections.abc import Callable

_STILL = 2_000  # objects more than at the last look: with less than that nothing arrives
# Objects more than the last time, from which it is worth it: at rest, while journeys arrive, while somebody presses keys.
_AT_REST, _AS_THEY_ARRIVE, _AT_KEYS = 20_000, 100_000, 1_000_000
_ALL = 30  # at rest, each so many times, it is looked for everywhere


class Garbage:
    """Takes the place of Python's own collector, while a program of ours is on the screen."""

    OFTEN = 2.0  # seconds between two looks

    def __init__(self, busy: Callable[[], bool]) -> None:
        """``busy``: somebody presses keys."""
        self._busy = busy
        self._times = 0  # at rest
        self._before = 0

    def begin(self) -> None:
        gc.freeze()
        gc.disable()

    def look(self) -> None:
        """Collect what is to be collected, if this is the moment for it."""
        more = gc.get_count()[0]
        busy, arriving = self._busy(), more - self._before > _STILL
        self._before = more
        if more < (_AT_KEYS if busy else _AS_THEY_ARRIVE if arriving else _AT_REST):
            return
        self._before = 0
        if busy or arriving:
            gc.collect(0)
            return
        self._times += 1
        gc.collect(1 if self._times % _ALL else 2)

    def end(self) -> None:
        gc.enable()
        gc.unfreeze()
