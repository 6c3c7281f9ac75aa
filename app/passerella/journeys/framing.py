"""Cuts the bytes of a connection into requests and responses (RFC 9112 §2, §6, §7), read by read, and never raises.

Each byte belongs to one message, and to which one does not depend on how the bytes were split into reads. A read may
be known only in part (``data`` shorter than ``length``): where the rest is needed to know a boundary, the message is
``lost`` and keeps what follows until :meth:`next_turn`.
"""

import re
from collections import deque
from typing import NamedTuple

from passerella.journeys.message_ends import (
    SWITCHING_PROTOCOLS,
    Body,
    Endless,
    LengthFields,
    LineReader,
    NoBody,
    Read,
    State,
    request_body,
    response_body,
)

_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
# A line without version is HTTP/0.9's: servers that accept it still read fields up to a blank line.
_REQUEST_LINE = re.compile(
    rb"[ \t]*(?P<method>" + _TOKEN + rb")[ \t]+(?P<target>[^ \t]+)(?:[ \t]+HTTP/(?P<version>\d+(?:\.\d+)?))?[ \t]*"
)
_STATUS_LINE = re.compile(rb"HTTP/\d+(?:\.\d+)?[ \t]+(\d{3})(?:[ \t].*)?", re.DOTALL)

_BEGINNING = b"HTTP/"


class Cut(NamedTuple):
    """Bytes ``start`` to ``end`` of a read belong to request ``ordinal``, whose byte number ``at`` is the first one."""

    ordinal: int
    start: int
    end: int
    at: int


class ResponseCut(NamedTuple):
    """Like :class:`Cut`; ``head`` and ``body`` of its bytes are one and the other, ``extra`` ones are neither.

    ``complete`` tells whether the response is complete after these bytes.
    """

    ordinal: int
    start: int
    end: int
    at: int
    head: int
    body: int
    extra: bool
    complete: bool


class _Message:
    """What requests and responses share: lines up to a blank one, then a body.

    :ivar length: bytes that belong to it so far.
    :ivar head_end: where its head ends, counted from its first byte; None while unknown.
    :ivar state: ``complete`` when its last byte was seen.
    """

    def __init__(self, ordinal: int) -> None:
        self.ordinal = ordinal
        self.length = 0
        self.head_end: int | None = None
        self.state: State = "head"
        self._line = LineReader()
        self._fields = LengthFields()
        self._body: Body = NoBody()

    @property
    def complete(self) -> bool:
        return self.state == "complete"

    def consume(self, read: Read, position: int) -> int:
        """Take what belongs to this message; where to go on."""
        start = position
        while self.state == "head" and position < read.length:
            if position >= len(read.data):
                self._follow(Endless("lost"))
                break
            line, position = self._line.take(read.data, position)
            if line is not None:
                self._take_line(line, self.length + position - start)
        if self.state != "head" and position < read.length:
            position = self._body.consume(read, position)
            self.state = self._body.state
        self.length += position - start
        return position

    def keep_everything(self, state: State) -> None:
        """From now on all the bytes are its own."""
        self._follow(Endless(state))

    def end(self) -> None:
        self._follow(NoBody())

    def _follow(self, body: Body) -> None:
        self._body = body
        self.state = body.state

    def _take_line(self, line: bytes, end: int) -> None:
        raise NotImplementedError


class FramedRequest(_Message):
    """A request as the framer sees it. ``method``, ``target`` and ``version`` (``1.1``) are None until they are known."""

    def __init__(self, ordinal: int) -> None:
        super().__init__(ordinal)
        self.method: bytes | None = None
        self.target: bytes | None = None
        self.version: bytes | None = None

    def _take_line(self, line: bytes, end: int) -> None:
        if self.method is None:
            if line:  # RFC 9112 §2.2: blank lines before the request line are skipped
                self._take_request_line(line)
        elif line:
            self._fields.add(line)
        else:
            self.head_end = end
            self._follow(request_body(self._fields))

    def _take_request_line(self, line: bytes) -> None:
        found = _REQUEST_LINE.fullmatch(line)
        if found is None:
            self.keep_everything("malformed")
            return
        self.method, self.target, self.version = found["method"], found["target"], found["version"]


class FramedResponse(_Message):
    """A response as the framer sees it. ``interim`` are the 1xx statuses that came before ``status``.

    One that does not begin like ``HTTP/`` has no head, as in HTTP/0.9, and lasts until the connection ends.
    """

    def __init__(self, ordinal: int, method: bytes | None) -> None:
        super().__init__(ordinal)
        self.method = method
        self.status: int | None = None
        self.interim: list[int] = []
        self._announced: int | None = None

    def consume(self, read: Read, position: int) -> int:
        if self.length < len(_BEGINNING) and self.state == "head":
            self._check_beginning(read.data[position : position + len(_BEGINNING) - self.length])
        return super().consume(read, position)

    def close(self) -> bool:
        """The connection ended: whether that is what completes it (RFC 9112 §6.3, rule 8; §8: else it was cut short)."""
        waited = isinstance(self._body, Endless) or self.state in ("lost", "malformed")
        if waited:
            self.end()
        return waited

    def _check_beginning(self, data: bytes) -> None:
        for index, byte in enumerate(data, self.length):
            if byte != _BEGINNING[index]:
                self.head_end = index
                self.keep_everything("body")
                return

    def _take_line(self, line: bytes, end: int) -> None:
        if self._announced is None:
            self._take_status_line(line, end)
        elif line:
            self._fields.add(line)
        elif self._announced // 100 == 1 and self._announced != SWITCHING_PROTOCOLS:
            self.interim.append(self._announced)
            self._announced = None
            self._fields = LengthFields()
        else:
            self.head_end = end
            self.status = self._announced
            self._follow(response_body(self._fields, self.method, self.status))

    def _take_status_line(self, line: bytes, end: int) -> None:
        found = _STATUS_LINE.fullmatch(line)
        if found is None:
            self.head_end = end
            self.keep_everything("malformed")
            return
        self._announced = int(found[1])


class RequestFramer:
    """Cuts the inbound bytes of one connection.

    :ivar requests: what is known of each request, by ordinal. Who needs one no longer may take it out.
    """

    def __init__(self) -> None:
        self.requests: dict[int, FramedRequest] = {}
        self._current: FramedRequest | None = None
        self._begun = 0

    def feed(self, data: bytes, length: int) -> list[Cut]:
        """Which part of these ``length`` bytes belongs to which request."""
        read = Read(data[:length], length)
        cuts = []
        position = 0
        while position < length:
            request = self._owner()
            start, at = position, request.length
            position = request.consume(read, position)
            cuts.append(Cut(request.ordinal, start, position, at))
        return cuts

    def upgraded(self, ordinal: int) -> None:
        """The server left HTTP with this request (101, or 2xx to a CONNECT): all that follows is its own."""
        request = self.requests.get(ordinal)
        if request is not None:
            request.keep_everything("upgraded")
            self._current = request

    def next_turn(self) -> None:
        """The response to the last request is complete and new bytes arrive: a lost request ended before them."""
        if self._current is not None and self._current.state == "lost":
            self._current.end()

    def _owner(self) -> FramedRequest:
        if self._current is None or self._current.complete:
            self._begun += 1
            self._current = self.requests[self._begun] = FramedRequest(self._begun)
        return self._current


class ResponseFramer:
    """Cuts the outbound bytes of one connection, given the requests that they answer.

    Bytes after the end of a response are the next one if a request waits for it and they begin with the H of HTTP
    (one byte must be enough: how bytes are split into reads must not matter); else they are ``extra`` of the last one.

    :ivar responses: what is known of each response, by ordinal. Who needs one no longer may take it out.
    """

    def __init__(self) -> None:
        self.responses: dict[int, FramedResponse] = {}
        self._waiting: deque[bytes | None] = deque()
        self._current: FramedResponse | None = None
        self._begun = 0

    def expect(self, method: bytes | None) -> None:
        """A request was made, the next in order; None when its method is not known."""
        self._waiting.append(method)

    def feed(self, data: bytes, length: int) -> list[ResponseCut]:
        """Which part of these ``length`` bytes belongs to which response; none while no request was ever made."""
        read = Read(data[:length], length)
        cuts: list[ResponseCut] = []
        position = 0
        while position < length:
            response = self._owner(read, position)
            if response is None:
                break
            take = self._extra if response.complete else _message_bytes
            cuts.append(take(response, read, position))
            position = cuts[-1].end
        return cuts

    def next_turn(self) -> None:
        """The other side speaks again: a lost response ended before."""
        if self._current is not None and self._current.state == "lost":
            self._current.end()

    def closed(self) -> int | None:
        """The connection ended: the ordinal of the response that this completes, if one lasted until then."""
        if self._current is not None and not self._current.complete and self._current.close():
            return self._current.ordinal
        return None

    def _owner(self, read: Read, position: int) -> FramedResponse | None:
        """The response that takes the byte at ``position``; a complete one takes it as extra."""
        begins = self._current is None or (
            self._current.complete and read.data[position : position + 1] in (_BEGINNING[:1], b"")
        )
        if begins and self._waiting:
            self._begun += 1
            self._current = self.responses[self._begun] = FramedResponse(self._begun, self._waiting.popleft())
        return self._current

    def _extra(self, response: FramedResponse, read: Read, position: int) -> ResponseCut:
        end = read.data.find(_BEGINNING[:1], position) if self._waiting else read.length
        if end < 0:
            end = len(read.data)
        at = response.length
        response.length += end - position
        return ResponseCut(response.ordinal, position, end, at, 0, 0, extra=True, complete=True)


def _message_bytes(response: FramedResponse, read: Read, position: int) -> ResponseCut:
    at = response.length
    end = response.consume(read, position)
    body = 0 if response.head_end is None else max(0, response.length - max(at, response.head_end))
    head = end - position - body
    return ResponseCut(response.ordinal, position, end, at, head, body, extra=False, complete=response.complete)
