"""What an expression can speak of besides plain values, and the attributes of each: a table for each kind of thing."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from passerella.journeys.model import Journey, Step
from passerella.lessons.outcome import Received

_SECOND = 1e9


class Trip(msgspec.Struct, frozen=True):
    """A journey, and its place among the others, from 1."""

    number: int
    journey: Journey


class Moment(msgspec.Struct, frozen=True):
    """A step of a journey."""

    trip: Trip
    step: Step

    @property
    def start(self) -> int:
        return self.step.t

    @property
    def end(self) -> int:
        """When the call that begins here was over; the step's own time when nothing ends it."""
        pair = self.step.pair
        if pair is None or pair <= self.step.n:
            return self.step.t
        return next((each.t for each in self.trip.journey.steps if each.n == pair), self.step.t)


Read = Callable[[Any], Any]


def _value(moment: Moment, name: str = "") -> Any:
    values = moment.step.value
    if name:
        return plain(values.get(name))
    return plain(next(iter(values.values()), None))


def plain(value: Any) -> Any:
    """A value of the trace as an expression sees it: bytes become text, a tuple a list, a type its name."""
    if isinstance(value, bytes | bytearray):
        return bytes(value).decode("latin-1")
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return _plain_dict(value)
    return value


def _plain_dict(value: dict[str, Any]) -> Any:
    """What a frozen dict stands for, in the notation of :mod:`passerella.probe.freeze`."""
    if value.keys() == {"bytes"} and isinstance(value["bytes"], str):
        return value["bytes"]
    if value.keys() == {"tuple"}:
        return plain(value["tuple"])
    if {"type", "id"} <= value.keys():
        return str(value["type"])
    return {key: plain(each) for key, each in value.items()}


def _body(received: Received) -> str:
    return received.data.partition(b"\r\n\r\n")[2].decode("utf-8", "replace")


TRIP: Mapping[str, Read] = {
    "numero": lambda it: it.number,
    "connessione": lambda it: it.journey.connection,
    "pid": lambda it: it.journey.pid,
    "stato": lambda it: it.journey.status,
    "metodo": lambda it: it.journey.method,
    "percorso": lambda it: (it.journey.target or "").partition("?")[0],
    "protocollo": lambda it: it.journey.protocol,
    "interfaccia": lambda it: it.journey.interface,
    "richiesta": lambda it: bytes(it.journey.request).decode("latin-1"),
    "risposta": lambda it: bytes(it.journey.response).decode("latin-1"),
    "passi": lambda it: [Moment(it, step) for step in it.journey.steps],
    "durata": lambda it: it.journey.duration / _SECOND,
}

MOMENT: Mapping[str, Read] = {
    "nome": lambda it: it.step.name,
    "stazione": lambda it: it.step.station,
    "verso": lambda it: it.step.direction,
    "punto": lambda it: it.step.landmark,
    "pid": lambda it: it.step.pid,
    "thread": lambda it: it.step.tid,
    "task": lambda it: it.step.task,
    "connessione": lambda it: it.step.connection,
    "errore": lambda it: it.step.error,
    "byte": lambda it: 0 if it.step.bytes is None else it.step.bytes.end - it.step.bytes.start,
    "durata": lambda it: (it.end - it.start) / _SECOND,
    "viaggio": lambda it: it.trip,
}

RECEIVED: Mapping[str, Read] = {
    "stato": lambda it: it.status,
    "completa": lambda it: it.complete,
    "byte": lambda it: it.length,
    "testo": lambda it: it.data.decode("utf-8", "replace"),
    "corpo": _body,
    "chiusa": lambda it: it.closed,
    "fallita": lambda it: it.failure,
    "primo_byte": lambda it: it.first_byte,
    "durata": lambda it: it.duration,
}

ATTRIBUTES: Mapping[type, Mapping[str, Read]] = {Trip: TRIP, Moment: MOMENT, Received: RECEIVED}
CALLED: Mapping[tuple[type, str], Callable[..., Any]] = {(Moment, "valore"): _value}
