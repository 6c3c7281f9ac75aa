"""Journeys over time, a lane for each thread that serves them: who runs, who waits, who stands in a queue.

What occupies a thread is known from the steps seen on it; inside an ASGI callable, from where its coroutine was
suspended. The wait before the server takes a request is known when our own client sent it.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from passerella.journeys.intervals import Interval, gaps, merged, within
from passerella.journeys.model import Journey, Step
from passerella.journeys.spells import Kind, call_of, spells
from passerella.probe.vocabulary import AWAIT, CLIENT, LOOP

Place = tuple[int, int]  # process, thread
LaneKind = Literal["worker", "thread", "loop", "queue"]

_CALLS = frozenset(("wsgi.call", "asgi.call"))


class Block(msgspec.Struct, frozen=True):
    """A stretch of time of one kind of one journey.

    :ivar open: it is still going on.
    :ivar lasted: nanoseconds; less than ``end - start`` where many short waits are told together, ``times`` of them.
    :ivar busy: the thread can do nothing else meanwhile.
    """

    journey: int
    kind: Kind
    start: int
    end: int
    open: bool = False
    times: int = 1
    lasted: int = 0
    busy: bool = False


class Strip(msgspec.Struct, frozen=True):
    """What one journey did on one thread at a stretch. ``home``: the thread that called the app, with its whole story."""

    place: Place
    thread: str
    home: bool
    blocks: tuple[Block, ...]

    @property
    def start(self) -> int:
        return self.blocks[0].start

    @property
    def end(self) -> int:
        return max(block.end for block in self.blocks)


class Lane(msgspec.Struct, frozen=True):
    """A thread, what occupied it, and the journeys that it served.

    :ivar kind: ``worker`` (a process that serves one request at a time), ``thread``, ``loop``, or ``queue``: no thread,
        but the requests that nobody has accepted yet, of no journey (number 0).
    :ivar busy: what occupied the thread, in order of time.
    :ivar rows: strips that do not overlap share a row.
    """

    kind: LaneKind
    place: Place
    thread: str
    busy: tuple[Block, ...]
    rows: tuple[tuple[Strip, ...], ...]

    @property
    def strips(self) -> list[Strip]:
        return sorted((strip for row in self.rows for strip in row), key=lambda strip: strip.blocks[0].journey)


class Lanes:
    """The lanes of a list of journeys that grows; what is over is worked out once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Strip, ...]] = {}

    def of(self, journeys: Iterable[Journey], window: Interval | None = None, now: int | None = None) -> list[Lane]:
        """The lanes of ``journeys`` in a ``window`` of time; ``now``: until when what is still open is drawn."""
        known, self._known = self._known, {}
        strips: list[tuple[Journey, Strip]] = []
        for journey in journeys:
            if window is not None and not _touches(journey, window):
                continue
            found = known.get(journey.number) or strips_of(journey, now)
            if journey.quiet or journey.abandoned or journey.gone:
                self._known[journey.number] = found
            strips += ((journey, strip) for strip in found)
        return _lanes(strips)


def lanes(journeys: Iterable[Journey], now: int | None = None) -> list[Lane]:
    """The lanes of all these journeys."""
    return Lanes().of(journeys, None, now)


def queue_lane(not_accepted: Sequence[int], now: int) -> Lane | None:
    """The requests that our client sent at those times and that wait for somebody to accept them."""
    rows = []
    for sent in not_accepted:
        block = Block(0, "queued", sent, max(sent + 1, now), open=True, lasted=max(1, now - sent))
        rows.append((Strip((0, 0), "", False, (block,)),))
    return Lane("queue", (0, 0), "", (), tuple(rows)) if rows else None


def whole_window(found: Sequence[Lane]) -> Interval:
    """From the first to the last thing in these lanes."""
    strips = [strip for lane in found for row in lane.rows for strip in row]
    start = min((strip.start for strip in strips), default=0)
    return start, max((strip.end for strip in strips), default=start) + 1


def strips_of(journey: Journey, now: int | None = None) -> tuple[Strip, ...]:
    """What ``journey`` did, thread by thread; its home first, and there its queue and its waits too."""
    seen = [step for step in journey.steps if step.station != CLIENT]
    if not seen:
        return ()
    home = next((step for step in seen if step.landmark in _CALLS), seen[-1])
    call = call_of(journey)
    blocks = _in_loop(journey, call, now) if call is not None else _in_threads(journey, seen, home, now)
    at_home = blocks.pop(_place(home), [])
    first = min((block.start for block in at_home), default=home.t)
    queue = gaps(merged((block.start, block.end) for block in at_home), journey.started, max(first, home.t))
    at_home += (Block(journey.number, "queued", *each, lasted=each[1] - each[0]) for each in queue)
    threads = {_place(step): step.thread for step in seen}
    strips = [Strip(_place(home), home.thread, True, _ordered(at_home))] if at_home else []
    # Elsewhere it comes by now and then: each time is a strip of its own.
    return (
        *strips,
        *(Strip(each, threads[each], False, (block,)) for each in blocks for block in _ordered(blocks[each])),
    )


def _in_loop(journey: Journey, call: Step, now: int | None) -> dict[Place, list[Block]]:
    """Inside the callable, as its coroutine was driven; before it, the functions that the loop called."""
    blocks: dict[Place, list[Block]] = {}
    found = spells(journey, now)
    for spell in found:
        still = call.pair is None and now is not None and spell.end >= now
        block = Block(
            journey.number,
            spell.kind,
            spell.start,
            spell.end,
            still,
            spell.times,
            spell.lasted,
            spell.kind == "running",
        )
        blocks.setdefault((call.pid, spell.tid), []).append(block)
    until = max((spell.end for spell in found if spell.tid == call.tid), default=call.t)
    before = merged(_synchronous(journey, call))
    at_home = blocks.setdefault(_place(call), [])
    at_home += (_run(journey, each) for each in within(before, journey.started, call.t))
    holds = _holds(journey, now)
    inside = [block for block, _ in holds if call.t <= block.start <= until]  # those are among the spells
    at_home += (block for block, step in holds if block not in inside and _place(step) == _place(call))
    blocks[_place(call)] = [_blocked(block, inside) for block in at_home]
    return blocks


def _synchronous(journey: Journey, call: Step) -> Iterable[Interval]:
    """The functions of the loop's thread that ran before the callable was called."""
    for step in journey.steps:
        if step.t > call.t:
            return
        if step.hold == LOOP and step.tid == call.tid and step.pair is not None and step.pair > step.n:
            yield step.t, journey.steps[step.pair - 1].t


def _blocked(block: Block, holds: Sequence[Block]) -> Block:
    """A stretch held in a way that lets nobody else run."""
    if block.kind == "held" and any(held.busy and held.start < block.end and block.start < held.end for held in holds):
        return msgspec.structs.replace(block, busy=True)
    return block


def _in_threads(journey: Journey, seen: Sequence[Step], home: Step, now: int | None) -> dict[Place, list[Block]]:
    """On a thread that does nothing else meanwhile: from its first step there to its last one."""
    runs: dict[Place, list[Interval]] = {}
    last: Place | None = None
    for step in seen:
        place = _place(step)
        known = runs.setdefault(place, [])
        if known and (place == last or place == _place(home)):
            known[-1] = (known[-1][0], step.t)
        else:
            known.append((step.t, step.t))
        last = place
    still = now is not None and not (journey.complete or journey.quiet or journey.abandoned)
    if still and now is not None and runs[_place(home)]:
        start, end = runs[_place(home)][-1]
        runs[_place(home)][-1] = (start, max(end, now))
    held = [(block, _place(step)) for block, step in _holds(journey, now)]
    blocks: dict[Place, list[Block]] = {}
    for place, intervals in runs.items():
        here = [block for block, where in held if where == place]
        taken = merged((block.start, block.end) for block in here)
        free = [part for each in merged(intervals) for part in gaps(taken, *each)]
        blocks[place] = [*here, *(_run(journey, part, still and place == _place(home)) for part in free)]
    return blocks


def _holds(journey: Journey, now: int | None) -> list[tuple[Block, Step]]:
    """When it was held, and where."""
    found = []
    for step in journey.steps_held:
        end = max(now or journey.ended, step.t) if step.holding else step.t + step.held
        if end > step.t:
            busy = step.hold != AWAIT
            found.append((Block(journey.number, "held", step.t, end, step.holding, 1, end - step.t, busy), step))
    return found


def _run(journey: Journey, each: Interval, open_: bool = False) -> Block:
    return Block(journey.number, "running", *each, open_, 1, each[1] - each[0], busy=True)


def _ordered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(sorted(blocks, key=lambda block: (block.start, block.end)))


def _place(step: Step) -> Place:
    return step.pid, step.tid


def _touches(journey: Journey, window: Interval) -> bool:
    over = journey.quiet or journey.abandoned
    return journey.started <= window[1] and (not over or journey.ended >= window[0])


def _lanes(strips: Sequence[tuple[Journey, Strip]]) -> list[Lane]:
    by_place: dict[Place, list[tuple[Journey, Strip]]] = {}
    for journey, strip in strips:
        by_place.setdefault(strip.place, []).append((journey, strip))
    found = [_lane(place, each) for place, each in by_place.items()]
    return sorted(found, key=lambda lane: (lane.place[0], lane.kind == "thread", _natural(lane.thread), lane.place[1]))


def _lane(place: Place, strips: Sequence[tuple[Journey, Strip]]) -> Lane:
    busy = _ordered(block for _, strip in strips for block in strip.blocks if block.busy)
    rows: list[list[Strip]] = []
    for _, strip in sorted(strips, key=lambda each: (each[1].start, each[0].number)):
        row = next((row for row in rows if row[-1].end <= strip.start), None)
        if row is None:
            rows.append([strip])
        else:
            row.append(strip)
    return Lane(_kind(strips), place, strips[0][1].thread, busy, tuple(tuple(row) for row in rows))


def _kind(strips: Sequence[tuple[Journey, Strip]]) -> LaneKind:
    at_home = [(journey, strip) for journey, strip in strips if strip.home]
    if any(journey.interface == "asgi" for journey, _ in at_home):
        return "loop"
    alone = any(journey.server == "gunicorn" and strip.thread == "MainThread" for journey, strip in at_home)
    return "worker" if alone else "thread"


def _natural(name: str) -> list[tuple[str, int]]:
    """«thread_10» after «thread_9»."""
    return [(part, 0) if not part.isdecimal() else ("", int(part)) for part in re.split("([0-9]+)", name)]
