"""What a journey is called: «GET /ciao?nome=Ada → 200 · 1,9 ms»."""

from passerella.journeys.model import Journey
from passerella.language import _
from passerella.views.holding import held_step
from passerella.views.numbers import duration
from passerella.views.visible import visible

TARGET = 200


def method(journey: Journey) -> str:
    return visible(journey.method, 20) if journey.method else ""


def target(journey: Journey, limit: int = TARGET) -> str:
    """The target, or the first line of the request where nobody made sense of it."""
    if journey.target is not None:
        return visible(journey.target, limit)
    if journey.protocol == "lifespan":
        return "lifespan"
    line = bytes(journey.request[:limit]).partition(b"\r\n")[0].decode("latin-1")
    return visible(line, limit) if line else _("(nessun byte)")


def outcome(journey: Journey) -> str:
    """The status, or what there is instead. A journey that is held says so, whatever it has come to."""
    if held_step(journey) is not None:
        return _("◉ fermo")
    if journey.status is not None:
        return str(journey.status)
    return _("senza risposta") if is_over(journey) else _("in corso")


def is_over(journey: Journey) -> bool:
    """Whether no more of a response can come: it came, or its connection or its process ended before."""
    return journey.complete or journey.quiet or journey.abandoned


def lasted(journey: Journey) -> str:
    """How long it took; of a journey that is held there is nothing to say yet."""
    if held_step(journey) is not None:
        return ""
    return duration(journey.duration) if journey.status is not None or is_over(journey) else ""


def heading(journey: Journey) -> str:
    """«Viaggio 1 · GET /ciao?nome=Ada → 200 · 1,9 ms»."""
    if journey.protocol == "lifespan":
        ended = _("finito") if journey.complete else _("finché il server gira")
        return " · ".join((_("Lifespan {number}").format(number=journey.number), ended))
    asked = " ".join(part for part in (method(journey), target(journey)) if part)
    parts = [_("Viaggio {number}").format(number=journey.number), f"{asked} → {outcome(journey)}", lasted(journey)]
    if journey.summary:
        parts.append(_("riassunto"))
    return " · ".join(part for part in parts if part)
