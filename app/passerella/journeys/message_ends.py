"""Where a message ends (RFC 9112 §6, §7): its lines, the fields that say how long it is, the body that they announce.

A read may be known only in part (``data`` shorter than ``length``): where the rest is needed to know a boundary, a
body is ``lost``.
"""

import re
from typing import Literal, NamedTuple, Protocol

State = Literal["head", "body", "complete", "malformed", "upgraded", "lost"]

SWITCHING_PROTOCOLS = 101
_LENGTH = re.compile(rb"\d{1,19}")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?", re.DOTALL)
_TRANSFER_ENCODING, _CONTENT_LENGTH = b"transfer-encoding", b"content-length"
_BODILESS = frozenset((204, 304))


class Read(NamedTuple):
    """One read or write: the bytes that were kept, and how many there were."""

    data: bytes
    length: int


class LineReader:
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


class LengthFields:
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


class Body(Protocol):
    state: State

    def consume(self, read: Read, position: int) -> int:
        """Take what belongs to this body; where to go on."""
        ...


class NoBody:
    state: State = "complete"

    def consume(self, read: Read, position: int) -> int:
        return position


class Endless:
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
        self._line = LineReader()
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


def _sized(lengths: list[bytes]) -> Body:
    """Several lengths are one if they are equal, else nobody knows where the message ends (RFC 9112 §6.3, rule 5)."""
    if not all(_LENGTH.fullmatch(length) for length in lengths) or len({int(length) for length in lengths}) != 1:
        return Endless("malformed")
    length = int(lengths[0])
    return _Sized(length) if length else NoBody()


def request_body(fields: LengthFields) -> Body:
    """RFC 9112 §6.3, rules 4, 5, 6 and 7."""
    if codings := fields.codings():
        return _Chunked() if codings[-1] == b"chunked" else Endless("malformed")
    if lengths := fields.lengths():
        return _sized(lengths)
    return NoBody()


def response_body(fields: LengthFields, method: bytes | None, status: int) -> Body:
    """RFC 9112 §6.3, in its order; a response that cannot be measured lasts until the connection ends (rules 4, 8)."""
    if status == SWITCHING_PROTOCOLS or (method == b"CONNECT" and 200 <= status < 300):
        return Endless("upgraded")
    if method == b"HEAD" or status in _BODILESS:
        return NoBody()
    if codings := fields.codings():
        return _Chunked() if codings[-1] == b"chunked" else Endless("body")
    if lengths := fields.lengths():
        body = _sized(lengths)
        return body if body.state != "malformed" else Endless("body")
    return Endless("body")
