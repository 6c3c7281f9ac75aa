"""A stream without end: the first and the last of its steps, the others counted."""

from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.crowd import Crowd
from passerella.events import Entered, Held, Left, Sent
from passerella.journeys.kept_steps import MOST_STEPS
from passerella.journeys.model import Journey


def _stream(crowd: Crowd, pieces: int, size: int = 20) -> Journey:
    crowd.connect(1)
    crowd.ask(1)
    crowd.call(1, 1)
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    crowd.say(Sent(*crowd.moment(1, 1, 3), 0, len(head), head))
    at = len(head)
    for _ in range(pieces):
        crowd.say(Entered(*crowd.moment(1, 1, 2), {}))
        entry = crowd.n
        crowd.say(Sent(*crowd.moment(1, 1, 3), at, size, "x" * size))
        crowd.say(Left(*crowd.moment(1, 1, 2), entry, {}))
        at += size
    crowd.look()
    return crowd.journeys[0]


def test_steps_are_bounded() -> None:
    crowd = Crowd()
    journey = _stream(crowd, 20_000)
    steps = journey.steps
    assert len(steps) <= MOST_STEPS
    assert journey.omitted + len(steps) == 5 + 3 * 20_000 - 1
    assert [step.n for step in steps] == list(range(1, len(steps) + 1))
    assert [step.t for step in steps[:500]] == sorted(step.t for step in steps[:500])
    assert steps[499].t - steps[0].t < 600_000
    assert steps[journey.omitted_after - 1].t + 1000 < steps[journey.omitted_after].t
    kept = crowd.assembler._alive[id(journey)]._steps
    assert max(len(kept._pairs), len(kept.open)) <= MOST_STEPS
    _check_pairs(journey)


def test_bytes_are_bounded() -> None:
    journey = _stream(Crowd(), 600, 50_000)
    assert sum(len(step.bytes.data) for step in journey.steps if step.bytes is not None) <= 2**20
    assert journey.response_length > 600 * 50_000


def test_where_it_is_held_stays() -> None:
    crowd = Crowd()
    _stream(crowd, 300)
    held = crowd.n
    crowd.say(Held(*crowd.moment(1, 1), held, "thread", False))
    steps = count()
    for _ in range(5000):
        crowd.say(Sent(*crowd.moment(1, 1, 3), next(steps), 1, "x"))
    journey = crowd.journeys[0]
    assert [step.moment for step in journey.steps_held] == [held]
    assert any(step is journey.steps_held[0] for step in journey.steps)
    assert journey.steps[journey.steps_held[0].n - 1] is journey.steps_held[0]


@settings(max_examples=30)
@given(st.lists(st.sampled_from(("enter", "leave", "send")), min_size=1, max_size=9), st.integers(300, 900))
def test_any_mix_of_steps_stays_whole(mix: list[str], times: int) -> None:
    crowd = Crowd()
    crowd.connect(1)
    crowd.ask(1)
    crowd.call(1, 1)
    entries: list[int] = []
    for kind in mix * times:
        moment = crowd.moment(1, 1, 2)
        if kind == "enter":
            crowd.say(Entered(*moment, {}))
            entries.append(moment[0])
        elif kind == "leave":
            crowd.say(Left(*moment, entries.pop() if entries else 0, {}))
        else:
            crowd.say(Sent(*moment, moment[0], 1, "x"))
    journey = crowd.journeys[0]
    assert len(journey.steps) <= MOST_STEPS
    assert [step.n for step in journey.steps] == list(range(1, len(journey.steps) + 1))
    _check_pairs(journey)


def _check_pairs(journey: Journey) -> None:
    for step in journey.steps:
        if step.pair is not None:
            assert journey.steps[step.pair - 1].pair == step.n
