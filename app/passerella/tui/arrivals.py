"""What comes from the server while the screen is up: left by other threads, taken in at the screen's own pace."""

import asyncio
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import NoReturn

from textual.screen import Screen

from passerella.journeys.model import Journey
from passerella.tui.messages import Became, Heard, Recorded, Said
from passerella.tui.source import Batch, Status

_BEAT = 1 / 60  # seconds between two showings of what arrived
_SHARE, _RARELY = 4, 1 / 20  # times as long as it took to show it; but no longer than this
_AT_KEYS = 1 / 8  # the same, while somebody presses keys: each painting of what they do not look at is in their way
_MOST_BEHIND = 50_000  # events that may wait: with more, the line is not read, and the probe counts what it drops
_LONGEST = 1.0  # seconds that the line waits for the screen: it may be leaving
_TURN = 0.003  # seconds of feeding after which whoever else has something to do on this thread comes first
_MANY = 150  # events that are not left to wait for the moment when they are shown: there are more to come
_PIECE = 100  # events between two looks at the clock: about one journey
_NOW = 0.0  # when whoever else has something to do on this thread has done it
_AGAIN = 0.002  # seconds after which it is asked again whether a key was answered
_LOOK = 0.015  # seconds between two looks at how many events wait
_PATIENCE = 0.1  # seconds for which what arrives waits for keys: one that is held down never ends
# Seconds for which another thread may keep Python's lock. The one that decodes what arrives gives it back only when it
# is asked for that long; at Python's own 0.005 each pause of ours, to paint or to pack a journey, costs as much.
_SWITCH = 0.0005


class Door:
    """What a source speaks to. It is called from other threads: it leaves what it is told, and wakes the screen."""

    def __init__(self, screen: Screen[None], era: int, answering: Callable[[], bool]) -> None:
        self._screen = screen
        self._era = era
        self._answering = answering
        self._waiting: deque[Batch] = deque()
        self._changed = threading.Condition()
        self._awake = False  # the screen looks here again without being told
        self.behind = 0  # events that the screen has not taken in

    def heard(self, batch: Batch) -> None:
        self._let_keys_go_first()
        with self._changed:
            self._changed.wait_for(lambda: self.behind < _MOST_BEHIND, _LONGEST)
            self.behind += len(batch)
            self._waiting.append(batch)
            asleep, self._awake = not self._awake, True
        if asleep:
            self._screen.post_message(Heard(self._era))

    def _let_keys_go_first(self) -> None:
        """Who decodes what arrives takes as much of Python's lock as the answer to a key does."""
        latest = time.monotonic() + _PATIENCE
        while self._answering() and time.monotonic() < latest:
            time.sleep(_AGAIN)

    def next_piece(self) -> Batch:
        """The events that have waited longest, not too many; none when none wait."""
        with self._changed:
            if not self._waiting:
                return []
            batch = self._waiting.popleft()
            if len(batch) > _PIECE:
                self._waiting.appendleft(batch[_PIECE:])
                batch = batch[:_PIECE]
            self.behind -= len(batch)
            self._changed.notify_all()
        return batch

    def sleeps(self) -> bool:
        """Whether nothing waits: then the screen is told when something comes."""
        with self._changed:
            self._awake = bool(self._waiting)
        return not self._awake

    def recorded(self, journeys: Sequence[Journey]) -> None:
        """Who reads on takes as much of Python's lock as it takes to paint these: it waits."""
        painted = threading.Event()
        self._screen.post_message(Recorded(self._era, journeys, painted.set))
        painted.wait(_PATIENCE)

    def became(self, status: Status) -> None:
        self._screen.post_message(Became(self._era, status))

    def said(self, sentence: str) -> None:
        self._screen.post_message(Said(self._era, sentence))


class Arrivals:
    """Batches wait here until the next beat.

    However much arrives, keys are answered and the screen is painted: what waits is fed in short turns, the loop is
    free between two of them, and a key that is being answered goes before what arrives.

    :ivar era: which server is in front of us; what one before it still says is not heard.
    """

    def __init__(
        self,
        screen: Screen[None],
        feed: Callable[[Batch], None],
        show: Callable[[], None],
        answering: Callable[[], bool],
        at_keys: Callable[[], bool],
    ) -> None:
        """``show``: paint what was fed; ``answering``: a key was pressed and its answer is not on the screen;
        ``at_keys``: one was pressed a moment ago.
        """
        self.era = 0
        self._screen = screen
        self._feed = feed
        self._show = show
        self._answering = answering
        self._at_keys = at_keys
        self._unshown = 0  # events that were fed since
        self._door = Door(screen, self.era, answering)
        self._next = 0.0  # nothing is shown before this moment
        self._began = 0.0  # when the first of what is to be shown next arrived
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> Door:
        """Another server takes the place of this one: nothing of what it said is waited for any more."""
        self.era += 1
        sys.setswitchinterval(_SWITCH)
        self._door = Door(self._screen, self.era, self._answering)
        return self._door

    def wake(self) -> None:
        """Something came where nothing was."""
        now = time.monotonic()
        self._began = now
        self._beat_in(max(_NOW, self._next - now))

    def _beat_in(self, seconds: float) -> None:
        """No timer and no message of Textual's: they take as long as a beat, and there are a hundred of these a second."""
        loop = asyncio.get_running_loop()
        when = loop.time() + seconds
        if self._timer is not None:
            if self._timer.when() <= when:
                return
            self._timer.cancel()
        self._timer = loop.call_at(when, self._beat)

    def _beat(self) -> None:
        self._timer = None
        if not self._screen.is_running:
            return
        try:
            self._take_in()
        except Exception as error:
            self._screen.call_next(_fail, error)

    def _take_in(self) -> None:
        """Take in a turn's worth of what waits; show it when it is time, if not too much is left."""
        now = time.monotonic()
        if self._answering() and now < self._began + _PATIENCE:
            self._beat_in(_AGAIN)
            return
        if now >= self._next or self._door.behind > _MANY:
            self._feed_until(now + _TURN)
            now = time.monotonic()
        if now < self._next:
            self._beat_in(_NOW if self._door.behind > _MANY else min(_LOOK, self._next - now))
        elif self._door.behind and now < max(self._next, self._began) + _BEAT:
            self._beat_in(_NOW)
        else:
            self._show()
            shown = time.monotonic()
            self._next = self._began = shown + self._rest(shown - now)
            self._unshown = 0
            if not self._door.sleeps():
                self._beat_in(_LOOK)

    def _rest(self, took: float) -> float:
        """How long nothing new is shown: who steps through a journey while a crowd arrives does not look at the crowd."""
        if self._unshown > _MANY and self._at_keys():
            return _AT_KEYS
        return min(max(_BEAT, took * _SHARE), _RARELY)

    def _feed_until(self, end: float) -> None:
        """A turn's worth of what waits, in order; at least a piece, so that it ends some day."""
        while piece := self._door.next_piece():
            self._feed(piece)
            self._unshown += len(piece)
            if time.monotonic() >= end:
                break


def _fail(error: Exception) -> NoReturn:
    raise error
