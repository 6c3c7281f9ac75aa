"""Where to hold, when there is no row to say it; and which journeys."""

from typing import TYPE_CHECKING

from passerella.language import _
from passerella.tui.ask import Ask
from passerella.tui.chooser import Choice, Chooser
from passerella.views.filter import parse
from passerella.views.filter_holds import wanted
from passerella.views.holding import PLACES, place_title

if TYPE_CHECKING:
    from collections.abc import Callable

    from passerella.tui.lab import Lab


def choose_place(lab: "Lab") -> None:
    """Hold every journey at a place, or no more."""

    def hold(station: str, way: str) -> None:
        lab.hold_at(station, way)

    _choose(lab, _("A quale stazione fermare"), hold)


def choose_blocked(lab: "Lab") -> None:
    """Hold at a place together with the whole loop, or no more."""

    def hold(station: str, way: str) -> None:
        lab.hold_at(station, way, blocking=True)

    _choose(lab, _("A quale stazione fermare, bloccando il loop"), hold)


def choose_some(lab: "Lab") -> None:
    """Hold at a place only the journeys that a filter names."""

    def ask(station: str, way: str) -> None:
        def hold(text: str) -> None:
            lab.hold_only(station, way, wanted(parse(text), station, way))

        lab.app.push_screen(
            Ask(
                _("Quali viaggi fermare: {place}").format(place=place_title(station, way)),
                _("Scrivi per esempio «metodo:POST percorso:/moduli». Vuoto: tutti."),
                hold,
            )
        )

    _choose(lab, _("A quale stazione fermare"), ask)


def _choose(lab: "Lab", title: str, then: "Callable[[str, str], None]") -> None:
    choices = [
        Choice(
            f"{station} {way}",
            place_title(station, way),
            _("qui ferma già") if lab.holds.at(station, way) else "",
        )
        for station, way in PLACES
    ]

    def chosen(place: str | None) -> None:
        if place is not None:
            station, _space, way = place.partition(" ")
            then(station, way)

    row = lab.browsing.row
    here = f"{row.step.station} {row.step.direction}" if row is not None else ""
    lab.app.push_screen(Chooser(title, choices, begin=here), chosen)
