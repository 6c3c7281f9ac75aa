"""The walks of several journeys, aligned by station, direction and name of the step.

At one place, steps of the same name are one: their order is that of the first. So two orders of the same middleware
keep a row each, marked as moved.
"""

from collections.abc import Sequence
from typing import get_args

from passerella.events import Value
from passerella.journeys.comparison.model import Aligned
from passerella.journeys.model import Direction, Journey, Station, Step
from passerella.probe.vocabulary import WALK

_Place = tuple[Station, Direction]
_Mark = tuple[str, str]  # name, identity
_Walk = dict[_Mark, list[Step]]

_ALL: tuple[Station, ...] = get_args(Station)
_PLACES: tuple[_Place, ...] = (
    *((station, "inbound") for station in _ALL),
    *((station, "outbound") for station in _ALL[::-1]),
)

# What the two interfaces call by two names.
_SAME_ACT = {"scope": "environ", "send_start": "start_response"}

# The captures that tell one step from another of the same name.
_TOLD_BY = {"middleware": ("class", "name"), "middleware_return": ("class", "name")}
_TOLD_BY_FUNCTION = frozenset(("hook", "mark", "mark_return"))


def align(journeys: Sequence[Journey]) -> list[Aligned]:
    """The steps of the walk of all journeys, a row for each name at each place."""
    walks = [_walks(journey) for journey in journeys]
    return [row for place in _PLACES for row in _rows(place, [walk.get(place, {}) for walk in walks])]


def _walks(journey: Journey) -> dict[_Place, _Walk]:
    found: dict[_Place, _Walk] = {}
    for step in journey.steps:
        if step.level <= WALK:
            walk = found.setdefault((step.station, step.direction), {})
            walk.setdefault((_SAME_ACT.get(step.name, step.name), _identity(journey, step)), []).append(step)
    return found


def _identity(journey: Journey, step: Step) -> str:
    if step.name in _TOLD_BY_FUNCTION:
        return step.source.name if step.source is not None else ""
    captures = _TOLD_BY.get(step.name, ())
    for value in (step.value, _entry_of(journey, step)):
        said = next((value[name] for name in captures if isinstance(value.get(name), str)), "")
        if said:
            return str(said)
    return ""


def _entry_of(journey: Journey, step: Step) -> dict[str, Value]:
    """The captures of the entry whose exit this is: an exit does not say again whose it is."""
    if step.pair is None or not 0 < step.pair <= len(journey.steps):
        return {}
    return journey.steps[step.pair - 1].value


def _rows(place: _Place, walks: Sequence[_Walk]) -> list[Aligned]:
    orders = [list(walk) for walk in walks]
    return [
        Aligned(
            *place,
            *mark,
            steps=tuple(tuple(walk.get(mark, ())) for walk in walks),
            moved=_moved(mark, orders),
            ranks=tuple(order.index(mark) + 1 if mark in order else 0 for order in orders),
        )
        for mark in _merged(orders)
    ]


def _merged(orders: Sequence[list[_Mark]]) -> list[_Mark]:
    """One order for all: what only some have comes after the step that it follows there."""
    merged: list[_Mark] = []
    for order in orders:
        position = 0
        for mark in order:
            if mark in merged:
                position = max(position, merged.index(mark) + 1)
            else:
                merged.insert(position, mark)
                position += 1
    return merged


def _moved(mark: _Mark, orders: Sequence[list[_Mark]]) -> bool:
    having = [order for order in orders if mark in order]
    return any(_before(mark, first, second) != _before(mark, second, first) for first in having for second in having)


def _before(mark: _Mark, order: list[_Mark], other: list[_Mark]) -> set[_Mark]:
    """What comes before ``mark`` in ``order`` and is in ``other`` too."""
    return set(order[: order.index(mark)]) & set(other)
