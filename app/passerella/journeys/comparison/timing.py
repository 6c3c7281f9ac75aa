"""When: the first byte, the last one, and how long a journey stayed at each place."""

from collections.abc import Iterable
from itertools import pairwise

from passerella.journeys.comparison.model import Timing
from passerella.journeys.model import Direction, Journey, Station, Step
from passerella.probe.vocabulary import CLIENT, INBOUND, OUTBOUND, SOCKET, WALK

_WIRE = frozenset((CLIENT, SOCKET))


def timing(journey: Journey) -> Timing:
    """Times held are part of none of these."""
    steps = [step for step in journey.steps if step.station != CLIENT]
    read = next((step for step in steps if _carries(step, INBOUND)), None)
    written = [step for step in steps if _carries(step, OUTBOUND)]
    return Timing(
        first_byte=_between(steps, read, written[0]) if read and written else None,
        last_byte=_between(steps, read, written[-1]) if read and written else None,
        duration=journey.duration,
        after=_last_before(steps, written[0]) if written else None,
        places=_places(steps),
    )


def _carries(step: Step, way: str) -> bool:
    return step.station == SOCKET and step.direction == way and step.bytes is not None


def _between(steps: Iterable[Step], first: Step, last: Step) -> int:
    held = sum(step.held_by(last.t) for step in steps if first.n <= step.n < last.n)
    return max(0, last.t - first.t - held)


def _last_before(steps: Iterable[Step], written: Step) -> Step | None:
    before = [step for step in steps if step.n < written.n and step.station not in _WIRE and step.level <= WALK]
    return before[-1] if before else None


def _places(steps: Iterable[Step]) -> dict[tuple[Station, Direction], int]:
    """From each step to the next, the journey is where the first one was."""
    found: dict[tuple[Station, Direction], int] = {}
    for step, following in pairwise(steps):
        place = (step.station, step.direction)
        found[place] = found.get(place, 0) + max(0, following.t - step.t - step.held_by(following.t))
    return found
