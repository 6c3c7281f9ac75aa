"""What the lab is looking at: which journey, which row, at which detail. No widget, no thread."""

import time
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from passerella.events import Event
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey, Step
from passerella.views.filter import Filter
from passerella.views.holding import held_step
from passerella.views.map import EXPECTED, Place, places
from passerella.views.rows import LEVELS, PASSAGES, Row, opened_rows

_PACKED = 2  # journeys each time that about one arrives
PACE = 0.25  # seconds for which a journey that came by itself stays in sight: of more than that nobody would see any


class News(NamedTuple):
    """What changed: something, and whether the journey in sight, or its being the one."""

    some: bool
    mine: bool


class Browsing:
    """Journeys grow under it; what was chosen stays chosen.

    :ivar journeys: those that pass the filter, the newest first.
    :ivar fresh: how many arrived since the user began to look at one.
    :ivar behind: the newest is to be looked at, in a moment: see ``catch_up``.
    :ivar at_the_end: the journey in sight is looked at where it grows.
    :ivar tab: 1 mapping, 2 bytes, 3 source, 4 explanation.
    :ivar marked: the row of this journey with which every other is compared; None: with the one before.
    """

    def __init__(self, level: int = PASSAGES) -> None:
        self.assembler = Assembler()
        self.level = level
        self.tab = 1
        self.query = ""
        self.marked: Row | None = None
        self.journeys: list[Journey] = []
        self.journey: Journey | None = None
        self.rows: list[Row] = []
        self.position = 0
        self.fresh = 0
        self.behind = False
        self.at_the_end = False
        self.places: frozenset[Place] = EXPECTED
        self._opened: set[str] = set()
        self._step: Step | None = None
        self._moved = False
        self._awaited: Journey | None = None  # the user let it go on: its next hold is to be seen
        self._attended: set[tuple[int, int]] = set()  # moments of processes whose hold was seen to begin
        self._filter = Filter()
        self._let_go = 0  # how many journeys were not there any more at the last look
        self._until = 0.0  # when another journey may take the place of the one in sight, by itself
        self._latest = 0  # number of the newest journey that was taken in

    @property
    def row(self) -> Row | None:
        return self.rows[self.position] if self.rows else None

    @property
    def total(self) -> int:
        return len(self.assembler.journeys)

    def feed(self, batch: list[tuple[int, Event]]) -> None:
        for pid, event in batch:
            self.assembler.feed(pid, event)
        self.assembler.pack_some(_PACKED)

    def settle(self) -> News:
        """Take in what was fed."""
        changed = self.assembler.take_changed(packing=False)
        requests = [journey for journey in changed if journey.protocol != "lifespan"]
        if not requests:
            return News(some=False, mine=False)
        before = self.journey
        self.places |= places(requests)
        arrived = self._sift(requests)
        if arrived:
            self._welcome(arrived)
        self._attend(requests)
        grew = any(journey is self.journey for journey in requests)
        if grew and self.journey is before:  # else it was just built
            self._rebuild()
        return News(some=True, mine=grew or self.journey is not before)

    def catch_up(self) -> bool:
        """Look at the newest journey, if the user still follows those that come; whether it is another one."""
        self.behind = False
        newest = self.journeys[0] if self.journeys else None
        if newest is None or newest is self.journey or self._moved or self._holding():
            return False
        self._look_at(newest)
        return True

    def adopt(self, journeys: Sequence[Journey]) -> None:
        """Take in journeys of a recording: packed, only the one that is looked at is opened."""
        self.assembler.journeys.extend(journeys)
        self.places |= places(journeys[-1:])
        self._sift(list(journeys))
        self.catch_up()

    def move(self, by: int) -> bool:
        """To another row; whether there was one."""
        return self.go(self.position + by)

    def go(self, position: int) -> bool:
        self._moved, self._awaited = True, None
        position = min(max(0, position), max(0, len(self.rows) - 1))
        if position == self.position or not self.rows:
            return False
        self.position = position
        self._step = self.rows[position].step
        return True

    def choose(self, journey: Journey) -> None:
        """Look at a journey, from its first row, or from where it is held. Looking at the newest again follows those to come."""
        newest = bool(self.journeys) and journey is self.journeys[0]
        self._moved = not newest
        if newest:
            self.fresh = 0
        self._look_at(journey)

    def await_hold(self) -> None:
        """The journey in sight goes on: where it is held next is the row to look at."""
        self._awaited = self.journey

    def follow(self) -> None:
        """The next journey to arrive is the one to look at, at once."""
        self._moved = False
        self._until = 0.0
        self.fresh = 0

    def change_level(self, by: int) -> bool:
        level = self.level + by
        if level not in LEVELS:
            return False
        self.level = level
        self._opened.clear()
        self._rebuild()
        return True

    def toggle_row(self) -> bool:
        """Open the current row into its details, or close it."""
        row = self.row
        if row is None:
            return False
        self._opened ^= {self._opener(row)}
        before = len(self.rows)
        self._rebuild()
        return len(self.rows) != before

    def _opener(self, row: Row) -> str:
        """The label of the opened row that ``row`` is a detail of; its own, if it is none."""
        for before in reversed(self.rows[: self.position]):
            if before.label in self._opened and any(step is row.step for step in before.covers):
                return before.label
        return row.label

    @property
    def newest(self) -> list[Journey]:
        """All of them, whether they pass the filter or not, the newest first."""
        return list(reversed(self.assembler.journeys))

    def mark(self) -> bool:
        """Compare with the row in sight from now on, or no more if it is the marked one; whether one is marked."""
        self.marked = None if self.is_marked(self.row) else self.row
        return self.marked is not None

    def is_marked(self, row: Row | None) -> bool:
        return row is not None and self.marked is not None and row.step is self.marked.step

    def search(self, query: str, found: Filter) -> None:
        """Only the journeys that pass ``found``, written ``query``."""
        self.query, self._filter = query.strip(), found
        self.journeys = [journey for journey in reversed(self.assembler.journeys) if found.passes(journey)]
        if self.journeys and self.journeys[self.index()] is not self.journey:
            self._look_at(self.journeys[0])

    def index(self) -> int:
        """Where the journey in sight is in the list."""
        place = self._place(self.journey) if self.journey is not None else 0
        return place if place < len(self.journeys) and self.journeys[place] is self.journey else 0

    def _place(self, journey: Journey) -> int:
        """Where ``journey`` is, or would be, in the list."""
        return bisect_left(self.journeys, -journey.number, key=lambda each: -each.number)

    def _sift(self, changed: list[Journey]) -> int:
        """Put in the list what passes now and take out what does not any more; how many are new."""
        arrived = [journey for journey in changed if journey.number > self._latest]
        self._latest = max((journey.number for journey in arrived), default=self._latest)
        for journey in changed:
            place = self._place(journey)
            listed = place < len(self.journeys) and self.journeys[place] is journey
            if self._filter.passes(journey) is not listed:
                self.journeys[place : place + listed] = [] if listed else [journey]
        if self._let_go != self.assembler.let_go:
            self._let_go = self.assembler.let_go
            self.journeys = [journey for journey in self.journeys if not journey.gone]
        return len(arrived)

    def _attend(self, changed: list[Journey]) -> None:
        """Go where a journey was just held, unless the user looks around, or at another one that is held."""
        for journey in changed:
            step = held_step(journey)
            if step is None or (step.pid, step.moment) in self._attended:
                continue
            self._attended.add((step.pid, step.moment))
            mine = journey is self.journey
            if journey is self._awaited or (not self._moved and (mine or not self._holding())):
                self._awaited = None
                self._look_at(journey)

    def _holding(self) -> bool:
        return self.journey is not None and held_step(self.journey) is not None

    def _welcome(self, arrived: int) -> None:
        if self.journey is not None and (self._moved or self._holding()):
            self.fresh += arrived
        elif time.monotonic() < self._until:
            self.behind = True
        else:
            self.catch_up()

    def _look_at(self, journey: Journey) -> None:
        if self.journey is not None:
            self.journey.pinned = False
        self.journey = journey
        journey.pinned = True
        self._step = held_step(journey)
        self.marked = None
        self.behind = False
        self._until = time.monotonic() + PACE
        self._opened.clear()
        self.position = 0
        self._rebuild()

    def _rebuild(self) -> None:
        """Rows again, at the step that was in sight."""
        if self.journey is None:
            return
        self.rows = opened_rows(self.journey, self.level, frozenset(self._opened))
        if self.at_the_end and self.rows:
            self._step = self.rows[-1].step
        self.position = self._found() if self._step is not None else 0

    def _found(self) -> int:
        named = [index for index, row in enumerate(self.rows) if row.step is self._step]
        covering = [index for index, row in enumerate(self.rows) if any(step is self._step for step in row.covers)]
        return next(iter([*named, *covering]), min(self.position, max(0, len(self.rows) - 1)))
