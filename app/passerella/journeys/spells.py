"""How the time of an ASGI journey was spent inside its callable: running, waiting, held.

Seen from the callable's boundary: the coroutine runs from when the loop resumes it to when it gives the loop back.
Time held is neither running nor waiting (design §5). What runs meanwhile on other threads, a synchronous view in the
pool, is running too: there.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from passerella.events import Continued
from passerella.journeys.intervals import Interval, gaps, merged, within
from passerella.journeys.model import Journey, Step, Suspension

Kind = Literal["queued", "running", "waiting", "held"]

_CALL = "asgi.call"
_KEPT = 512  # suspensions of a journey that are kept one by one; the later ones are kept together


class Spell(msgspec.Struct, frozen=True):
    """A stretch of time of one kind on one thread.

    :ivar lasted: nanoseconds; less than ``end - start`` where many short waits are told together.
    :ivar times: how many waits it stands for.
    """

    kind: Kind
    start: int
    end: int
    tid: int
    times: int = 1
    lasted: int = 0


class Spent(msgspec.Struct, frozen=True):
    """Nanoseconds of a journey inside its callable.

    :ivar running: on the loop and on other threads, of which ``elsewhere`` on each of those, by name.
    :ivar waits: how many times the coroutine waited; to be held is not to wait.
    """

    running: int
    waiting: int
    waits: int
    held: int
    elsewhere: dict[str, int]


def began_waiting(suspensions: list[Suspension], t: int) -> None:
    """The coroutine was suspended."""
    if suspensions and suspensions[-1].open:  # what ended it was not recorded: nothing is known of its length
        suspensions.pop()
    suspensions.append(Suspension(t, t, 0, 1, open=True))


def went_on(suspensions: list[Suspension], event: Continued) -> None:
    """The coroutine was resumed; a wait whose beginning was not recorded is known all the same."""
    waited, times = max(0, event.waited), max(1, event.times)
    if suspensions and suspensions[-1].open:
        suspensions.pop()
    if len(suspensions) < _KEPT:
        suspensions.append(Suspension(event.since, event.t, waited, times))
    else:
        last = suspensions[-1]
        suspensions[-1] = Suspension(last.start, event.t, last.waited + waited, last.times + times)


def call_of(journey: Journey) -> Step | None:
    """The step at which the server called the ASGI callable."""
    return next((step for step in journey.steps if step.landmark == _CALL), None)


def spells(journey: Journey, now: int | None = None) -> list[Spell]:
    """What the coroutine of ``journey`` did, in order of time, from its call on; then what ran on other threads.

    ``now``: until when what is still open is told; without it, until the last thing known.
    """
    call = call_of(journey)
    if call is None:
        return []
    end = _end(journey, call, now)
    waits, holds = _told_apart(journey.suspensions, held_intervals(journey, end), end)
    found = [_wait(each, call.tid, end) for each in waits]
    runs = gaps(merged([*holds, *((wait.start, wait.end) for wait in found)]), call.t, end)
    on_loop = cut([*found, *(_run(each, call.tid) for each in runs)], holds)
    elsewhere = cut((_run(each, tid) for tid, each in _elsewhere(journey, call, end)), holds)
    return [
        *sorted(
            (*on_loop, *(_hold(each, call.tid) for each in within(holds, call.t, end))), key=lambda each: each.start
        ),
        *elsewhere,
    ]


def spent(journey: Journey, now: int | None = None) -> Spent | None:
    """The sums of :func:`spells`; None for a journey that no ASGI callable served."""
    call = call_of(journey)
    if call is None:
        return None
    found = spells(journey, now)
    threads = {step.tid: step.thread for step in journey.steps}
    elsewhere: dict[str, int] = {}
    for spell in found:
        if spell.tid != call.tid:
            name = threads.get(spell.tid, "")
            elsewhere[name] = elsewhere.get(name, 0) + spell.lasted
    waiting = sum(spell.lasted for spell in found if spell.kind == "waiting")
    between = sum(spell.end - spell.start - spell.lasted for spell in found if spell.kind == "waiting")
    return Spent(
        running=between + sum(spell.lasted for spell in found if spell.kind == "running"),
        waiting=max(0, waiting - sum(elsewhere.values())),
        waits=_waits(found),
        held=sum(spell.lasted for spell in found if spell.kind == "held"),
        elsewhere=elsewhere,
    )


def _waits(found: Sequence[Spell]) -> int:
    """A wait in the middle of which a thread was held is one all the same."""
    waits = [spell for spell in found if spell.kind == "waiting"]
    return sum(spell.times for number, spell in enumerate(waits) if not _goes_on_with(found, waits[:number], spell))


def _goes_on_with(found: Sequence[Spell], before: Sequence[Spell], spell: Spell) -> bool:
    """Whether a wait is what follows a hold that interrupted the wait before."""
    return bool(before) and any(
        held.kind == "held" and held.start == before[-1].end and held.end == spell.start for held in found
    )


def held_intervals(journey: Journey, now: int) -> list[Interval]:
    """When the journey was held, in order of time."""
    return merged((step.t, now if step.holding else step.t + step.held) for step in journey.steps_held)


def cut(found: Iterable[Spell], holds: Sequence[Interval]) -> list[Spell]:
    """The same stretches without the time held."""
    return [_piece(spell, start, end) for spell in found for start, end in gaps(holds, spell.start, spell.end)]


def _piece(spell: Spell, start: int, end: int) -> Spell:
    whole = spell.end - spell.start
    return msgspec.structs.replace(spell, start=start, end=end, lasted=spell.lasted * (end - start) // whole)


def _end(journey: Journey, call: Step, now: int | None) -> int:
    if call.pair is not None:
        return journey.steps[call.pair - 1].t
    last = max(journey.ended, call.t, *(each.end for each in journey.suspensions[-1:]))
    return last if now is None or journey.complete or journey.quiet or journey.abandoned else max(now, last)


def _told_apart(
    suspensions: Sequence[Suspension], holds: Sequence[Interval], end: int
) -> tuple[list[Suspension], list[Interval]]:
    """The waits, and the holds with the suspensions that they are made of: to be held in an ``await`` is to be
    suspended, from just after the hold began to when the loop came back."""
    waits: list[Suspension] = []
    longer: list[Interval] = [*holds]
    for each in suspensions:
        if any(start <= each.start <= stop for start, stop in holds) and each.times == 1:
            longer.append((each.start, end if each.open else each.end))
        else:
            waits.append(each)
    return waits, merged(longer)


def _wait(each: Suspension, tid: int, end: int) -> Spell:
    if each.open:
        return Spell("waiting", each.start, max(end, each.start), tid, 1, max(0, end - each.start))
    return Spell("waiting", each.start, each.end, tid, each.times, min(each.waited, max(0, each.end - each.start)))


def _run(each: Interval, tid: int) -> Spell:
    return Spell("running", *each, tid, 1, each[1] - each[0])


def _hold(each: Interval, tid: int) -> Spell:
    return Spell("held", *each, tid, 1, each[1] - each[0])


def _elsewhere(journey: Journey, call: Step, end: int) -> list[tuple[int, Interval]]:
    """The outermost calls on other threads of the same process, while the callable was under way."""
    found: dict[int, list[Interval]] = {}
    for step in journey.steps:
        if step.pid == call.pid and step.tid != call.tid and call.t <= step.t <= end:
            if step.pair is not None and step.pair > step.n:
                found.setdefault(step.tid, []).append((step.t, journey.steps[step.pair - 1].t))
            elif step.pair is None and step.station == "view" and call.pair is None:
                found.setdefault(step.tid, []).append((step.t, end))  # it is still running
    return [(tid, each) for tid, intervals in found.items() for each in within(merged(intervals), call.t, end)]
