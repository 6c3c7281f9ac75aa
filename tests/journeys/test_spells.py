"""Running, waiting and held are told apart."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from passerella.events import Continued
from passerella.journeys.intervals import gaps, length, merged, within
from passerella.journeys.model import Journey, Step, Suspension
from passerella.journeys.spells import began_waiting, spells, spent, went_on

LOOP_THREAD, POOL_THREAD = 7, 8


def step(n: int, t: int, name: str = "call", *, tid: int = LOOP_THREAD, **more: object) -> Step:
    made = Step(n, "gateway", "inbound", 2, name, "", t, 1, tid, "MainThread" if tid == LOOP_THREAD else "pool")
    for key, value in more.items():
        setattr(made, key, value)
    return made


def called(*between: Step, end: int = 100, suspensions: tuple[Suspension, ...] = ()) -> Journey:
    """A journey whose callable was called at 10 and returned at ``end``."""
    steps = [
        step(1, 10, landmark="asgi.call", pair=len(between) + 2),
        *between,
        step(len(between) + 2, end, "app_return", landmark="asgi.call", pair=1),
    ]
    return Journey(
        1, "", 1, steps=steps, ended=end, complete=True, suspensions=list(suspensions),
        steps_held=[each for each in between if each.held],
    )  # fmt: skip


def kinds(journey: Journey, now: int | None = None) -> list[tuple[str, int, int]]:
    return [(spell.kind, spell.start, spell.end) for spell in spells(journey, now)]


def wait(start: int, end: int) -> Suspension:
    return Suspension(start, end, end - start)


def test_what_lies_between_the_waits_is_running() -> None:
    journey = called(suspensions=(wait(20, 50), wait(60, 65)))
    assert kinds(journey) == [
        ("running", 10, 20),
        ("waiting", 20, 50),
        ("running", 50, 60),
        ("waiting", 60, 65),
        ("running", 65, 100),
    ]
    found = spent(journey)
    assert found is not None
    assert (found.running, found.waiting, found.waits, found.held) == (55, 35, 2, 0)


def test_a_wsgi_journey_has_none() -> None:
    journey = Journey(1, "", 1, steps=[step(1, 10, landmark="wsgi.call")])
    assert spells(journey) == []
    assert spent(journey) is None


def test_to_be_held_in_an_await_is_no_wait() -> None:
    """The hold suspends the coroutine, a moment after the step and until a moment after its end."""
    journey = called(step(2, 30, held=40, hold="await"), suspensions=(wait(31, 72), wait(80, 90)))
    assert kinds(journey) == [
        ("running", 10, 30),
        ("held", 30, 72),
        ("running", 72, 80),
        ("waiting", 80, 90),
        ("running", 90, 100),
    ]
    found = spent(journey)
    assert found is not None
    assert (found.running, found.waiting, found.waits, found.held) == (38, 10, 1, 42)


def test_a_hold_that_blocks_is_not_running() -> None:
    journey = called(step(2, 30, held=40, hold="loop"))
    assert kinds(journey) == [("running", 10, 30), ("held", 30, 70), ("running", 70, 100)]


def test_what_runs_in_the_pool_runs_there() -> None:
    view = step(2, 30, "view", tid=POOL_THREAD, pair=3), step(3, 80, "view_return", tid=POOL_THREAD, pair=2)
    journey = called(*view, suspensions=(wait(20, 90),))
    found = spent(journey)
    assert found is not None
    assert found.elsewhere == {"pool": 50}
    assert (found.running, found.waiting, found.waits) == (20 + 50, 20, 1)
    assert ("running", 30, 80) in kinds(journey)


def test_a_view_held_in_the_pool_neither_runs_nor_waits() -> None:
    entry = step(2, 30, "view", tid=POOL_THREAD, pair=3, held=20, hold="thread")
    journey = called(entry, step(3, 80, "view_return", tid=POOL_THREAD, pair=2), suspensions=(wait(20, 90),))
    found = spent(journey)
    assert found is not None
    assert found.elsewhere == {"pool": 30}
    assert (found.running, found.waiting, found.waits, found.held) == (20 + 30, 20, 1, 20)


def test_what_is_open_goes_on_until_now() -> None:
    journey = called(suspensions=(Suspension(20, 20, 0, 1, open=True),))
    journey.steps.pop()
    journey.steps[0].pair = None
    journey.complete, journey.ended = False, 10
    assert kinds(journey, 70) == [("running", 10, 20), ("waiting", 20, 70)]
    assert kinds(journey) == [("running", 10, 20)]
    journey.abandoned = True
    assert kinds(journey, 70) == [("running", 10, 20)]


def test_many_short_waits_told_together() -> None:
    journey = called(suspensions=(Suspension(20, 80, 30, 12),))
    found = spent(journey)
    assert found is not None
    assert (found.waiting, found.waits) == (30, 12)
    assert found.running == 10 + 20 + 30  # and what ran between those waits


def went(t: int, waited: int, times: int, since: int) -> Continued:
    return Continued(1, t, 1, "", 1, 1, 0, waited, times, since)


def test_a_lost_beginning_and_a_lost_end() -> None:
    found: list[Suspension] = []
    went_on(found, went(50, 30, 1, 20))
    began_waiting(found, 60)
    began_waiting(found, 70)  # that it went on in between was not recorded
    went_on(found, went(90, 20, 1, 70))
    assert found == [Suspension(20, 50, 30), Suspension(70, 90, 20)]


def test_a_stream_of_days_keeps_few() -> None:
    found: list[Suspension] = []
    for number in range(5000):
        began_waiting(found, number * 10)
        went_on(found, went(number * 10 + 4, 4, 1, number * 10))
    assert len(found) <= 513
    assert sum(each.times for each in found) == 5000
    assert sum(each.waited for each in found) == 20_000


some = st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), max_size=8)


@given(some, st.integers(-60, 60), st.integers(-60, 60))
def test_gaps_and_what_is_taken_are_the_whole(found: list[tuple[int, int]], start: int, end: int) -> None:
    taken = merged(found)
    assert all(one[1] < two[0] for one, two in itertools.pairwise(taken))
    left = gaps(taken, start, end)
    assert length(left) + length(within(taken, start, end)) == max(0, end - start)


@given(st.lists(st.tuples(st.integers(-9, 120), st.integers(-9, 120), st.integers(-9, 200)), max_size=6), some)
def test_nothing_is_negative_whatever_is_told(told: list[tuple[int, int, int]], held: list[tuple[int, int]]) -> None:
    steps = [step(2 + number, t, held=max(0, more), hold="await") for number, (t, more) in enumerate(held)]
    found = spent(called(*steps, suspensions=tuple(Suspension(*each) for each in told)))
    assert found is not None
    assert min(found.running, found.waiting, found.waits, found.held) >= 0
