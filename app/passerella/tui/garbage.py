"""When Python looks for garbage: at moments when nobody waits for an answer.

Journeys are made of many small objects and of no cycles: to look for those in them over and over, and in all that was
imported, would take a fourth of the time. A dialog that was closed is thousands of objects and many cycles: to look for
them while a key is answered would make that answer late, now and then by a tenth of a second.
"""

import gc
from collections.abc import Callable

_ENOUGH = 20_000  # objects more than before: under that it is not worth it
_CALM = 2_000  # objects more than at the last look: with less than that nothing arrives
_TOO_MANY = 3_000_000  # it is done all the same, whoever waits: all the journeys that are kept have a tenth of them
_ALL = 30  # each so many times it is looked for everywhere


class Garbage:
    """Takes the place of Python's own collector, while a program of ours is on the screen."""

    OFTEN = 2.0  # seconds between two looks

    def __init__(self, busy: Callable[[], bool]) -> None:
        """``busy``: somebody presses keys."""
        self._busy = busy
        self._times = 0
        self._before = 0

    def begin(self) -> None:
        gc.freeze()
        gc.disable()

    def look(self) -> None:
        """Collect what is to be collected, if this is the moment for it."""
        more = gc.get_count()[0]
        calm = more - self._before < _CALM and not self._busy()
        self._before = more
        if more > _TOO_MANY or (calm and more > _ENOUGH):
            self._times += 1
            gc.collect(1 if self._times % _ALL else 2)

    def end(self) -> None:
        gc.enable()
        gc.unfreeze()
