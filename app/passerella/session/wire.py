"""Lines of the wire into events: a line is a batch, and who was where is told once, then by a number."""

import json
from typing import Any, Union, get_args

import msgspec

from passerella.events import Dropped, Event, Message, Moment
from passerella.session.bounds import check_bounds, plainly_small

_MOST_PLACES = 4096  # of requests that may still be going on; as many again may be heard of anew
_WHERE = ("tid", "task", "connection", "request")  # the fields of a moment for which its place stands

_Where = tuple[int, str, int, int]


class _Place(msgspec.Struct, frozen=True, array_like=True, tag_field="kind", tag="place"):
    """Who is where, told before the first moment there. It belongs to the wire, not to the trace."""

    number: int
    tid: int
    task: str
    connection: int
    request: int


def _as_on_the_wire(moment: type[Moment]) -> type[msgspec.Struct]:
    """The same moment with the number of a place where it has ``_WHERE``."""
    fields: list[tuple[str, Any, Any]] = []
    for field in msgspec.structs.fields(moment):
        if field.name == _WHERE[0]:
            fields.append(("place", int, msgspec.NODEFAULT))
        elif field.name not in _WHERE:
            fields.append((field.name, field.type, _default(field)))
    tag = moment.__struct_config__.tag
    return msgspec.defstruct(moment.__name__, fields, frozen=True, array_like=True, tag_field="kind", tag=tag)


def _default(field: msgspec.structs.FieldInfo) -> Any:
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()


_MOMENTS: dict[type, type[Moment]] = {
    _as_on_the_wire(kind): kind for kind in get_args(Message) if issubclass(kind, Moment)
}
_OTHERS = [kind for kind in get_args(Message) if not issubclass(kind, Moment)]
_Batch: Any = list[Union[(_Place, *_MOMENTS, *_OTHERS)]]  # type: ignore[valid-type]
_decoder: msgspec.json.Decoder[list[Any]] = msgspec.json.Decoder(_Batch)
_fields = msgspec.structs.astuple


class Wire:
    """What one process says, line by line.

    ``["place", number, tid, task, connection, request]`` belongs to the line, not to the trace: each moment has the
    number where :class:`passerella.events.Moment` has those four.
    """

    def __init__(self) -> None:
        self._places: dict[int, _Where] = {}
        self._older: dict[int, _Where] = {}
        self._highest = 0

    def events(self, line: bytes) -> list[Event]:
        """The events of a line; ValueError (of which msgspec's errors are) when it is none of ours."""
        events = self._placed(_decoded(b"[%b]" % line if line.startswith(b'["') else line))
        if not plainly_small(line):
            for event in events:
                check_bounds(event)
        return events

    def _placed(self, messages: list[Any]) -> list[Event]:
        events: list[Event] = []
        for message in messages:
            moment = _MOMENTS.get(type(message))
            if moment is not None:
                n, t, number, *rest = _fields(message)
                where = self._places.get(number) or self._older_place(number)
                events.append(moment(n, t, *where, *rest) if where is not None else Dropped(1))
            elif type(message) is _Place:
                self._meet(message)
            else:
                events.append(message)
        return events

    def _meet(self, place: _Place) -> None:
        self._highest = max(self._highest, place.number)
        self._keep(place.number, (place.tid, place.task, place.connection, place.request))

    def _older_place(self, number: int) -> _Where | None:
        """Who was where, a while ago; None when nothing was heard of it for so long that it was forgotten."""
        place = self._older.pop(number, None)
        if place is not None:
            self._keep(number, place)
        elif number > self._highest:
            raise ValueError("a moment that is nowhere")
        return place

    def _keep(self, number: int, place: _Where) -> None:
        """A connection that stays open for days is at one place all that time: those in use are not forgotten."""
        if len(self._places) >= _MOST_PLACES:
            self._older, self._places = self._places, {}
        self._places[number] = place


def _decoded(line: bytes) -> list[Any]:
    try:
        return _decoder.decode(line)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        if b"\\ud" not in line:
            raise
        # A Python string may hold lone surrogates, as environments really do: only the standard library reads them.
        messages: list[Any] = msgspec.convert(json.loads(line, parse_constant=_no_number), _Batch)
        return messages


def _no_number(name: str) -> None:
    """NaN and the infinities are no JSON (RFC 8259 §6)."""
    raise ValueError(f"number out of bounds: {name}")
