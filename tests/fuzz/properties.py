"""What is true of any input. Each function takes one case; Hypothesis makes them, few in the suite, many by the script."""

import json
import math
from collections.abc import Callable, Sequence
from itertools import count
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fuzz.lines import TOKEN, pieces, probe_lines, viewer_lines
from fuzz.wire_events import PIDS, SITES, let_in, messages
from passerella.events import Event, Goodbye, Hello
from passerella.export.jsonlines import journey_lines, session_line
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey
from passerella.probe import channel as probe_channel
from passerella.probe import holds
from passerella.probe.landmarks import ROWS
from passerella.session.channel import _Line
from passerella.views.rows import LEVELS, rows
from passerella.views.sentences import tell

_CLOSING = (ValueError, RecursionError)  # what the viewer closes a line for


@given(viewer_lines, st.lists(st.integers(0, 4000), max_size=8), st.booleans())
def viewer_reads(lines: list[bytes], cuts: list[int], ended: bool) -> None:
    """The viewer's side: events or the line's end, wherever it is split."""
    data = b"\n".join(lines) + (b"\n" if ended else b"")
    read = _read(pieces(data, cuts))
    assert read == _read([data])
    assert all(isinstance(event, Event) for event in read)
    assert not read or isinstance(read[0], Hello)


def _read(parts: Sequence[bytes]) -> list[Event]:
    line, heard = _Line(TOKEN), []
    try:
        for part in parts:
            for event in line.feed(part):
                heard.append(event)
                assert line.pid
    except _CLOSING:
        pass
    return [event for event in heard if not _unequal(event)]


def _unequal(event: Event) -> bool:
    """Whether an event holds something that is not equal to itself."""
    return event != event  # noqa: PLR0124


_WAYS = tuple({row.hold: key for key, row in ROWS.items()}.values())  # one row for each way to hold
_moments = count(1)


@given(probe_lines)
def probe_obeys(lines: list[bytes]) -> None:
    """The probe's side: commands or noise, and the traced program goes on through every kind of step."""
    holds.rules = ()
    probe_channel._obey_lines(lines)
    for rule in holds.rules:
        assert rule.seconds is None or math.isfinite(rule.seconds), rule.seconds
    asked = holds.rules
    for key in _WAYS:
        holds.rules = asked
        _pass(key)
    holds.release_all()
    assert not holds._waiters


def _pass(key: str) -> None:
    """A journey comes to a step, and whoever holds it lets it go at once."""
    owner: Any = SimpleNamespace(id=(1, 2), held_by=set(), moved=None, waiter=None, known={"path": "/", "method": "GET"})

    def tell_(tag: str, *_: Any) -> None:
        if tag == "held":
            assert holds._patience(holds._waiters[_[2]]) >= 0
            holds.release_all()

    holds.reached(owner, key, "enter", next(_moments), tell_)


holds.use_rows(ROWS)


@given(st.lists(st.tuples(PIDS, messages, st.integers(0, 9)), max_size=40), st.booleans())
def journeys_grow(told: list[tuple[int, Event, int]], known: bool) -> None:
    """Any events make journeys that every reader can show. ``told`` also says after which of them somebody looks."""
    assembler = Assembler()
    for pid in (7, 8):
        for site in SITES if known else ():
            assembler.feed(pid, site)
    for pid, event, look in told:
        allowed = let_in(event)
        if allowed is not None:
            assembler.feed(pid, allowed)
        if look == 0:
            _check(assembler.take_changed())
    for pid in (7, 8, 0, -1):
        assembler.feed(pid, Goodbye())
    assembler.take_changed()
    _check([*assembler.journeys, *assembler.lifespans])
    for pid, process in assembler.processes.items():
        json.loads(session_line(process, process.server, f"http://x:{pid}", 0.0))
    for journey in assembler.journeys:
        assembler.forget(journey)


def _check(journeys: Sequence[Journey]) -> None:
    for journey in journeys:
        _check_steps(journey)
        for level in LEVELS:
            found = rows(journey, level)
            assert {step.n for row in found for step in row.covers} == {step.n for step in journey.steps}
            assert all(isinstance(line, str) for line in tell(journey, level))
        lines = [json.loads(line, parse_constant=_refuse) for line in journey_lines(journey, 0)]
        assert len(lines) == len(journey.steps) + 1


def _check_steps(journey: Journey) -> None:
    steps = journey.steps
    assert [step.n for step in steps] == list(range(1, len(steps) + 1))
    assert [step.t for step in steps] == sorted(step.t for step in steps)
    assert len({step.key for step in steps}) == len(steps)
    for step in steps:
        if step.pair is not None:
            assert step.pair != step.n
            assert steps[step.pair - 1].pair == step.n


def _refuse(constant: str) -> None:
    raise AssertionError(constant)


PROPERTIES: dict[str, Callable[[], None]] = {
    each.__name__: each for each in (viewer_reads, probe_obeys, journeys_grow)
}
