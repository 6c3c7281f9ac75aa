"""The bytes of one connection as messages, to cover the secrets that a read or a write may hold only a part of."""

from collections import deque

from passerella.journeys.framing import RequestFramer, ResponseFramer
from passerella.recordings.masking.known import Known
from passerella.recordings.masking.message import mask_message

_MESSAGES_KEPT = 8  # of a connection: pieces of older ones come no more
_UPGRADED = 101


class _Message:
    """The bytes of one message so far; ``masked`` is told again when there are more."""

    def __init__(self) -> None:
        self.data = bytearray()
        self._masked = b""
        self._knew = 0

    def add(self, piece: bytes) -> int:
        """Where the piece begins."""
        start = len(self.data)
        self.data += piece
        return start

    def masked(self, known: Known) -> bytes:
        if len(self._masked) != len(self.data) or self._knew != known.count:
            self._masked = mask_message(bytes(self.data), known)
            self._knew = known.count
        return self._masked


class Piece:
    """A part of a read or of a write, in the message that it belongs to."""

    def __init__(self, message: _Message, start: int, end: int) -> None:
        self.message = message
        self._start = start
        self._end = end

    def masked(self, known: Known) -> bytes:
        return self.message.masked(known)[self._start : self._end]


class Streams:
    """Both directions of a connection, as one side of it sees them."""

    def __init__(self) -> None:
        self._inbound = RequestFramer()
        self._outbound = ResponseFramer()
        self._expected = 0
        self._messages: dict[tuple[bool, int], _Message] = {}
        self._order: deque[tuple[bool, int]] = deque()

    def inbound(self, data: bytes, length: int) -> list[Piece]:
        """The pieces of bytes that were read by the server, or sent by the client."""
        pieces = [
            self._piece((False, cut.ordinal), data[cut.start : cut.end]) for cut in self._inbound.feed(data, length)
        ]
        self._expect()
        return pieces

    def outbound(self, data: bytes, length: int) -> list[Piece]:
        """The pieces of bytes that were written by the server, or received by the client."""
        self._expect()
        cuts = self._outbound.feed(data, length)
        pieces = [self._piece((True, cut.ordinal), data[cut.start : cut.end]) for cut in cuts]
        for cut in cuts:
            response = self._outbound.responses.get(cut.ordinal)
            if response is not None and response.status == _UPGRADED:
                self._inbound.upgraded(cut.ordinal)
        if not cuts and data:  # an answer to nothing
            pieces.append(self._piece((True, 0), data))
        return pieces

    def _piece(self, key: tuple[bool, int], data: bytes) -> Piece:
        message = self._messages.get(key)
        if message is None:
            message = self._messages[key] = _Message()
            self._order.append(key)
            if len(self._order) > 2 * _MESSAGES_KEPT:
                self._messages.pop(self._order.popleft(), None)
        start = message.add(data)
        return Piece(message, start, start + len(data))

    def _expect(self) -> None:
        for ordinal in sorted(each for each in self._inbound.requests if each > self._expected):
            self._outbound.expect(self._inbound.requests[ordinal].method)
            self._expected = ordinal
        for ordinal in [each for each in self._inbound.requests if each < self._expected - _MESSAGES_KEPT]:
            self._inbound.requests.pop(ordinal)
            self._outbound.responses.pop(ordinal, None)
