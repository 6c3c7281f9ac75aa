"""Where one is in a journey: which row of it is in sight, at which level of detail."""

from passerella.journeys.model import Journey
from passerella.views.rows import Row, row_of, rows


class Place:
    """A row of ``journey``; it stays the same row while the journey grows."""

    def __init__(self, journey: Journey, level: int) -> None:
        self.journey = journey
        self._level = level
        self._n = 0
        self._key = -1
        self._told: set[int] = set()  # keys of the steps that were told

    @property
    def level(self) -> int:
        return self._level

    @level.setter
    def level(self, level: int) -> None:
        row = self.row
        self._level = level
        if row is not None:
            self._see(row)

    @property
    def rows(self) -> list[Row]:
        return rows(self.journey, self._level)

    @property
    def row(self) -> Row | None:
        """The row in sight; None when there is none yet."""
        found = self.rows
        return found[self._index(found)] if found else None

    @property
    def at_end(self) -> bool:
        """Whether there is no later row by now."""
        found = self.rows
        return not found or self._index(found) == len(found) - 1

    def move(self, by: int) -> bool:
        """See another row; False when there is none so far."""
        found = self.rows
        index = self._index(found) + by if found else -1
        if not 0 <= index < len(found):
            return False
        self._see(found[index])
        return True

    @property
    def position(self) -> int:
        """Which row is in sight, from 1; 0 when there is none."""
        found = self.rows
        return self._index(found) + 1 if found else 0

    def to_start(self) -> None:
        found = self.rows
        if found:
            self._see(found[0])

    def to_end(self) -> None:
        found = self.rows
        if found:
            self._see(found[-1])

    def untold(self) -> list[Row]:
        """The rows that stand for something that was not told yet; from now on they were."""
        found = [row for row in self.rows if any(step.key not in self._told for step in row.covers)]
        self._told.update(step.key for row in found for step in row.covers)
        return found

    def _see(self, row: Row) -> None:
        self._key = row.step.key
        self._n = row.step.n

    def _index(self, found: list[Row]) -> int:
        for index, row in enumerate(found):
            if any(step.key == self._key for step in row.covers):
                return index
        return row_of(found, self._n)
