"""``--microscopio [STAZIONE]``, read into what to look at."""

from passerella.errors import CommandError
from passerella.language import SOURCE, _
from passerella.probe.vocabulary import CLIENT, GATEWAY, INBOUND, OUTBOUND, PROXY, SERVER, SOCKET, STATIONS
from passerella.session.wanted import Look, Place
from passerella.texts import station_title

AT_CALL = ""  # the option without a station
_STATIONS = [name for name in STATIONS if name not in (CLIENT, PROXY)]
_THROUGH = (SOCKET, SERVER)  # no one call of theirs holds all that follows: there it ends where the answer comes by


def look_at(asked: str | None) -> Look | None:
    """Each request in its turn, from its arrival at a station to its way back from there; at the call of the app."""
    if asked is None:
        return None
    station = _station(asked) if asked != AT_CALL else GATEWAY
    if station == GATEWAY:
        return Look(again=True)
    end = Place(station=station, direction=OUTBOUND) if station in _THROUGH else None
    return Look(Place(station=station, direction=INBOUND), end, again=True)


def _station(name: str) -> str:
    """A station by its title on screen, in Italian too («Ponte»), or by its word in JSON (``gateway``), in any case."""
    for station in _STATIONS:
        if name.strip().lower() in (station, station_title(station).lower(), station_title(station, SOURCE).lower()):
            return station
    raise CommandError(
        _(
            "«{name}» non è una stazione da mettere sotto il microscopio. Scegli tra: {names}. "
            "Lo scenario o l'applicazione vanno scritti prima di --microscopio."
        ).format(name=name, names=", ".join(station_title(each).lower() for each in _STATIONS))
    )
