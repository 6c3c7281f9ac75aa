"""What other threads tell the app: they post one of these, and touch nothing."""

from collections.abc import Callable, Sequence

from textual.message import Message

from passerella.journeys.model import Journey
from passerella.tui.source import Status


class Heard(Message):
    """Events wait to be taken in; ``era`` tells those of a server that was already replaced."""

    def __init__(self, era: int) -> None:
        super().__init__()
        self.era = era


class Recorded(Message):
    """Journeys of a recording.

    :ivar painted: to be called when they are on the screen.
    """

    def __init__(self, era: int, journeys: Sequence[Journey], painted: Callable[[], None]) -> None:
        super().__init__()
        self.era = era
        self.journeys = journeys
        self.painted = painted


class Became(Message):
    """Where the server is."""

    def __init__(self, era: int, status: Status) -> None:
        super().__init__()
        self.era = era
        self.status = status


class Said(Message):
    """A sentence for the user."""

    def __init__(self, era: int, sentence: str) -> None:
        super().__init__()
        self.era = era
        self.sentence = sentence
