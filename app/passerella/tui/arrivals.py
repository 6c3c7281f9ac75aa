"""What comes from the server while the screen is up: posted by other threads, taken in at the screen's own pace."""

import time
from collections.abc import Callable, Sequence

from textual.screen import Screen

from passerella.journeys.model import Journey
from passerella.tui.messages import Became, Heard, Recorded, Said
from passerella.tui.source import Batch, Status

_BEAT = 1 / 30  # seconds between two takings-in of what arrived


class Door:
    """What a source speaks to. It posts messages, and nothing else: it is called from other threads."""

    def __init__(self, screen: Screen[None], era: int) -> None:
        self._screen = screen
        self._era = era

    def heard(self, batch: Batch) -> None:
        self._screen.post_message(Heard(self._era, batch))

    def recorded(self, journeys: Sequence[Journey]) -> None:
        self._screen.post_message(Recorded(self._era, journeys))

    def became(self, status: Status) -> None:
        self._screen.post_message(Became(self._era, status))

    def said(self, sentence: str) -> None:
        self._screen.post_message(Said(self._era, sentence))


class Arrivals:
    """Batches wait here until the next beat.

    :ivar era: which server is in front of us; what one before it still says is not heard.
    """

    def __init__(self, screen: Screen[None], take_in: Callable[[list[Batch]], None]) -> None:
        self.era = 0
        self._screen = screen
        self._take_in = take_in
        self._waiting: list[Batch] = []
        self._last = 0.0
        self._beating = False

    def begin(self) -> Door:
        """Another server takes the place of this one: nothing of what it said is waited for any more."""
        self.era += 1
        self._waiting.clear()
        return Door(self._screen, self.era)

    def put(self, batch: Batch) -> None:
        self._waiting.append(batch)
        if not self._beating:
            self._beating = True
            self._screen.set_timer(max(0.001, self._last + _BEAT - time.monotonic()), self._beat)

    def _beat(self) -> None:
        self._beating = False
        self._last = time.monotonic()
        waiting, self._waiting = self._waiting, []
        self._take_in(waiting)
