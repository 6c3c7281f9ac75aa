"""``--json``: a comparison as objects, one a line. A promise: fields and kinds may be added, never renamed or removed."""

from collections.abc import Iterator, Sequence
from typing import Any

from passerella.journeys.comparison import Aligned, Comparison, Facet, Timing
from passerella.journeys.model import Journey, Step

FORMAT = 1


def objects(comparison: Comparison, line: str = "", servers: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """``line`` is the request as it was asked for; ``servers``, by column, with their versions."""
    yield {
        "kind": "comparison",
        "format": FORMAT,
        "request": line or None,
        "columns": list(comparison.labels),
        "mixed": comparison.mixed,
    }
    for column, (label, journey) in enumerate(zip(comparison.labels, comparison.journeys, strict=True)):
        server = servers[column] if column < len(servers) else ""
        yield _column(label, server, journey, comparison.timings[column])
    for facet in comparison.facets:
        yield _facet(facet)
    for row in comparison.aligned:
        yield _aligned(comparison, row)


def _column(label: str, server: str, journey: Journey, timing: Timing) -> dict[str, Any]:
    return {
        "kind": "column",
        "column": label,
        "server": server or None,
        "interface": journey.interface,
        "method": journey.method,
        "target": journey.target,
        "status": journey.status,
        "duration_ns": timing.duration,
        "first_byte_ns": timing.first_byte,
        "first_byte_after": timing.after.name if timing.after is not None else None,
        "last_byte_ns": timing.last_byte,
        "places": [
            {"station": station, "direction": way, "t_ns": lasted} for (station, way), lasted in timing.places.items()
        ],
    }


def _facet(facet: Facet) -> dict[str, Any]:
    return {
        "kind": "facet",
        "where": facet.where,
        "topic": facet.topic,
        "difference": facet.kind,
        "reason": facet.reason or None,
        "cells": [
            {"name": cell.name or None, "value": cell.value} if cell is not None else None for cell in facet.cells
        ],
        "instead": [name or None for name in facet.instead] or None,
        "only_in": facet.interface or None,
        "at": facet.at,
    }


def _aligned(comparison: Comparison, row: Aligned) -> dict[str, Any]:
    return {
        "kind": "aligned",
        "station": row.station,
        "direction": row.direction,
        "name": row.name,
        "identity": row.identity or None,
        "moved": row.moved,
        "cells": [
            _steps(journey, steps, rank) if steps else None
            for journey, steps, rank in zip(comparison.journeys, row.steps, row.ranks, strict=True)
        ],
    }


def _steps(journey: Journey, steps: Sequence[Step], rank: int) -> dict[str, Any]:
    """The steps of one journey, and when the first one happened, counted from the journey's beginning.

    ``rank``: which one it is, from 1, of that journey's steps at this place.
    """
    return {
        "name": steps[0].name,
        "rank": rank,
        "steps": [step.n for step in steps],
        "t_ns": steps[0].t - journey.started,
    }
