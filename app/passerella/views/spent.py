"""How an ASGI journey spent its time inside the app, in one sentence."""

from passerella.journeys.model import Journey
from passerella.journeys.spells import spent
from passerella.language import _, plural
from passerella.views.numbers import duration
from passerella.views.visible import visible

_NAME = 60


def spent_sentence(journey: Journey, now: int | None = None) -> str:
    """«in esecuzione 1,2 ms, in attesa 30,1 ms in 3 attese»; empty where no ASGI app was called."""
    found = spent(journey, now)
    if found is None:
        return ""
    running = _("in esecuzione {time}").format(time=duration(found.running))
    for name, time in found.elsewhere.items():
        running += _(" (di cui {time} nel thread {name})").format(time=duration(time), name=visible(name, _NAME))
    parts = [running]
    if found.waits:
        waits = plural("in attesa {time} in {n} attesa", "in attesa {time} in {n} attese", found.waits)
        parts.append(waits.format(time=duration(found.waiting), n=found.waits))
    else:
        parts.append(_("mai in attesa"))
    if found.held:
        parts.append(_("fermo {time}").format(time=duration(found.held)))
    return ", ".join(parts)
