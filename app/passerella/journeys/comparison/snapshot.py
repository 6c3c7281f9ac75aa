"""``environ`` or ``scope`` as the server hands it over, and what middleware and framework add before the view."""

from collections.abc import Iterable

from passerella.events import Value
from passerella.journeys.model import Journey, Step
from passerella.journeys.paths import apply
from passerella.probe.vocabulary import GATEWAY, INBOUND, OUTBOUND

_CALL = "call"
_SERVERS_OWN_MIDDLEWARE = "proxy_headers"
# What uvicorn's ProxyHeadersMiddleware writes; it works beyond the gateway, but is the server's.
_WRITTEN_BY_IT = ("client", "scheme")


def handed_over(journey: Journey) -> dict[str, Value]:
    """The mapping that the app is called with: what the server built, its own middleware included."""
    mapping = _folded(_until(journey, _CALL))
    steps = iter(journey.steps)
    if any(step.name == _SERVERS_OWN_MIDDLEWARE for step in steps):
        written = next((step.changes for step in steps if step.changes is not None), None)
        if written is not None:
            mapping |= {key: written.changed[key][1] for key in _WRITTEN_BY_IT if key in written.changed}
    return mapping


def added_beyond(journey: Journey) -> dict[str, Value]:
    """The keys that were added or changed between the call of the app and the last view (or the way back)."""
    called = len(_until(journey, _CALL))
    later = _folded(journey.steps[called : _last_view(journey)])
    given = handed_over(journey)
    return {key: value for key, value in later.items() if key not in given or given[key] != value}


def _until(journey: Journey, name: str) -> list[Step]:
    """The steps up to the first one of that name, itself included; all of them, if there is none."""
    last = next((step.n for step in journey.steps if step.name == name), len(journey.steps))
    return journey.steps[:last]


def _last_view(journey: Journey) -> int:
    views = [step.n for step in journey.steps if (step.name, step.direction) == ("view", INBOUND)]
    if views:
        return views[-1]
    back = (step.n - 1 for step in journey.steps if (step.station, step.direction) == (GATEWAY, OUTBOUND))
    return next(back, len(journey.steps))


def _folded(steps: Iterable[Step]) -> dict[str, Value]:
    mapping: dict[str, Value] = {}
    for step in steps:
        if step.changes is not None:
            apply(mapping, step.changes)
    return mapping
