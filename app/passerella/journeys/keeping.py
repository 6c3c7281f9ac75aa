"""Which journeys are still here: all those that go on, and of the others the latest, packed."""

from passerella.journeys.model import Journey
from passerella.journeys.packing import Packer

MOST_JOURNEYS = 10_000
MOST_BYTES = 64 * 1024 * 1024  # of packed journeys: bodies that do not compress make few of them many bytes
_SLACK = 50  # the oldest go in groups of a fiftieth, so that the list is not rebuilt at each
_LIGHT = 1024  # bytes of a journey beside what is packed


class Keeping:
    """Keeps journeys in the order in which they began; the oldest that are over are let go. Numbers are never reused.

    A journey that goes on, is held or is pinned is never let go.

    :ivar journeys: those that are here, always this same list.
    :ivar begun: how many there ever were.
    :ivar let_go: how many of them are not here any more.
    """

    def __init__(self, most: int = MOST_JOURNEYS, most_bytes: int = MOST_BYTES) -> None:
        self.journeys: list[Journey] = []
        self.begun = 0
        self.let_go = 0
        self._most = most
        self._most_bytes = most_bytes
        self._packer = Packer()
        self._sizes: dict[int, int] = {}  # of the packed ones, by number
        self._size = 0

    def next_number(self) -> int:
        self.begun += 1
        return self.begun

    def put_away(self, journey: Journey) -> None:
        """Nothing more will be added to ``journey``: pack it."""
        if journey.packed is None:
            size = self._packer.pack(journey) + len(journey.target or "") + _LIGHT
            self._sizes[journey.number] = size
            self._size += size

    def trim(self) -> None:
        """Let the oldest go, if there are too many."""
        if len(self.journeys) > self._most:
            self._let_go(self._most - self._most // _SLACK, self._most_bytes)
        elif self._size > self._most_bytes:
            self._let_go(self._most, self._most_bytes - self._most_bytes // _SLACK)

    def _let_go(self, most: int, most_bytes: int) -> None:
        kept: list[Journey] = []
        left = len(self.journeys)
        for index, journey in enumerate(self.journeys):
            if left <= most and self._size <= most_bytes:
                kept += self.journeys[index:]
                break
            if journey.packed is None or journey.pinned:
                kept.append(journey)
                continue
            self._size -= self._sizes.pop(journey.number)
            journey.gone = True
            left -= 1
            self.let_go += 1
        self.journeys[:] = kept
