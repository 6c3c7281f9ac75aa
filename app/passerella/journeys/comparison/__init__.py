"""Journeys side by side: what each server put in ``environ`` or ``scope``, what it sent back, when, by which steps."""

from passerella.journeys.comparison.compare import compare
from passerella.journeys.comparison.model import (
    PROCESS_VARIABLES,
    Aligned,
    Cell,
    Comparison,
    Facet,
    Kind,
    Reason,
    Timing,
    Where,
)

__all__ = [
    "PROCESS_VARIABLES",
    "Aligned",
    "Cell",
    "Comparison",
    "Facet",
    "Kind",
    "Reason",
    "Timing",
    "Where",
    "compare",
]
