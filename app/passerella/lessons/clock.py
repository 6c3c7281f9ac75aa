"""The time of a class: how long the whole has taken, and what is left of the leg in sight. Pure: it is told the time."""

from collections.abc import Sequence

_MINUTE = 60


class Clock:
    """Seconds come from outside, from any clock that only goes on.

    It runs from the first leg that is entered; each leg has the minutes of the path, and goes on from where it was
    when one comes back to it.
    """

    def __init__(self, minutes: Sequence[int]) -> None:
        self._planned = [each * _MINUTE for each in minutes]
        self._spent = [0.0] * len(self._planned)
        self._began: float | None = None
        self._leg = 0
        self._since = 0.0

    def enter(self, leg: int, now: float) -> None:
        """From now on the time is of ``leg``."""
        if self._began is None:
            self._began = now
        else:
            self._spent[self._leg] += now - self._since
        self._leg, self._since = leg, now

    @property
    def running(self) -> bool:
        return self._began is not None

    def elapsed(self, now: float) -> float:
        """Seconds since the beginning."""
        return 0.0 if self._began is None else now - self._began

    def spent(self, leg: int, now: float) -> float:
        """Seconds on ``leg``."""
        return self._spent[leg] + (now - self._since if self.running and leg == self._leg else 0.0)

    def left(self, leg: int, now: float) -> float:
        """Seconds left of ``leg``; below zero when there are none."""
        return self._planned[leg] - self.spent(leg, now)

    def late(self, now: float) -> float:
        """How many seconds later than planned the end would be, if what is left took its time; below zero: earlier."""
        if not self.running:
            return 0.0
        to_come = sum(self._planned[self._leg + 1 :]) + max(0.0, self.left(self._leg, now))
        return self.elapsed(now) + to_come - sum(self._planned)


def minutes_and_seconds(seconds: float) -> str:
    """«7:05», «-0:30»."""
    whole = abs(int(seconds))
    return f"{'-' if seconds <= -1 else ''}{whole // _MINUTE}:{whole % _MINUTE:02}"
