"""``--ferma STAZIONE[:SECONDI]`` and ``--ferma-bloccando``, read into rules."""

from collections.abc import Sequence

from passerella.errors import CommandError
from passerella.language import SOURCE, _, read_decimal
from passerella.probe.vocabulary import CLIENT, PROXY, STATIONS
from passerella.session.wanted import HoldRule
from passerella.texts import station_title

_HOLDABLE = [name for name in STATIONS if name not in (CLIENT, PROXY)]


def hold_rules(asked: Sequence[str], blocking: Sequence[str] = ()) -> list[HoldRule]:
    """One rule for each ``--ferma``, then one for each ``--ferma-bloccando``."""
    options = [("--ferma", text) for text in asked] + [("--ferma-bloccando", text) for text in blocking]
    return [_rule(number, *each) for number, each in enumerate(options, 1)]


def _rule(number: int, option: str, text: str) -> HoldRule:
    name, colon, seconds = text.partition(":")
    return HoldRule(
        number,
        station=_station(name),
        seconds=_seconds(seconds, f"{option} {text}") if colon else None,
        blocking=option == "--ferma-bloccando",
    )


def _station(name: str) -> str:
    """A station by its title on screen, in Italian too («Ponte»), or by its word in JSON (``gateway``), in any case."""
    for station in _HOLDABLE:
        if name.strip().lower() in (station, station_title(station).lower(), station_title(station, SOURCE).lower()):
            return station
    raise CommandError(
        _("«{name}» non è una stazione a cui fermarsi. Scegli tra: {names}.").format(
            name=name, names=", ".join(station_title(each).lower() for each in _HOLDABLE)
        )
    )


def _seconds(text: str, whole: str) -> float:
    seconds = read_decimal(text)
    if seconds is None:
        raise CommandError(_("In «{whole}» i secondi non vanno: scrivi per esempio «ponte:1,5».").format(whole=whole))
    return seconds
