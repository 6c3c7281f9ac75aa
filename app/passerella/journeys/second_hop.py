"""One journey out of two hops, and the steps of the web server between them in their right order.

The web server's lines are read a moment after it wrote them: what they tell of may be stamped later than what was seen
to follow from it. What came before is known, so it is put before.
"""

from passerella.journeys.growing import Growing
from passerella.journeys.model import Step
from passerella.probe.vocabulary import CLIENT, OUTBOUND, PROXY

# What it does before the app's server takes a connection, before that reads a byte, and, the first time, before the
# client does. Nginx writes the head that it forwards before it connects, Apache after.
_BEFORE_ACCEPT = frozenset(
    ("front_accept", "front_request", "front_headers", "front_location", "front_upstream", "front_connect")
)
_BEFORE_READ = frozenset(("front_forward",))
_FIRST_BEFORE_READ = frozenset(("front_forwarded",))
_FIRST_BEFORE_CLIENT = frozenset(("front_answer", "front_response_head", "front_relay"))
_READ = "recv"
_OF_SECOND_HOP = (
    "interface",
    "protocol",
    "server",
    "pid",
    "summary",
    "steps_held",
    "suspensions",
    "seen",
    "unseen",
    "omitted",
    "omitted_after",
    "held_omitted",
    "origins",
    "upstream",
)


def adopt(second: Growing, first: Growing) -> None:
    """``second``, which the app's server serves, goes on as the journey of ``first``, which a client sent."""
    mine, journey = second.journey, first.journey
    second.renumber_keys(first)
    told = [step for step in journey.steps if step.station == PROXY]
    journey.steps = sorted(
        [*(step for step in journey.steps if step.station != PROXY), *mine.steps], key=lambda step: step.t
    )
    for name in _OF_SECOND_HOP:
        setattr(journey, name, getattr(mine, name))
    journey.method = journey.method or mine.method
    journey.target = journey.target or mine.target
    journey.status = mine.status if journey.status is None else journey.status
    journey.dropped += mine.dropped
    second.go_on_as(first)
    placed: list[Step] = []
    for step in told:
        _put_before(step, journey.steps, placed)
        placed.append(step)
    journey.steps = sorted([*placed, *journey.steps], key=lambda step: step.t)
    second.in_order()


def add_from_front(growing: Growing, step: Step) -> None:
    """A step that the web server's log tells of."""
    steps = growing.journey.steps
    before = step.t
    told = [each for each in steps if each.station == PROXY]
    _put_before(step, steps, told)
    if step.t != before:
        steps.sort(key=lambda each: each.t)
        growing.in_order()
    growing.add(step)


def _put_before(step: Step, steps: list[Step], told: list[Step]) -> None:
    """Give ``step``, and those that were told before it, a time before what was seen to follow it."""
    follows = _follows(step, steps, told)
    if follows is None or step.t < follows:
        return
    step.t = follows - 1
    for each in told:
        each.t = min(each.t, step.t)


def _follows(step: Step, steps: list[Step], told: list[Step]) -> int | None:
    """When something happened that can only come after ``step``; None when nothing is known of it."""
    first = all(each.name != step.name for each in told)
    if step.name in _BEFORE_ACCEPT:
        return next((each.t for each in steps if each.hop > 1 and each.station != PROXY), None)
    if step.name in _BEFORE_READ or (first and step.name in _FIRST_BEFORE_READ):
        return next((each.t for each in steps if each.hop > 1 and each.name == _READ), None)
    if first and step.name in _FIRST_BEFORE_CLIENT:
        return next((each.t for each in steps if each.station == CLIENT and each.direction == OUTBOUND), None)
    return None
