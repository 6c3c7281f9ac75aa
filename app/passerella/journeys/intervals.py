"""Stretches of time ``(start, end)``: put together, cut, measured."""

from collections.abc import Iterable, Sequence

Interval = tuple[int, int]


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """In order of time, those that touch made one; what is empty or upside down left out."""
    together: list[Interval] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if together and start <= together[-1][1]:
            together[-1] = (together[-1][0], max(end, together[-1][1]))
        else:
            together.append((start, end))
    return together


def gaps(taken: Sequence[Interval], start: int, end: int) -> list[Interval]:
    """What is left between ``start`` and ``end``; ``taken`` is in order, and nothing in it overlaps."""
    left: list[Interval] = []
    for taken_from, taken_until in taken:
        if taken_from > start:
            left.append((start, min(taken_from, end)))
        start = max(start, taken_until)
    left.append((start, end))
    return [(low, high) for low, high in left if high > low]


def within(intervals: Iterable[Interval], start: int, end: int) -> list[Interval]:
    """The parts that lie between ``start`` and ``end``."""
    parts = ((max(low, start), min(high, end)) for low, high in intervals)
    return [(low, high) for low, high in parts if high > low]


def length(intervals: Iterable[Interval]) -> int:
    return sum(end - start for start, end in intervals)
