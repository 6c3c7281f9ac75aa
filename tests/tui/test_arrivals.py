"""What other threads tell: in order, nothing lost, and a failure is the program's own."""

import asyncio
import threading
import time
from collections.abc import Callable

import pytest
from textual.app import App
from textual.screen import Screen

from passerella.events import Began
from passerella.tui.arrivals import Arrivals, Door
from passerella.tui.messages import Heard
from passerella.tui.source import Batch

Feed = Callable[[Batch], None]
_PATIENCE = 20.0


def event(n: int) -> tuple[int, Began]:
    return 1, Began(n, n, 1, "", 1, 1, 1)


class Listening(Screen[None]):
    """A screen to which things are told, and that shows how many it has taken in."""

    def __init__(self, feed: Feed) -> None:
        super().__init__()
        self.fed = 0
        self.shown = 0
        self._take = feed
        self.arrivals = Arrivals(self, self._feed, self._show, lambda: False, lambda: False)

    def on_heard(self, message: Heard) -> None:
        if message.era == self.arrivals.era:
            self.arrivals.wake()

    def _feed(self, batch: Batch) -> None:
        self._take(batch)
        self.fed += len(batch)

    def _show(self) -> None:
        self.shown = self.fed


class Program(App[None]):
    def __init__(self, feed: Feed) -> None:
        super().__init__()
        self.listening = Listening(feed)

    def get_default_screen(self) -> Screen[None]:
        return self.listening


async def until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not reached():
        assert time.monotonic() < deadline, "non è mai successo"
        await asyncio.sleep(0.005)


def tell(door: Door, first: int, last: int, each: int) -> None:
    for start in range(first, last, each):
        door.heard([event(n) for n in range(start, min(start + each, last))])


@pytest.mark.parametrize("each", [1, 86, 1000])
async def test_all_that_is_told_is_taken_in_once_and_in_order(each: int) -> None:
    heard: list[int] = []
    app = Program(lambda batch: heard.extend(event.n for _pid, event in batch if isinstance(event, Began)))
    async with app.run_test():
        screen = app.listening
        door = screen.arrivals.begin()
        for turn in range(3):  # between two of them it falls asleep
            first, last = turn * 4000, (turn + 1) * 4000
            thread = threading.Thread(target=tell, args=(door, first, last, each))
            thread.start()
            await until(lambda last=last: screen.shown == last)  # type: ignore[misc]
            thread.join()
    assert heard == list(range(12_000))


async def test_more_than_can_be_taken_in_at_once_is_shown_as_it_goes_and_all_taken_in() -> None:
    app = Program(lambda _batch: time.sleep(0.003))
    async with app.run_test():
        screen = app.listening
        tell(screen.arrivals.begin(), 0, 4000, 4000)
        await until(lambda: screen.shown > 0)
        assert screen.shown < 4000
        await until(lambda: screen.shown == 4000)


async def test_what_a_server_says_that_was_replaced_is_not_heard() -> None:
    heard: list[int] = []
    app = Program(lambda batch: heard.extend(event.n for _pid, event in batch if isinstance(event, Began)))
    async with app.run_test():
        screen = app.listening
        old = screen.arrivals.begin()
        new = screen.arrivals.begin()
        tell(old, 0, 10, 1)
        tell(new, 100, 110, 1)
        await until(lambda: screen.shown == 10)
    assert heard == list(range(100, 110))


async def test_what_cannot_be_taken_in_ends_the_program_and_says_why() -> None:
    def fail(_batch: Batch) -> None:
        raise LookupError("proprio questo")

    app = Program(fail)
    with pytest.raises(LookupError, match="proprio questo"):
        await _told_once(app)


async def _told_once(app: Program) -> None:
    async with app.run_test():
        tell(app.listening.arrivals.begin(), 0, 1, 1)
        await until(lambda: not app.is_running)


async def test_what_is_told_when_the_screen_is_gone_is_not_taken_in_and_fails_nobody() -> None:
    heard: list[Batch] = []
    app = Program(heard.append)
    async with app.run_test():
        door = app.listening.arrivals.begin()
    tell(door, 0, 1000, 100)
    await asyncio.sleep(0.1)
    assert not heard
    assert door.behind == 1000
