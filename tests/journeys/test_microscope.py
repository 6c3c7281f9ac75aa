"""The microscope's tree from its marks, whole or not."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fuzz.wire_events import let_in, marks
from passerella.events import CallSeen, FunctionSeen, LineSeen, Magnified, Mark, ReturnSeen
from passerella.journeys.microscope import Call, Tree, tree, walk
from passerella.journeys.model import Journey, Step, Unseen

OWN = FunctionSeen(1, "view", "/home/ada/app.py", 10, True)
LIBRARY = FunctionSeen(2, "App.dispatch", "/v/lib/python3.11/site-packages/flask/app.py", 5, False)


def _tree(*seen: Mark, held: int = 0, **rest: Any) -> Tree:
    journey = Journey(1, "c", 1, seen=list(seen), unseen=Unseen(**rest))
    if held:
        step = Step(1, "view", "inbound", 2, "view", "", 150, 1, 9, "MainThread", held=held)
        journey.steps = [step]
        journey.steps_held = [step]
    found = tree(journey)
    assert found is not None
    return found


def test_a_journey_that_was_not_under_it_has_none() -> None:
    assert tree(Journey(1, "c", 1)) is None


def test_calls_inside_calls_and_their_times() -> None:
    found = _tree(
        LIBRARY,
        OWN,
        CallSeen(1, 0, 2, 100, 9, "", {}),
        CallSeen(2, 1, 1, 110, arguments={"n": 1}),
        ReturnSeen(2, 150, 10, 0, 0, 7),
        ReturnSeen(1, 200, 30, 20, 2, None, "KeyError", 5),
        calls=4,
        lines=3,
    )
    [outer] = found.roots
    [inner] = outer.calls
    assert (inner.lasted, inner.waited, inner.running, inner.alone, inner.value) == (30, 0, 30, 30, 7)
    assert (outer.lasted, outer.waited, outer.running, outer.alone, outer.error) == (70, 20, 50, 20, "KeyError")
    assert (outer.times, outer.missed, inner.arguments, inner.tid) == (2, 5, {"n": 1}, 9)
    assert outer.function.source.file == "flask/app.py"
    assert (found.calls, found.own, found.missed_calls, found.missed_lines) == (2, 1, 4, 3)


def test_a_line_did_what_is_different_at_the_next() -> None:
    found = _tree(
        OWN,
        CallSeen(1, 0, 1, 100, 9),
        LineSeen(1, 101, 11),
        LineSeen(1, 102, 12, {"x": 1}),
        ReturnSeen(1, 103, 0, 0, 0, None, "", 0, {"y": 2}, ["x"]),
    )
    assert [(line.number, line.changed, line.removed) for line in found.roots[0].lines] == [
        (11, {"x": 1}, []),
        (12, {"y": 2}, ["x"]),
    ]


def test_what_began_elsewhere_stands_where_the_request_was() -> None:
    found = _tree(
        LIBRARY,
        OWN,
        CallSeen(1, 0, 2, 100, 9, "Task-1"),
        CallSeen(2, 1, 2, 110),
        CallSeen(3, 0, 1, 120, 10, ""),
        ReturnSeen(3, 160, 0, 0, 0),
        ReturnSeen(2, 170, 0, 50, 1),
        CallSeen(4, 0, 1, 180, 9, "Task-1"),
        ReturnSeen(1, 190, 0, 50, 1),
    )
    assert [root.number for root in found.roots] == [1, 4]
    inner = found.roots[0].calls[0]
    assert [(call.number, call.beside, call.tid) for call in inner.calls] == [(3, 2, 10)]
    assert inner.alone == 10, "what runs elsewhere takes nothing from its own time"


def test_time_held_is_left_out() -> None:
    found = _tree(OWN, CallSeen(1, 0, 1, 100, 9), ReturnSeen(1, 1_100, 0, 0, 0), held=900)
    assert found.roots[0].lasted == 100
    found = _tree(OWN, CallSeen(1, 0, 1, 100, 9), ReturnSeen(1, 1_100, 0, 950, 1), held=900)
    assert (found.roots[0].lasted, found.roots[0].waited) == (100, 50)


def test_a_call_whose_parent_was_lost_stands_by_itself() -> None:
    found = _tree(OWN, CallSeen(7, 3, 1, 100))
    assert [root.number for root in found.roots] == [7]


def test_a_recursion_deeper_than_ours() -> None:
    seen: list[Mark] = [OWN, *(CallSeen(n, n - 1, 1, n, 9) for n in range(1, 5_001))]
    found = _tree(*seen)
    assert [depth for depth, _ in walk(found.roots)] == list(range(5_000))


@given(st.lists(marks, max_size=30), st.integers(0, 10**9))
def test_any_marks_make_a_tree(seen: list[Mark], held: int) -> None:
    event = let_in(Magnified(1, 1, 1, "", 1, 1, 0, seen))
    if not isinstance(event, Magnified):
        return  # the viewer's door is closed to it
    found = _tree(*event.seen, held=held)
    calls: list[Call] = [call for _, call in walk(found.roots)]
    assert len(calls) == found.calls == len({call.number for call in calls})
    for call in calls:
        assert call.lasted is None or call.lasted >= 0
        assert call.alone is None or call.alone >= 0
        assert call.running is None or call.running >= 0
