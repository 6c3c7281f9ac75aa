"""``--ferma STAZIONE[:SECONDI]``, read into a rule."""

from collections.abc import Sequence

from passerella.errors import CommandError
from passerella.language import _
from passerella.probe.vocabulary import CLIENT, PROXY, STATIONS
from passerella.session.live import HoldRule
from passerella.texts import station_title

_HOLDABLE = [name for name in STATIONS if name not in (CLIENT, PROXY)]


def hold_rules(asked: Sequence[str]) -> list[HoldRule]:
    """One rule for each ``--ferma``."""
    return [_rule(number, text) for number, text in enumerate(asked, 1)]


def _rule(number: int, text: str) -> HoldRule:
    name, colon, seconds = text.partition(":")
    return HoldRule(number, station=_station(name), seconds=_seconds(seconds, text) if colon else None)


def _station(name: str) -> str:
    """A station by its title on screen («Ponte») or by its word in JSON (``gateway``), in any case."""
    for station in _HOLDABLE:
        if name.strip().lower() in (station, station_title(station).lower()):
            return station
    raise CommandError(
        _("«{name}» non è una stazione a cui fermarsi. Scegli tra: {names}.").format(
            name=name, names=", ".join(station_title(each).lower() for each in _HOLDABLE)
        )
    )


def _seconds(text: str, whole: str) -> float:
    try:
        seconds = float(text.replace(",", "."))
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise CommandError(
            _("In «--ferma {whole}» i secondi non vanno: scrivi per esempio «ponte:1,5».").format(whole=whole)
        )
    return seconds
