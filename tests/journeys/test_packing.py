"""A packed journey is small, and opened it is what it was."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.crowd import Crowd
from passerella.events import Changes
from passerella.journeys.mappings import Mappings
from passerella.journeys.model import PACKED, Bytes, Journey, Source, Step, Suspension
from passerella.journeys.packing import _OPENED, Packer

_leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=()), max_size=9)
)
_values: st.SearchStrategy[Any] = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
_texts = st.text(st.characters(exclude_categories=()), max_size=9)
_dicts = st.dictionaries(_texts, _values, max_size=3)
_numbers = st.integers(-(2**64), 2**64)
_steps = st.builds(
    Step,
    n=st.just(0),
    station=st.just("socket"),
    direction=st.just("inbound"),
    level=st.integers(2, 3),
    name=_texts,
    landmark=_texts,
    t=_numbers,
    pid=_numbers,
    tid=_numbers,
    thread=_texts,
    hold=st.none() | _texts,
    pair=st.none() | st.integers(1, 9),
    held=_numbers,
    task=st.none() | _texts,
    bytes=st.none() | st.builds(Bytes, _numbers, _numbers, st.binary(max_size=99)),
    changes=st.none()
    | st.builds(Changes, _dicts, st.dictionaries(_texts, st.tuples(_values, _values)), st.lists(_texts)),
    value=_dicts,
    source=st.none() | st.builds(Source, _texts, _numbers, _texts, _texts),
    error=_texts,
    holding=st.booleans(),
)


def _journey(steps: list[Step], **rest: Any) -> Journey:
    for index, step in enumerate(steps):
        step.n = index + 1
    return Journey(1, "p:1#1", 1, steps=steps, server="gunicorn", **rest)


def _copy(journey: Journey) -> dict[str, Any]:
    return {name: list(getattr(journey, name)) for name in PACKED if name != "upstream"} | {
        "origins": dict(journey.origins)
    }


@given(
    st.lists(st.lists(_steps, max_size=4), min_size=1, max_size=3),
    st.binary(max_size=999),
    st.dictionaries(_texts, _texts | st.lists(st.tuples(_numbers, _numbers), max_size=2), max_size=2),
)
def test_what_is_packed_comes_back(several: list[list[Step]], request: bytes, origins: dict[str, Any]) -> None:
    packer = Packer()
    for steps in several:
        journey = _journey(
            steps,
            request=bytearray(request),
            origins=origins,
            steps_held=steps[::2],
            suspensions=[Suspension(1, 2, 3, 4, open=True)],
        )
        before, held, stations = _copy(journey), journey.held, journey.stations
        packer.pack(journey)
        assert journey.stations == stations
        assert journey.held == held
        assert _copy(journey) == before
        assert isinstance(journey.request, bytearray)
        assert [id(step) for step in journey.steps_held] == [id(step) for step in journey.steps[::2]]


def test_origins_that_nobody_asked_for_are_found_after_it_was_packed() -> None:
    mappings = Mappings()
    mappings.take("environ", Changes({"REQUEST_METHOD": "GET", "QUERY_STRING": "a=1"}), building=True)
    journey = _journey([], request=bytearray(b"GET /?a=1 HTTP/1.1\r\nHost: x\r\n\r\n"))
    mappings.renew(journey)
    Packer().pack(journey)
    assert journey.tracing is None
    assert journey.origins == {"REQUEST_METHOD": [(0, 3)], "QUERY_STRING": [(6, 9)]}


def test_packed_journeys_are_small() -> None:
    crowd = Crowd(most=1000)
    for number in range(1, 400):
        crowd.whole(number)
    packed = [journey for journey in crowd.journeys if journey.packed is not None]
    assert len(packed) > 200
    assert crowd.assembler.keeping._size / len(packed) < 2048


def test_bodies_that_do_not_compress_make_fewer_journeys() -> None:
    crowd = Crowd(most=1000)
    crowd.assembler.keeping._most_bytes = 1_000_000
    for number in range(1, 400):
        crowd.whole(number)
        crowd.journeys[-1].response += msgspec.msgpack.encode([hash((number, each)) for each in range(2000)])
    assert crowd.assembler.let_go > 0
    assert crowd.assembler.keeping._size <= 1_000_000
    assert len(crowd.journeys) < 300


def test_only_the_latest_that_were_opened_stay_open() -> None:
    crowd = Crowd(most=1000)
    for number in range(1, 400):
        crowd.whole(number)
    packed = [journey for journey in crowd.journeys if journey.packed is not None]
    pinned = packed[0]
    pinned.pinned = True
    steps = pinned.steps
    for journey in packed:
        assert [step.n for step in journey.steps] == list(range(1, len(journey.steps) + 1))
    assert pinned.steps is steps
    assert packed[-1].steps is packed[-1].steps
    assert sum(_is_open(journey) for journey in packed) == _OPENED


def _is_open(journey: Journey) -> bool:
    """Without opening it."""
    try:
        type(journey).steps.__get__(journey)  # type: ignore[attr-defined]
    except AttributeError:
        return False
    return True


def test_a_list_of_journeys_is_drawn_without_opening_them(monkeypatch: pytest.MonkeyPatch) -> None:
    from passerella.views.headings import heading

    crowd = Crowd(most=1000)
    for number in range(1, 400):
        crowd.whole(number)
    packed = [journey for journey in crowd.journeys if journey.packed is not None]
    assert all("GET /ciao?nome=Ada" in heading(journey) for journey in packed)
    assert {(journey.status, journey.pid, journey.stations) for journey in packed} == {
        (200, 7, frozenset(("socket", "gateway")))
    }
    assert not any(_is_open(journey) for journey in packed)
