"""A request ready to be sent: its bytes, and what must be known of them to read the answers. Pure."""

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from passerella.client.manner import Manner, cut_at

if TYPE_CHECKING:  # slow to import: where something is sent, and not before
    import h11

MOST_TOGETHER = 200  # requests at the same time

_FIRST_TOKEN = re.compile(rb"[\r\n]*([-!#$%&'*+.^_`|~0-9A-Za-z]{1,32})[ \t]")
_HEAD_END = re.compile(rb"\r?\n\r?\n")


class Prepared(NamedTuple):
    """Bytes to send as they are.

    :ivar method: of the (first) request in ``data``.
    :ivar pipelined: the methods of the requests that follow it in the same bytes.
    :ivar partial: a server that reads ``data`` waits for more, which will never come.
    :ivar manner: how the bytes are sent; no part of what they say.
    """

    data: bytes
    method: str = "GET"
    pipelined: tuple[str, ...] = ()
    partial: bool = False
    manner: Manner = Manner()

    @property
    def methods(self) -> tuple[str, ...]:
        """One for each answer to wait for: none when the client leaves without wanting any."""
        return (self.method, *self.pipelined) if self.manner.wants_answer else ()

    @classmethod
    def of(cls, data: bytes) -> "Prepared":
        """Look into ``data``, composed by us or written by anyone."""
        methods, partial = _requests_in(data)
        return cls(data, methods[0] if methods else method_of(data), tuple(methods[1:]), partial)

    def sent(self, manner: Manner) -> "Prepared":
        """The same request, sent in another manner."""
        return self._replace(manner=manner)


def in_line(requests: Sequence[Prepared], pause: float | None = None) -> Prepared:
    """All the requests on one connection without waiting for the answers (RFC 9112 §9.3.2).

    They go in one write, or in one write each when there is a ``pause`` between them, 0 included.
    """
    line = Prepared.of(b"".join(request.data for request in requests))
    if pause is None:
        return line
    borders = list(accumulate(len(request.data) for request in requests))
    return line.sent(Manner(cut_at(borders[:-1], pause)))


def together(requests: Sequence[Prepared]) -> list[Prepared]:
    """All the requests at the same time, from one connection each."""
    return [request.sent(request.manner._replace(together=position > 0)) for position, request in enumerate(requests)]


def method_of(data: bytes) -> str:
    """The first word of a request, whatever follows."""
    match = _FIRST_TOKEN.match(data)
    return match[1].decode("ascii") if match else "GET"


def _requests_in(data: bytes) -> tuple[list[str], bool]:
    """The methods of the whole requests that ``data`` holds, and whether there is none because its end is missing."""
    import h11

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


def _whole_request(connection: "h11.Connection") -> str | None:
    import h11

    method = None
    while True:
        event = connection.next_event()
        if isinstance(event, h11.Request):
            method = event.method.decode("ascii")
        elif isinstance(event, h11.EndOfMessage):
            return method
        elif not isinstance(event, h11.Data):
            return None
