"""A journey whose bytes and calls were joined by their looks, while others looked the same."""

from passerella.journeys.model import Journey, Step
from passerella.language import _

_CALLS = frozenset(("wsgi.call", "asgi.call"))


def uncertain_sentence() -> str:
    return _(
        "L'abbinamento fra i byte e la chiamata è incerto: altre richieste uguali a questa erano in corso nello "
        "stesso momento, e la chiamata può essere quella di un'altra."
    )


def uncertain_mark(journey: Journey, step: Step) -> str:
    """Beside the step where the two were joined: the call of the app."""
    joined = journey.uncertain and step.landmark in _CALLS and step.name == "call"
    return _("abbinamento incerto") if joined else ""
