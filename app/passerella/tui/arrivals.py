"""What comes from the server while the screen is up: posted by other threads, taken in at the screen's own pace."""

import gc
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from textual.screen import Screen

from passerella.journeys.model import Journey
from passerella.tui.messages import Became, Heard, Recorded, Said
from passerella.tui.source import Batch, Status

_BEAT = 1 / 30  # seconds between two takings-in of what arrived
_YOUNG = 5_000  # objects more than before, at which Python looks for garbage: a journey alone makes hundreds, all kept
_MOST_BEHIND = 50_000  # events that may wait: with more, the line is not read, and the probe counts what it drops
_LONGEST = 1.0  # seconds that the line waits for the screen: it may be leaving
_MOST = 1500  # events taken in at once: some twenty journeys, as many milliseconds


class Door:
    """What a source speaks to. It posts messages, and nothing else: it is called from other threads."""

    def __init__(self, screen: Screen[None], era: int) -> None:
        self._screen = screen
        self._era = era
        self._behind = 0  # events that the screen has not taken in
        self._changed = threading.Condition()

    def heard(self, batch: Batch) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._behind < _MOST_BEHIND, _LONGEST)
            self._behind += len(batch)
        self._screen.post_message(Heard(self._era, batch))

    def taken(self, count: int) -> None:
        """The screen has taken in so many events."""
        with self._changed:
            self._behind -= count
            self._changed.notify_all()

    def recorded(self, journeys: Sequence[Journey]) -> None:
        self._screen.post_message(Recorded(self._era, journeys))

    def became(self, status: Status) -> None:
        self._screen.post_message(Became(self._era, status))

    def said(self, sentence: str) -> None:
        self._screen.post_message(Said(self._era, sentence))


class Arrivals:
    """Batches wait here until the next beat.

    However much arrives, keys are answered and the screen is painted: a beat takes in no more than ``_MOST`` events.

    :ivar era: which server is in front of us; what one before it still says is not heard.
    """

    def __init__(self, screen: Screen[None], take_in: Callable[[list[Batch]], None]) -> None:
        self.era = 0
        self._screen = screen
        self._take_in = take_in
        self._waiting: deque[Batch] = deque()
        self._door: Door | None = None
        self._next = 0.0  # not before this moment
        self._beating = False

    def begin(self) -> Door:
        """Another server takes the place of this one: nothing of what it said is waited for any more."""
        self.era += 1
        self._waiting.clear()
        _spare_collector()
        self._door = Door(self._screen, self.era)
        return self._door

    def put(self, batch: Batch) -> None:
        self._waiting.append(batch)
        self._wait()

    def _wait(self) -> None:
        if self._waiting and not self._beating:
            self._beating = True
            self._screen.set_timer(max(0.001, self._next - time.monotonic()), self._beat)

    def _beat(self) -> None:
        self._beating = False
        self._next = time.monotonic() + _BEAT
        self._take_in(self._some())
        self._wait()

    def _some(self) -> list[Batch]:
        """As much of what waits as one beat takes in, in order."""
        taken: list[Batch] = []
        room = _MOST
        while self._waiting and room > 0:
            batch = self._waiting.popleft()
            if len(batch) > room:
                self._waiting.appendleft(batch[room:])
                batch = batch[:room]
            taken.append(batch)
            room -= len(batch)
        if self._door is not None:
            self._door.taken(_MOST - room)
        return taken


def _spare_collector() -> None:
    """Journeys are made of many small objects and of no cycles: to look for those in them over and over, and in all
    that was imported, would take a fourth of the time, and now and then stop the screen for as long as three frames.
    """
    if gc.get_threshold()[0] < _YOUNG:
        gc.freeze()
        gc.set_threshold(_YOUNG)
