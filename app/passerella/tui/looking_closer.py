"""What is looked at on a screen of its own: lanes, microscope."""

from typing import TYPE_CHECKING

from passerella.language import _
from passerella.probe.vocabulary import GATEWAY, INBOUND, OUTBOUND, SERVER, SOCKET
from passerella.texts import station_title
from passerella.tui.chooser import Choice, Chooser
from passerella.tui.source import Phase
from passerella.views.holding import HOLDABLE

if TYPE_CHECKING:
    from passerella.journeys.model import Journey
    from passerella.tui.lab import Lab
    from passerella.tui.lanes_screen import LanesScreen

_THROUGH = (SOCKET, SERVER)  # no one call of theirs holds all that follows: there it ends where the answer comes by


def show_lanes(lab: "Lab") -> None:
    _lanes(lab)


def show_several(lab: "Lab") -> None:
    """Several requests at once, and how they go."""
    lanes = _lanes(lab)
    lab.call_after_refresh(lanes.action_several)


def _lanes(lab: "Lab") -> "LanesScreen":
    from passerella.tui.lanes_screen import LanesScreen, Several
    from passerella.tui.requests import send_together

    def look(journey: "Journey | None") -> None:
        if journey is not None:
            lab.look_at(journey)

    several = Several(lab.requests.together, lambda: send_together(lab)) if lab.status.phase is Phase.READY else None
    lanes = LanesScreen(lab.browsing, several, plain=lab.plain)
    lab.app.push_screen(lanes, look)
    return lanes


def show_microscope(lab: "Lab") -> None:
    """The tree of the journey in sight, or where that of the next request is to begin."""
    from passerella.journeys.microscope import tree
    from passerella.tui.microscope_screen import MicroscopeScreen

    journey = lab.browsing.journey
    found = tree(journey) if journey is not None else None
    if found is not None:
        lab.app.push_screen(MicroscopeScreen(found))
    elif lab.status.phase is Phase.RECORDED:
        lab.notify(_("Questo viaggio è stato registrato senza microscopio."), markup=False)
    else:
        choose_beginning(lab)


def choose_beginning(lab: "Lab") -> None:
    """Put the next request under the microscope, from a station on."""
    from passerella.session.wanted import Look, Place

    def look(station: str | None) -> None:
        if station is None:
            return
        begin = Place() if station == GATEWAY else Place(station=station, direction=INBOUND)
        end = Place(station=station, direction=OUTBOUND) if station in _THROUGH else None
        lab.live.microscope(Look(begin, end))
        lab.notify(
            _("La prossima richiesta va sotto il microscopio: mandala, poi scegli di nuovo «microscopio»."),
            markup=False,
        )

    stations = [GATEWAY, *(each for each in HOLDABLE if each != GATEWAY)]
    choices = [Choice(each, station_title(each), _beginning(each)) for each in stations]
    lab.app.push_screen(Chooser(_("Da dove comincia il microscopio"), choices), look)


def _beginning(station: str) -> str:
    if station == GATEWAY:
        return _("dalla chiamata dell'app: di solito basta")
    return _("fino a quando la risposta ripassa di qui") if station in _THROUGH else _("da quando ci arriva")
