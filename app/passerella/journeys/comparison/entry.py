"""What one journey has of a topic, and the rule that tells how the entries of several journeys differ."""

import json
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from passerella.events import Value
from passerella.journeys.comparison.model import Cell, Facet, Kind, Reason, Where


class Entry(msgspec.Struct, frozen=True):
    """Something that a journey has.

    :ivar meaning: what it comes down to, however it is written.
    :ivar settled: the meaning without what no two journeys share; ``reason`` is what was left out.
    """

    name: str
    value: Value
    meaning: Value
    settled: Value
    reason: Reason = ""


Entries = Mapping[str, Entry]


def topics(columns: Iterable[Entries]) -> list[str]:
    """The topics of all columns, in the order of the first that has each."""
    return list(dict.fromkeys(topic for entries in columns for topic in entries))


def facet(where: Where, topic: str, entries: Sequence[Entry | None]) -> Facet:
    """How ``entries`` (by column) differ."""
    kind, reason = _kind(where, [entry for entry in entries if entry is not None], len(entries))
    cells = tuple(Cell(entry.name, entry.value) if entry is not None else None for entry in entries)
    return Facet(where, topic, kind, cells, reason)


def _kind(where: Where, there: Sequence[Entry], columns: int) -> tuple[Kind, Reason]:
    if len(there) < columns:
        return "only", ""
    if _same(entry.meaning for entry in there):
        if not _same(entry.name for entry in there):
            return "rewritten", "case" if where == "response" else "name"
        return ("equal", "") if _same(entry.value for entry in there) else ("rewritten", "type")
    if settled_alike(there):
        return "expected", next((entry.reason for entry in there if entry.reason), "")
    return "different", ""


def settled_alike(entries: Iterable[Entry]) -> bool:
    """They differ in nothing, or only in what no two journeys share."""
    return _same(entry.settled for entry in entries)


def _same(values: Iterable[Value]) -> bool:
    """``1``, ``True`` and ``"1"`` are three things: what JSON writes in the same way is the same."""
    return len({json.dumps(value, sort_keys=True) for value in values}) <= 1
