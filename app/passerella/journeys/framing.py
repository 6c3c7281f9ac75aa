"""Cuts the bytes of a connection into requests and responses (RFC 9112 §2, §6, §7), read by read, and never raises.

Each byte belongs to one message, and to which one does not depend on how the bytes were split into reads. A read may
be known only in part (``data`` shorter than ``length``): where the rest is needed to know a boundary, the message is
``lost`` and keeps what follows until :meth:`next_turn`.
"""

import re
from collections import deque
from typing import Literal, NamedTuple, Protocol

State = Literal["head", "body", "complete", "malformed", "upgraded", "lost"]

_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
# A line without version is HTTP/0.9's: servers that accept it still read fields up to a blank line.
_REQUEST_LINE = re.compile(
    rb"[ \t]*(?P<method>" + _TOKEN + rb")[ \t]+(?P<target>[^ \t]+)(?:[ \t]+HTTP/(?P<version>\d+(?:\.\d+)?))?[ \t]*"
)
_STATUS_LINE = re.compile(rb"HTTP/\d+(?:\.\d+)?[ \t]+(\d{3})(?:[ \t].*)?", re.DOTALL)
_LENGTH = re.compile(rb"\d{1,19}")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?", re.DOTALL)

_TRANSFER_ENCODING, _CONTENT_LENGTH = b"transfer-encoding", b"content-length"
_BEGINNING = b"HTTP/"
_BODILESS = frozenset((204, 304))
_SWITCHING_PROTOCOLS = 101


class Read(NamedTuple):
    """One read or write: the bytes that were kept, and how many there were."""

    data: bytes
    length: int


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


class _Line:
    """Collects a line across reads; each byte is looked at once."""

    def __init__(self) -> None:
        self._held = bytearray()

    def take(self, data: bytes, position: int) -> tuple[bytes | None, int]:
        """The line that ends in ``data`` (None when none does) and where to go on. A bare LF ends a line too."""
        end = data.find(b"\n", position)
        if end < 0:
            self._held += data[position:]
            return None, len(data)
        line = bytes(self._held) + data[position:end]
        self._held = bytearray()
        return line.removesuffix(b"\r"), end + 1


class _Fields:
    """The fields that say where a message ends: the only ones that are kept."""

    def __init__(self) -> None:
        self._pieces: dict[bytes, list[list[bytes]]] = {_TRANSFER_ENCODING: [], _CONTENT_LENGTH: []}
        self._folding: list[bytes] | None = None

    def add(self, line: bytes) -> None:
        if line[:1] in (b" ", b"\t"):  # obs-fold, RFC 9112 §5.2: the field above goes on
            if self._folding is not None:
                self._folding.append(line)
            return
        name, colon, value = line.partition(b":")
        occurrences = self._pieces.get(name.strip().lower()) if colon else None
        self._folding = None
        if occurrences is not None:
            self._folding = [value]
            occurrences.append(self._folding)

    def codings(self) -> list[bytes]:
        """Transfer codings in the order in which they were applied."""
        return [coding.lower() for coding in self._members(_TRANSFER_ENCODING)]

    def lengths(self) -> list[bytes]:
        return self._members(_CONTENT_LENGTH)

    def _members(self, name: bytes) -> list[bytes]:
        values = (b" ".join(pieces) for pieces in self._pieces[name])
        return [member.strip() for value in values for member in value.split(b",")]


class _Body(Protocol):
    state: State

    def consume(self, read: Read, position: int) -> int:
        """Take what belongs to this body; where to go on."""
        ...


class _Nothing:
    state: State = "complete"

    def consume(self, read: Read, position: int) -> int:
        return position


class _Endless:
    """Everything that follows, for the reason given by ``state``."""

    def __init__(self, state: State) -> None:
        self.state = state

    def consume(self, read: Read, position: int) -> int:
        return read.length


class _Sized:
    """A body as long as Content-Length says (RFC 9112 §6.2)."""

    state: State = "body"

    def __init__(self, length: int) -> None:
        self._missing = length

    def consume(self, read: Read, position: int) -> int:
        step = min(self._missing, read.length - position)
        self._missing -= step
        if self._missing == 0:
            self.state = "complete"
        return position + step


class _Chunked:
    """Chunks, last chunk, trailer fields (RFC 9112 §7.1)."""

    state: State = "body"

    def __init__(self) -> None:
        self._line = _Line()
        self._missing = 0
        self._expected: Literal["size", "end", "trailer"] = "size"

    def consume(self, read: Read, position: int) -> int:
        while position < read.length and self.state == "body":
            if self._missing:
                step = min(self._missing, read.length - position)
                self._missing -= step
                position += step
            elif position >= len(read.data):
                self.state = "lost"
            else:
                line, position = self._line.take(read.data, position)
                if line is not None:
                    self._follow(line)
        return position if self.state in ("body", "complete") else read.length

    def _follow(self, line: bytes) -> None:
        match self._expected:
            case "size":
                self._begin_chunk(line)
            case "end" if line:
                self.state = "malformed"
            case "end":
                self._expected = "size"
            case "trailer" if not line:
                self.state = "complete"

    def _begin_chunk(self, line: bytes) -> None:
        size = _CHUNK_SIZE.fullmatch(line)
        if size is None:
            self.state = "malformed"
            return
        self._missing = int(size[1], 16)
        self._expected = "end" if self._missing else "trailer"


def _sized(lengths: list[bytes]) -> _Body:
    """Several lengths are one if they are equal, else nobody knows where the message ends (RFC 9112 §6.3, rule 5)."""
    if not all(_LENGTH.fullmatch(length) for length in lengths) or len({int(length) for length in lengths}) != 1:
        return _Endless("malformed")
    length = int(lengths[0])
    return _Sized(length) if length else _Nothing()


def _request_body(fields: _Fields) -> _Body:
    """RFC 9112 §6.3, rules 4, 5, 6 and 7."""
    if codings := fields.codings():
        return _Chunked() if codings[-1] == b"chunked" else _Endless("malformed")
    if lengths := fields.lengths():
        return _sized(lengths)
    return _Nothing()


def _response_body(fields: _Fields, method: bytes | None, status: int) -> _Body:
    """RFC 9112 §6.3, in its order; a response that cannot be measured lasts until the connection ends (rules 4, 8)."""
    if status == _SWITCHING_PROTOCOLS or (method == b"CONNECT" and 200 <= status < 300):
        return _Endless("upgraded")
    if method == b"HEAD" or status in _BODILESS:
        return _Nothing()
    if codings := fields.codings():
        return _Chunked() if codings[-1] == b"chunked" else _Endless("body")
    if lengths := fields.lengths():
        body = _sized(lengths)
        return body if body.state != "malformed" else _Endless("body")
    return _Endless("body")


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
        self._line = _Line()
        self._fields = _Fields()
        self._body: _Body = _Nothing()

    @property
    def complete(self) -> bool:
        return self.state == "complete"

    def consume(self, read: Read, position: int) -> int:
        """Take what belongs to this message; where to go on."""
        start = position
        while self.state == "head" and position < read.length:
            if position >= len(read.data):
                self._follow(_Endless("lost"))
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
        self._follow(_Endless(state))

    def end(self) -> None:
        self._follow(_Nothing())

    def _follow(self, body: _Body) -> None:
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
            self._follow(_request_body(self._fields))

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
        waited = isinstance(self._body, _Endless) or self.state in ("lost", "malformed")
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
        elif self._announced // 100 == 1 and self._announced != _SWITCHING_PROTOCOLS:
            self.interim.append(self._announced)
            self._announced = None
            self._fields = _Fields()
        else:
            self.head_end = end
            self.status = self._announced
            self._follow(_response_body(self._fields, self.method, self.status))

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
