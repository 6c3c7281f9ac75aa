"""Lines of the wire into events: a line is a batch, and who was where is told once, then by a number."""

import json
from typing import Any, get_args

import msgspec

from passerella.events import Event, Message, Moment
from passerella.session.bounds import check_bounds, plainly_small

_MOST_PLACES = 4096  # of requests that may still be going on; as many again may be heard of anew

_MOMENTS = frozenset(str(kind.__struct_config__.tag) for kind in get_args(Message) if issubclass(kind, Moment))
_PLACE = 3  # where a moment has the number of its place, which stands for four fields


class Wire:
    """What one process says, line by line.

    ``["place", number, tid, task, connection, request]`` belongs to the line, not to the trace: each moment has the
    number where :class:`passerella.events.Moment` has those four.
    """

    def __init__(self) -> None:
        self._places: dict[int, list[Any]] = {}
        self._older: dict[int, list[Any]] = {}
        self._highest = 0

    def events(self, line: bytes) -> list[Event]:
        """The events of a line; ValueError (of which msgspec's errors are) when it is none of ours."""
        messages = _plain(line)
        if not isinstance(messages, list):
            raise ValueError("not a message")
        if messages and isinstance(messages[0], str):
            messages = [messages]
        events: list[Event] = msgspec.convert(self._whole(messages), list[Message], strict=True)
        if not plainly_small(line):
            for event in events:
                check_bounds(event)
        return events

    def _whole(self, messages: list[Any]) -> list[Any]:
        whole = []
        for message in messages:
            tag = message[0] if isinstance(message, list) and message else None
            if tag == "place":
                self._meet(message)
                continue
            if isinstance(tag, str) and tag in _MOMENTS and len(message) > _PLACE:
                number = message[_PLACE]
                place = self._place(number)
                if place is None:
                    whole.append(["dropped", 1])
                    continue
                message[_PLACE : _PLACE + 1] = place
            whole.append(message)
        return whole

    def _meet(self, message: list[Any]) -> None:
        _, number, *place = message
        if not isinstance(number, int) or len(place) != 4:
            raise ValueError("not a place")
        self._highest = max(self._highest, number)
        self._keep(number, place)

    def _place(self, number: Any) -> list[Any] | None:
        """Who was where; None when nothing was heard of it for so long that it was forgotten."""
        if type(number) is not int:
            raise ValueError("not a place")
        place = self._places.get(number)
        if place is None:
            place = self._older.pop(number, None)
            if place is not None:
                self._keep(number, place)
            elif number > self._highest:
                raise ValueError("a moment that is nowhere")
        return place

    def _keep(self, number: int, place: list[Any]) -> None:
        """A connection that stays open for days is at one place all that time: those in use are not forgotten."""
        if len(self._places) >= _MOST_PLACES:
            self._older, self._places = self._places, {}
        self._places[number] = place


def _plain(line: bytes) -> Any:
    try:
        return msgspec.json.decode(line)
    except msgspec.DecodeError:
        if b"\\ud" not in line:
            raise
        # A Python string may hold lone surrogates, as environments really do: only the standard library reads them.
        return json.loads(line, parse_constant=_no_number)


def _no_number(name: str) -> None:
    """NaN and the infinities are no JSON (RFC 8259 §6)."""
    raise ValueError(f"number out of bounds: {name}")
