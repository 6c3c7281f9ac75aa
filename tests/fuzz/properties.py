"""What is true of any input: each function takes one case and raises when it is not true of that."""

import json
import math
from collections.abc import Sequence
from itertools import count
from types import SimpleNamespace
from typing import Any

from fuzz.lines import TOKEN, pieces
from fuzz.wire_events import SITES, let_in
from passerella.events import Event, Goodbye, Hello
from passerella.export.jsonlines import journey_lines, session_line
from passerella.journeys.assembler import Assembler
from passerella.journeys.lanes import lanes, whole_window
from passerella.journeys.microscope import tree
from passerella.journeys.model import Journey
from passerella.probe import channel as probe_channel
from passerella.probe import holds
from passerella.probe.landmarks.every import ROWS
from passerella.session.channel import _Line
from passerella.views.lanes import picture
from passerella.views.lanes_told import tell_lanes
from passerella.views.microscope import tell as tell_microscope
from passerella.views.rows import LEVELS, rows
from passerella.views.sentences import tell

_CLOSING = (ValueError, RecursionError)  # what the viewer closes a line for


def viewer_reads(lines: Sequence[bytes], cuts: Sequence[int], ended: bool) -> None:
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
    return event != event


_WAYS = tuple({row.hold: key for key, row in ROWS.items()}.values())  # one row for each way to hold
_moments = count(1)


def probe_obeys(lines: Sequence[bytes]) -> None:
    """The probe's side: commands or noise, and the traced program goes on through every kind of step."""
    holds.rules = ()
    probe_channel._obey_lines(lines)
    rule: holds.Rule
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
    owner: Any = SimpleNamespace(
        id=(1, 2), held_by=set(), moved=None, waiter=None, known={"path": "/", "method": "GET"}
    )

    def tell_(tag: str, *_: Any) -> None:
        if tag == "held":
            assert holds._patience(holds._waiters[_[2]]) >= 0
            holds.release_all()

    holds.reached(owner, key, "enter", next(_moments), tell_)


holds.use_rows(ROWS)


def journeys_grow(told: Sequence[tuple[int, Event, bool]], known: bool) -> None:
    """Any events make journeys that every reader can show. ``told`` also says after which of them somebody looks."""
    assembler = Assembler()
    for pid in (7, 8):
        for site in SITES if known else ():
            assembler.feed(pid, site)
    for pid, event, look in told:
        allowed = let_in(event)
        if allowed is not None:
            assembler.feed(pid, allowed)
        if look:
            _check(assembler.take_changed())
    for pid in (7, 8, 0, -1):
        assembler.feed(pid, Goodbye())
    assembler.take_changed()
    _check([*assembler.journeys, *assembler.lifespans])
    _check_lanes(assembler.journeys)
    for pid, process in assembler.processes.items():
        json.loads(session_line(process, process.server, f"http://x:{pid}", 0.0))
    for journey in assembler.journeys:
        assembler.forget(journey)


def _check(journeys: Sequence[Journey]) -> None:
    for journey in journeys:
        _check_steps(journey)
        for level in LEVELS:
            shown = rows(journey, level)
            assert {step.n for row in shown for step in row.covers} == {step.n for step in journey.steps}
            assert all(isinstance(line, str) for line in tell(journey, level))
        lines = [json.loads(line, parse_constant=_refuse) for line in journey_lines(journey, 0)]
        found = tree(journey)
        if found is not None:
            assert all(isinstance(line, str) for line in tell_microscope(found, everything=True))
        told = found.calls + 1 if found is not None else 0
        assert len(lines) == len(journey.steps) + 1 + told


def _check_lanes(journeys: Sequence[Journey]) -> None:
    for now in (None, 40, 2**63):
        found = lanes(journeys, now)
        window = whole_window(found)
        assert all(block.end > block.start for lane in found for strip in lane.strips for block in strip.blocks)
        assert all(len(row.text) == 40 for row in picture(found, 40, window).rows)
        assert all(isinstance(line, str) for line in tell_lanes(found, window))


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
