"""The wire: who was where is told once, and stays known for as long as it is spoken of."""

import json

import pytest

from passerella.events import Dropped, Received
from passerella.session.wire import _MOST_PLACES, Wire


def _received(n: int, place: object) -> list[object]:
    return ["recv", n, n, place, 1, 0, 1, "x"]


def _line(*messages: list[object]) -> bytes:
    return json.dumps(messages).encode()


def test_a_moment_is_where_its_place_says() -> None:
    (event,) = Wire().events(_line(["place", 1, 9, "Task-1", 3, 4], _received(1, 1)))
    assert isinstance(event, Received)
    assert (event.tid, event.task, event.connection, event.request) == (9, "Task-1", 3, 4)


def test_a_connection_that_serves_for_days_stays_where_it_was() -> None:
    wire = Wire()
    wire.events(_line(["place", 1, 9, "", 3, 0]))
    for number in range(2, 4 * _MOST_PLACES):
        events = wire.events(
            _line(["place", number, 9, "", 3, number], _received(number, number), _received(number, 1))
        )
        assert [type(event) for event in events] == [Received, Received]
    assert len(wire._places) + len(wire._older) <= 2 * _MOST_PLACES


def test_a_place_that_was_forgotten_is_no_reason_to_hear_no_more() -> None:
    wire = Wire()
    for number in range(1, 3 * _MOST_PLACES):
        wire.events(_line(["place", number, 9, "", 3, number]))
    lost, heard = wire.events(_line(_received(1, 1), _received(2, 3 * _MOST_PLACES - 1)))
    assert lost == Dropped(1)
    assert isinstance(heard, Received)


@pytest.mark.parametrize("place", ["x", None, [1], True, 1.0])
def test_what_is_no_place_is_not_ours(place: object) -> None:
    with pytest.raises(ValueError, match="Expected `int`"):
        Wire().events(_line(_received(1, place)))
