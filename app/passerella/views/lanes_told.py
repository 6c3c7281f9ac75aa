"""The lanes in sentences, to be read aloud: who ran where, who waited for whom, and for how long."""

from collections.abc import Iterator, Sequence

from passerella.journeys.intervals import Interval, length, merged
from passerella.journeys.lanes import Block, Lane, Strip
from passerella.language import _, plural
from passerella.views.lanes import HELD, QUEUED, RUNNING, WAITING, lane_title
from passerella.views.numbers import duration, milliseconds

_LONGEST = 100_000_000  # nanoseconds of a loop that nobody else can use: worth a sentence
_MOST_PIECES = 6  # a journey that changes more often is told in sums
_SHORTEST = 1_000_000  # nanoseconds of a queue that is worth a word
_INDENT = "  "


def tell_lanes(lanes: Sequence[Lane], window: Interval) -> Iterator[str]:
    """The lines that tell the lanes, their times counted from the window's start."""
    number = len({strip.blocks[0].journey for lane in lanes for strip in lane.strips} - {0})
    span = duration(window[1] - window[0])
    yield plural("Corsie: {n} viaggio in {time}.", "Corsie: {n} viaggi in {time}.", number).format(n=number, time=span)
    several = len({lane.place[0] for lane in lanes}) > 1
    for lane in lanes:
        yield _lane(lane, several)
        if lane.kind == "loop":
            yield from _longest(lane)
        for strip in lane.strips:
            if strip.home:
                yield _INDENT + _strip(strip, window[0])


def _lane(lane: Lane, several: bool) -> str:
    title = lane_title(lane, several)
    if lane.kind == "queue":
        number = len(lane.rows)
        return plural("{title}: {n} richiesta.", "{title}: {n} richieste.", number).format(title=title, n=number)
    busy = duration(length(merged((block.start, block.end) for block in lane.busy)))
    served = len({strip.blocks[0].journey for strip in lane.strips if strip.home})
    if not served:
        return _("{title}: occupato per {time}, ma non ha chiamato nessuna app.").format(title=title, time=busy)
    most = _together(lane.strips)
    how = _("uno alla volta") if most <= 1 else _("al massimo {n} insieme").format(n=most)
    sentence = plural(
        "{title}: {n} viaggio, occupato per {time}.", "{title}: {n} viaggi, {how}, occupato per {time}.", served
    )
    return sentence.format(title=title, n=served, how=how, time=busy)


def _together(strips: Sequence[Strip]) -> int:
    """How many were under way at the same time, those in the queue left out."""
    changes: list[tuple[int, int]] = []
    for strip in strips:
        under_way = [block for block in strip.blocks if block.kind != QUEUED]
        if strip.home and under_way:
            # From the longest stretch without a queue: to be read by the loop is not to be under way.
            last = max((block.end for block in strip.blocks if block.kind == QUEUED), default=strip.start)
            changes += ((max(last, under_way[0].start), 1), (under_way[-1].end, -1))
    now = most = 0
    for _time, change in sorted(changes):
        now += change
        most = max(most, now)
    return most


def _longest(lane: Lane) -> Iterator[str]:
    longest = max(lane.busy, key=lambda block: block.end - block.start, default=None)
    if longest is not None and longest.end - longest.start >= _LONGEST:
        yield _INDENT + _(
            "Il viaggio {n} ha tenuto il loop per {time} di seguito: intanto nessun altro è andato avanti."
        ).format(n=longest.journey, time=duration(longest.end - longest.start))


def _strip(strip: Strip, origin: int) -> str:
    blocks = [block for block in strip.blocks if block.kind != QUEUED or block.end - block.start >= _SHORTEST]
    together = _joined(blocks)
    said = _sums(blocks) if len(together) > _MOST_PIECES else ", ".join(_piece(block, origin) for block in together)
    return _("viaggio {n}: {said}.").format(n=strip.blocks[0].journey, said=said)


def _joined(blocks: Sequence[Block]) -> list[Block]:
    """Pieces of a kind that follow one another, as one."""
    found: list[Block] = []
    for block in blocks:
        if found and found[-1].kind == block.kind:
            last = found.pop()
            block = Block(block.journey, block.kind, last.start, block.end, block.open, last.times + block.times)
        found.append(block)
    return found


def _piece(block: Block, origin: int) -> str:
    sentence = _("{kind} da {start} ms in poi") if block.open else _("{kind} da {start} a {end} ms")
    return sentence.format(
        kind=_words()[block.kind], start=milliseconds(block.start - origin), end=milliseconds(block.end - origin)
    )


def _sums(blocks: Sequence[Block]) -> str:
    parts = []
    for kind, words in _words().items():
        each = [block for block in blocks if block.kind == kind]
        if not each:
            continue
        said = _("{kind} {time}").format(kind=words, time=duration(sum(block.lasted for block in each)))
        waits = sum(block.times for block in each)
        if kind == WAITING:
            said += plural(" in {n} attesa", " in {n} attese", waits).format(n=waits)
        parts.append(said)
    return ", ".join(parts)


def _words() -> dict[str, str]:
    return {
        QUEUED: _("in coda"),
        RUNNING: _("in esecuzione"),
        WAITING: _("in attesa"),
        HELD: _("fermo"),
    }
