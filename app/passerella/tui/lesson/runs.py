"""What a page of a lesson waits for, a verdict or a trace: it runs beside the screen, and comes back to it as a message."""

from collections.abc import Callable

from textual.message import Message

from passerella.errors import PasserellaError
from passerella.lessons.staging import Staged
from passerella.lessons.taking import Taking
from passerella.lessons.verdict import Chosen

Run = Callable[[], Message]


class Judged(Message):
    """The answer to page ``index`` was computed."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self.index = index


class Ran(Message):
    """A trace ran that no question asks about."""

    def __init__(self, index: int, staged: Staged) -> None:
        super().__init__()
        self.index, self.staged = index, staged


class Failed(Message):
    """It could not run."""

    def __init__(self, index: int, error: PasserellaError) -> None:
        super().__init__()
        self.index, self.error = index, error


def judging(taking: Taking, chosen: Chosen) -> Run:
    """Answers the question in sight."""
    index = taking.index

    def run() -> Message:
        taking.commit(chosen)
        return Judged(index)

    return _told(index, run)


def running(taking: Taking, place: str = "", *, again: bool = False) -> Run:
    """Runs the trace in sight, on ``place`` if one is named."""
    index = taking.index

    def run() -> Message:
        staged = taking.staged(place, again)
        assert staged is not None
        return Ran(index, staged)

    return _told(index, run)


def _told(index: int, run: Run) -> Run:
    """What goes wrong is a message too."""

    def careful() -> Message:
        try:
            return run()
        except PasserellaError as error:
            return Failed(index, error)

    return careful
