"""``--passo-passo``: every journey is held where it arrives, and the one that is followed at each station or step."""

from collections.abc import Sequence

from msgspec.structs import replace

from passerella.events import Event
from passerella.journeys.held_now import HeldNow
from passerella.journeys.model import Journey, Step
from passerella.session.live import Session
from passerella.session.wanted import HoldRule
from passerella.tui.holds import exact
from passerella.views.holding import HOLDABLE, places_ahead
from passerella.views.rows import EVERYTHING, STATIONS

_Key = tuple[int, int]  # process, moment

# One number for all of them: each journey is held once, at whichever of these it comes to first.
_ARRIVAL = 1
ARRIVALS: tuple[HoldRule, ...] = tuple(HoldRule(_ARRIVAL, station=station) for station in HOLDABLE)


class SteppingHolds:
    """Which journeys are held, and the way onward of the one that is followed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._held = HeldNow()
        self._ways: dict[int, Sequence[HoldRule]] = {}  # by the numbers of the journeys
        self._number = _ARRIVAL

    def feed(self, pid: int, event: Event) -> None:
        self._held.feed(pid, event)

    def step(self, journey: Journey) -> Step | None:
        """Where ``journey`` is held now."""
        if journey.packed is not None:  # it ended a while ago
            return None
        return next((step for step in reversed(journey.steps_held) if (step.pid, step.moment) in self._held), None)

    def onward(self, journey: Journey, level: int) -> None:
        """Let ``journey`` go as far as the next station, or step, of ``level``."""
        step = self.step(journey)
        if step is not None:
            self._ways[journey.number] = self._way(step, level)
            self._go(step)

    def release(self, journey: Journey) -> None:
        """Let ``journey`` go to its end."""
        self._ways.pop(journey.number, None)
        step = self.step(journey)
        if step is not None:
            self._go(step)

    def forget(self, journey: Journey) -> None:
        """It is over: nothing of it will be held."""
        if self._ways.pop(journey.number, None) is not None:
            self._tell()

    def _go(self, step: Step) -> None:
        """It is held no more, even if its process has not said so yet.

        Two moments can be held before the coroutine has awaited once: it goes on when both are let go.
        """
        self._tell()
        request = self._held[step.pid, step.moment].request
        together = [key for key, held in self._held.items() if key[0] == step.pid and held.request == request]
        for key in together:
            del self._held[key]
            self._session.resume(*key)

    def _tell(self) -> None:
        self._session.hold([*(rule for rules in self._ways.values() for rule in rules), *ARRIVALS])

    def _way(self, step: Step, level: int) -> Sequence[HoldRule]:
        """Under a number that was never used: at level 1 the journey is held once, at whichever place comes first."""
        self._number += 1
        request = self._held[step.pid, step.moment].request
        rule = HoldRule(self._number, request=request, pid=step.pid, again=level != STATIONS)
        if level == STATIONS:
            return exact(replace(rule, station=station, direction=way) for station, way in places_ahead(step))
        return [replace(rule, station=station) for station in (("",) if level == EVERYTHING else HOLDABLE)]
