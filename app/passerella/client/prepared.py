"""A request ready to be sent: its bytes, and what must be known of them to read the answers. Pure."""

import re
from typing import NamedTuple

import h11

_FIRST_TOKEN = re.compile(rb"[\r\n]*([-!#$%&'*+.^_`|~0-9A-Za-z]{1,32})[ \t]")
_HEAD_END = re.compile(rb"\r?\n\r?\n")


class Prepared(NamedTuple):
    """Bytes to send as they are.

    :ivar method: of the (first) request in ``data``.
    :ivar pipelined: the methods of the requests that follow it in the same bytes.
    :ivar partial: a server that reads ``data`` waits for more, which will never come.
    """

    data: bytes
    method: str = "GET"
    pipelined: tuple[str, ...] = ()
    partial: bool = False

    @property
    def methods(self) -> tuple[str, ...]:
        """One for each answer to wait for."""
        return (self.method, *self.pipelined)

    @classmethod
    def of(cls, data: bytes) -> "Prepared":
        """Look into ``data``, composed by us or written by anyone."""
        methods, partial = _requests_in(data)
        return cls(data, methods[0] if methods else method_of(data), tuple(methods[1:]), partial)


def method_of(data: bytes) -> str:
    """The first word of a request, whatever follows."""
    match = _FIRST_TOKEN.match(data)
    return match[1].decode("ascii") if match else "GET"


def _requests_in(data: bytes) -> tuple[list[str], bool]:
    """The methods of the whole requests that ``data`` holds, and whether there is none because its end is missing."""
    methods: list[str] = []
    while data:
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=len(data) + 1)
        connection.receive_data(data)
        try:
            method = _whole_request(connection)
        except h11.RemoteProtocolError:
            # Some server may read it all the same: it waits only if it cannot see where the head ends.
            return methods, not methods and _HEAD_END.search(data) is None
        if method is None:
            return methods, not methods
        methods.append(method)
        if connection.their_state is not h11.DONE:
            return methods, False
        data = bytes(connection.trailing_data[0])
    return methods, not methods


def _whole_request(connection: h11.Connection) -> str | None:
    method = None
    while True:
        event = connection.next_event()
        if isinstance(event, h11.Request):
            method = event.method.decode("ascii")
        elif isinstance(event, h11.EndOfMessage):
            return method
        elif not isinstance(event, h11.Data):
            return None
