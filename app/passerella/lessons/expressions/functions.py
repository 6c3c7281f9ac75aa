"""The functions of the language, a table: name → how it is computed.

Each takes the outcome that is looked at, then the values of its arguments; those with a name come by that name.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from passerella.errors import ContentError
from passerella.journeys.model import Journey
from passerella.journeys.paths import apply
from passerella.language import _
from passerella.lessons.expressions.things import Moment, Trip, plain
from passerella.lessons.outcome import LIFESPAN, Outcome, Received

Item = TypeVar("Item")

_SECOND = 1e9
_CALL = "call"  # the step at which a server calls the app


def _trips(outcome: Outcome, percorso: str = "", metodo: str = "", protocollo: str = "") -> list[Trip]:
    journeys = outcome.lifespans if protocollo == LIFESPAN else outcome.journeys
    return [
        trip
        for trip in (Trip(number, journey) for number, journey in enumerate(journeys, 1))
        if (not protocollo or trip.journey.protocol == protocollo)
        and (not percorso or (trip.journey.target or "").partition("?")[0] == percorso)
        and (not metodo or trip.journey.method == metodo)
    ]


def _trip(outcome: Outcome, number: int) -> Trip:
    return _item(_trips(outcome), number, _("di viaggi ce ne sono {count}, non {number}"))


def _steps(
    outcome: Outcome,
    nome: str = "",
    viaggio: int = 0,
    stazione: str = "",
    verso: str = "",
    punto: str = "",
    protocollo: str = "",
    percorso: str = "",
    livello: int = 0,
) -> list[Moment]:
    trips = [_trip(outcome, viaggio)] if viaggio else _trips(outcome, percorso, protocollo=protocollo)
    wanted = {"name": nome, "station": stazione, "direction": verso, "landmark": punto, "level": livello}
    asked = {field: value for field, value in wanted.items() if value}
    found = [
        Moment(trip, step)
        for trip in trips
        for step in trip.journey.steps
        if all(getattr(step, field) == value for field, value in asked.items())
    ]
    return sorted(found, key=lambda each: each.start)


def _received(outcome: Outcome, number: int) -> Received:
    return _item(outcome.received, number, _("di risposte ce ne sono {count}, non {number}"))


def _header(outcome: Outcome, name: str, received: Received) -> str | None:
    """The first field of that name in the head of what came, interim answers skipped."""
    for line in received.data.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]:
        field, _colon, value = line.decode("latin-1").partition(":")
        if field.strip().lower() == name.lower():
            return value.strip()
    return None


def _mapping(outcome: Outcome, number: int) -> dict[str, Any]:
    """``environ`` or ``scope`` of a journey at the call of its app."""
    mapping: dict[str, Any] = {}
    for step in _trip(outcome, number).journey.steps:
        if step.mapping and step.changes is not None:
            apply(mapping, step.changes)
        if step.name == _CALL:
            break
    return mapping


def _key(outcome: Outcome, name: str, viaggio: int = 1) -> Any:
    return plain(_mapping(outcome, viaggio).get(name))


def _present(outcome: Outcome, name: str, viaggio: int = 1) -> bool:
    return name in _mapping(outcome, viaggio)


def _origin(outcome: Outcome, name: str, viaggio: int = 1) -> str:
    journey: Journey = _trip(outcome, viaggio).journey
    origin = journey.origins.get(name, "")
    if isinstance(origin, str):
        return origin
    return "".join(journey.origin_request[start:end].decode("latin-1") for start, end in origin)


def _heard(outcome: Outcome, client: str) -> list[str]:
    return outcome.heard.get(client, [])


def _printed(outcome: Outcome, inizio: str = "") -> list[str]:
    return [line for line in outcome.printed if line.startswith(inizio)]


def _count(outcome: Outcome, values: list[Any]) -> int:
    return len(values)


def _first(outcome: Outcome, values: list[Any]) -> Any:
    return _item(values, 1, _("l'elenco è vuoto: non c'è un primo"))


def _last(outcome: Outcome, values: list[Any]) -> Any:
    return _item(values, len(values), _("l'elenco è vuoto: non c'è un ultimo"))


def _distinct(outcome: Outcome, values: list[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


def _sum(outcome: Outcome, values: list[float]) -> float:
    return sum(values)


def _most(outcome: Outcome, values: list[float]) -> float:
    return max(_some(values))


def _least(outcome: Outcome, values: list[float]) -> float:
    return min(_some(values))


def _before(outcome: Outcome, one: Moment, other: Moment) -> bool:
    return one.start < other.start


def _between(outcome: Outcome, one: Moment, other: Moment) -> float:
    return (other.start - one.start) / _SECOND


def _in_order(outcome: Outcome, **moments: Moment) -> list[str]:
    return sorted(moments, key=lambda name: moments[name].start)


def _at_once(outcome: Outcome, calls: list[Moment]) -> int:
    """The most calls that were open at one time. One that begins when another ends does not overlap it."""
    edges = sorted(
        [(call.start, 1) for call in calls if call.end > call.start]
        + [(call.end, -1) for call in calls if call.end > call.start]
    )
    most = now = 0
    for _time, change in edges:
        now += change
        most = max(most, now)
    return most


def _equal(outcome: Outcome, *values: Any) -> bool:
    return all(value == values[0] for value in values[1:])


def _bytes(outcome: Outcome, text: Any, start: int, end: int) -> str:
    data = text.data.decode("latin-1") if isinstance(text, Received) else str(text)
    return data[start:end]


def _contains(outcome: Outcome, text: str, piece: str) -> bool:
    return piece in text


def _begins(outcome: Outcome, text: str, piece: str) -> bool:
    return text.startswith(piece)


def _length(outcome: Outcome, value: Any) -> int:
    return len(value)


def _rounded(outcome: Outcome, value: float, step: float) -> float:
    return round(round(value / step) * step, 9)


def _item(values: list[Item], number: int, otherwise: str) -> Item:
    if not 1 <= number <= len(values):
        raise ContentError(otherwise.format(count=len(values), number=number))
    return values[number - 1]


def _some(values: list[Item]) -> list[Item]:
    if not values:
        raise ContentError(_("l'elenco è vuoto"))
    return values


class Function(msgspec.Struct, frozen=True):
    """How a function is computed, with how many values, and which arguments may have a name."""

    compute: Callable[..., Any]
    least: int
    most: int
    names: frozenset[str] = frozenset()
    any_name: bool = False


def _function(compute: Callable[..., Any], least: int, most: int | None = None, *names: str) -> Function:
    return Function(compute, least, least if most is None else most, frozenset(names))


MANY = 20

FUNCTIONS: Mapping[str, Function] = {
    "viaggi": _function(_trips, 0, 0, "percorso", "metodo", "protocollo"),
    "viaggio": _function(_trip, 1),
    "passi": _function(_steps, 0, 1, "viaggio", "stazione", "verso", "punto", "protocollo", "percorso", "livello"),
    "risposta": _function(_received, 1),
    "risposte": _function(lambda outcome: outcome.received, 0),
    "intestazione": _function(_header, 2),
    "chiave": _function(_key, 1, 1, "viaggio"),
    "presente": _function(_present, 1, 1, "viaggio"),
    "origine": _function(_origin, 1, 1, "viaggio"),
    "detto": _function(_heard, 1),
    "stampato": _function(_printed, 0, 1),
    "conta": _function(_count, 1),
    "primo": _function(_first, 1),
    "ultimo": _function(_last, 1),
    "diversi": _function(_distinct, 1),
    "somma": _function(_sum, 1),
    "massimo": _function(_most, 1),
    "minimo": _function(_least, 1),
    "prima": _function(_before, 2),
    "tempo": _function(_between, 2),
    "ordine": Function(_in_order, 0, 0, any_name=True),
    "contemporanei": _function(_at_once, 1),
    "uguali": _function(_equal, 2, MANY),
    "byte": _function(_bytes, 3),
    "contiene": _function(_contains, 2),
    "inizia": _function(_begins, 2),
    "lunghezza": _function(_length, 1),
    "arrotonda": _function(_rounded, 2),
}
