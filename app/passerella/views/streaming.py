"""A response that the app gave piece by piece: when each piece left, and when it arrived."""

from collections import Counter
from collections.abc import Iterable

from passerella.journeys.model import Step
from passerella.probe.vocabulary import WALK

_GIVEN = frozenset(("chunk", "send_body"))
_PASSED_ON = ("body_written", "response_received")
_APART = 8  # pieces of each kind that have a row of their own; those after them share one


class StreamedPieces:
    """Which steps of a journey have a row of their own because they are pieces of a stream."""

    def __init__(self, steps: Iterable[Step]) -> None:
        given = Counter(step.name for step in steps if step.name in _GIVEN and _holds_something(step))
        streams = any(times > 1 for times in given.values())
        self._left = Counter(dict.fromkeys(_PASSED_ON, _APART if streams else 0))

    def stands_alone(self, step: Step) -> bool:
        """Asked once for each step, in their order."""
        if step.level > WALK or not self._left[step.name]:
            return False
        self._left[step.name] -= 1
        return True


def _holds_something(step: Step) -> bool:
    length = step.value.get("length")
    return isinstance(length, int) and length > 0
