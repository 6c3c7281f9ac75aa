"""Garbage is looked for when nobody presses keys and nothing arrives; Python's own collector comes back after us."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from rich.segment import Segment
from textual.strip import Strip

from passerella.tui.base_app import OurApp
from passerella.tui.garbage import Garbage

MANY = 50_000  # objects that are kept: a crowd has arrived


class Knot:
    """Holds itself: only the collector finds that nobody else does."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def garbage() -> Iterator[Garbage]:
    gc.collect()
    found = Garbage(lambda: False)
    found.begin()
    yield found
    found.end()


def knot() -> "weakref.ref[Knot]":
    return weakref.ref(Knot())


def test_it_is_looked_for_when_nothing_arrives(garbage: Garbage) -> None:
    left = knot()
    kept = [[n] for n in range(MANY)]
    garbage.look()
    assert left() is not None, "they have just arrived: more may come"
    garbage.look()
    assert left() is None
    assert len(kept) == MANY


def test_little_is_left_for_later(garbage: Garbage) -> None:
    left = knot()
    garbage.look()
    garbage.look()
    assert left() is not None


def test_who_presses_keys_does_not_wait_for_it() -> None:
    gc.collect()
    busy = Garbage(lambda: True)
    busy.begin()
    try:
        left = knot()
        kept = [[n] for n in range(MANY)]
        busy.look()
        busy.look()
        assert left() is not None
        assert len(kept) == MANY
    finally:
        busy.end()


def test_a_painted_line_is_no_garbage(garbage: Garbage) -> None:
    (whole,) = Strip([Segment("riga intera")]).divide([11])
    assert whole.text == "riga intera"
    assert [each.text for each in whole.divide([4, 11])] == ["riga", " intera"]
    del whole
    assert not [each for each in gc.get_objects() if isinstance(each, Strip) and each.text == "riga intera"]


async def test_the_collector_is_as_it_was_when_the_program_is_left() -> None:
    async with OurApp().run_test() as pilot:
        await pilot.pause()
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
