"""Journeys that are held (design §5): at which step, what that blocks, where they can be held next."""

from typing import get_args

from passerella.journeys.model import Direction, Journey, Station, Step
from passerella.language import _
from passerella.probe.vocabulary import AWAIT, CLIENT, GATEWAY, LOOP, PROXY, SERVER, SOCKET, THREAD, VIEW
from passerella.texts import direction, station_title

# Only what the probe sees from inside the server can be held.
HOLDABLE: tuple[Station, ...] = tuple(each for each in get_args(Station) if each not in (CLIENT, PROXY))

Place = tuple[Station, Direction]
PLACES: tuple[Place, ...] = (
    *((station, "inbound") for station in HOLDABLE),
    *((station, "outbound") for station in HOLDABLE[::-1]),
)

# Where every journey comes by on its way back, even if no view was ever called.
_WAY_BACK = frozenset((GATEWAY, SERVER, SOCKET))

_MAIN = "MainThread"


def hold_title(station: str, way: str, blocking: bool) -> str:
    """What is held there: «Vista, andata», and for the hold that is a command of its own «Vista, andata, bloccando il
    loop»."""
    place = place_title(station, way)
    return _("{place}, bloccando il loop").format(place=place) if blocking else place


def held_step(journey: Journey) -> Step | None:
    """Where ``journey`` is held now; one that is packed is held nowhere, and stays so."""
    if journey.packed is not None:
        return None
    return next((step for step in journey.steps if step.holding), None)


def place_title(station: str, way: str) -> str:
    """«Ponte, andata»; «Ponte» where both directions are meant."""
    title = station_title(station)
    return f"{title}, {direction(way).label}" if way else title


def places_ahead(step: Step) -> tuple[Place, ...]:
    """The places that a journey held at ``step`` can still come to, in order.

    Before its view, a return inside Framework or Middleware (a hook, a match) is not yet the way back.
    """
    here = (step.station, step.direction)
    ahead = PLACES[PLACES.index(here) + 1 :] if here in PLACES else ()
    if (VIEW, "inbound") not in ahead:
        return ahead
    return tuple((station, way) for station, way in ahead if way == "inbound" or station in _WAY_BACK)


def held_sentence(server: str, step: Step, how: str) -> str:
    """What is held at ``step``, and what that blocks. ``how`` it really is held: ``await``, ``thread`` or ``loop``."""
    blocks = blocked(server, step.thread, how)
    if step.moved:
        return _("Dove avevi chiesto si fermerebbe tutto il loop: la fermata è passata qui. {blocks}").format(
            blocks=blocks
        )
    return blocks


def blocked(server: str, thread: str, how: str) -> str:
    """What waits while a journey is held that way."""
    if how == THREAD and thread == _MAIN:
        return _alone().get(server, _("Questo thread aspetta, e con lui tutto ciò che fa."))
    return _waiting().get(how, "")


def _waiting() -> dict[str, str]:
    return {
        AWAIT: _("Aspetta solo questa coroutine: il loop serve gli altri."),
        THREAD: _("Aspetta solo questo thread: gli altri vanno avanti."),
        LOOP: _("Tutto il loop è fermo: finché dura, nessun'altra richiesta viene letta né servita."),
    }


def _alone() -> dict[str, str]:
    """Servers whose main thread, when it is the one that runs the app, is the only one that serves."""
    one_thread = _("Il server aspetta: ha un thread solo, e non serve nessun altro.")
    return {
        "gunicorn": _("Questo worker aspetta: è sync, e intanto non serve nessun altro."),
        "wsgiref": one_thread,
        "werkzeug": one_thread,
    }
