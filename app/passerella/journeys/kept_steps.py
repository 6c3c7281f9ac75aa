"""The steps of a growing journey: in order of time, numbered without holes, and only so many of them."""

from passerella.journeys.model import Bytes, Journey, Step

# A stream without end: of its steps the first and the last are kept, those between them are counted.
MOST_STEPS = 2000
_FIRST, _LAST = 500, 500
_DATA_KEPT = 1024 * 1024  # bytes that the steps of a journey show, all together

_Moment = tuple[int, int]  # a process, and its number of the moment


class KeptSteps:
    """Puts steps into a journey in their places, and finds them again.

    :ivar open: the entries of calls that did not return yet.
    """

    def __init__(self) -> None:
        self.open: dict[_Moment, Step] = {}
        self._keys = 0
        self._pairs: dict[int, Step] = {}  # the key of a step -> the other end of its call
        self._data = 0

    @staticmethod
    def at(journey: Journey, moment: _Moment) -> Step | None:
        """The step of a moment, while it is kept: few are asked for, and the latest."""
        pid, number = moment
        return next((step for step in reversed(journey.steps) if step.moment == number and step.pid == pid), None)

    def add(self, journey: Journey, step: Step) -> None:
        """Put a step at its time; steps of the same time keep the order of arrival."""
        self._keys += 1
        step.key = self._keys
        if step.bytes is not None:
            self._weigh(step, step.bytes)
        steps = journey.steps
        t = step.t
        if not steps:
            journey.started = journey.ended = t
        elif t < journey.ended:
            self._put_before(journey, step)
            return
        steps.append(step)
        journey.ended = t
        step.n = n = len(steps)
        if n > MOST_STEPS:
            self._omit(journey)

    def pair(self, entry: Step, leaving: Step) -> None:
        """They are the two ends of a call."""
        self._pairs[entry.key] = leaving
        self._pairs[leaving.key] = entry
        entry.pair, leaving.pair = leaving.n, entry.n

    def in_order(self, journey: Journey) -> None:
        """The steps are in another order than they were."""
        self._renumber(journey, 0)
        steps = journey.steps
        journey.started, journey.ended = (steps[0].t, steps[-1].t) if steps else (0, 0)

    def follow(self, journey: Journey, first: "KeptSteps") -> None:
        """Leave to ``first`` the keys that it gave."""
        taken = first._keys
        for step in journey.steps:
            step.key += taken
        self._pairs = {key + taken: step for key, step in self._pairs.items()}
        self._keys += taken
        self._data += first._data

    def _put_before(self, journey: Journey, step: Step) -> None:
        """It was told later than what happened after it: by another process."""
        steps = journey.steps
        position = len(steps)
        while position and steps[position - 1].t > step.t:
            position -= 1
        steps.insert(position, step)
        journey.started = steps[0].t
        self._renumber(journey, position)
        if len(steps) > MOST_STEPS:
            self._omit(journey)

    def _renumber(self, journey: Journey, start: int) -> None:
        steps = journey.steps
        for index in range(start, len(steps)):
            steps[index].n = index + 1
            pair = self._pairs.get(steps[index].key)
            if pair is not None:
                pair.pair = index + 1

    def _weigh(self, step: Step, shown: Bytes) -> None:
        """Show the bytes of ``step``, unless the journey shows too many already: then they are only counted."""
        if self._data + len(shown.data) > _DATA_KEPT:
            step.bytes = shown = Bytes(shown.start, shown.end, b"")
        self._data += len(shown.data)

    def _omit(self, journey: Journey) -> None:
        """Count the steps between the first and the last ones, and let them go; not those where it is held."""
        middle = journey.steps[_FIRST:-_LAST]
        journey.steps[_FIRST:-_LAST] = [step for step in middle if step.holding]
        for step in middle:
            if not step.holding:
                self._forget(journey, step)
        journey.omitted_after = _FIRST
        self._renumber(journey, _FIRST)

    def _forget(self, journey: Journey, step: Step) -> None:
        journey.omitted += 1
        self._data -= len(step.bytes.data) if step.bytes is not None else 0
        self.open.pop((step.pid, step.moment), None)
        other = self._pairs.pop(step.key, None)
        if other is not None:
            other.pair = None
            self._pairs.pop(other.key, None)
        if any(each is step for each in journey.steps_held):
            journey.held_omitted += step.held
            journey.steps_held = [each for each in journey.steps_held if each is not step]
