"""When Python looks for garbage: at moments when nobody waits for an answer.

Journeys are made of many small objects and of no cycles: to look for those in them over and over, and in all that was
imported, would take a fourth of the time. A dialog that was closed is thousands of objects and many cycles: to look for
them while a key is answered would make that answer late, now and then by a tenth of a second. What each painting would
leave behind is not made at all.
"""

import gc
from collections.abc import Callable, Iterable, Sequence

from textual.strip import Strip

_STILL = 2_000  # objects more than at the last look: with less than that nothing arrives
_AT_REST, _BUSY = 20_000, 400_000  # objects more than the last time, from which it is worth it
_ALL = 30  # at rest, each so many times, it is looked for everywhere

_divide = Strip.divide


def _divided(strip: Strip, cuts: Iterable[int]) -> Sequence[Strip]:
    """A strip that is cut at its own end is itself. Textual's remembers that: a cycle for each line ever painted."""
    cuts = list(cuts)
    return [strip] if cuts == [strip.cell_length] else _divide(strip, cuts)


class Garbage:
    """Takes the place of Python's own collector, while a program of ours is on the screen."""

    OFTEN = 2.0  # seconds between two looks

    def __init__(self, busy: Callable[[], bool]) -> None:
        """``busy``: somebody presses keys."""
        self._busy = busy
        self._times = 0  # at rest
        self._before = 0

    def begin(self) -> None:
        Strip.divide = _divided  # type: ignore[assignment,method-assign]
        gc.freeze()
        gc.disable()

    def look(self) -> None:
        """Collect what is to be collected, if this is the moment for it."""
        more = gc.get_count()[0]
        busy = self._busy() or more - self._before > _STILL
        self._before = more
        if more < (_BUSY if busy else _AT_REST):
            return
        self._before = 0
        self._times += not busy
        # Never 0: what that leaves would be looked through again, and all at once.
        gc.collect(1 if busy or self._times % _ALL else 2)

    def end(self) -> None:
        Strip.divide = _divide  # type: ignore[method-assign]
        gc.enable()
        gc.unfreeze()
