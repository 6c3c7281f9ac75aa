"""Where an answer ends, said by h11. Pure: bytes in, an :class:`Answer` out."""

from typing import TYPE_CHECKING, Literal

import msgspec

from passerella.probe.vocabulary import BYTES_KEPT

if TYPE_CHECKING:  # slow to import: where something is sent, and not before
    import h11

Failure = Literal["", "refused", "reset", "aborted"]

_HEAD_LIMIT = 1024 * 1024


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back for one request, interim responses (1xx) included.

    :ivar complete: h11 says that the answer is whole (101 is: what follows is another protocol).
    :ivar length: bytes received; ``data`` holds the first of them, raw.
    :ivar closed: this connection carries no other request: the server closed it, or said that it would.
    :ivar reopened: the request went on a new connection, because the server had closed the one in use.
    :ivar left: we left on purpose before its end.
    :ivar failure: why there is nothing more to read, when it is not the server's quiet close.
    """

    complete: bool = False
    status: int | None = None
    length: int = 0
    data: bytes = b""
    closed: bool = True
    reopened: bool = False
    left: bool = False
    failure: Failure = ""


class AnswerReader:
    """Reads the answer to one request, however its bytes are split."""

    def __init__(self, method: str) -> None:
        self.status: int | None = None
        self.length = 0
        self.whole = False
        self.leftover = b""
        self._kept = bytearray()
        self._readable = True
        self._h11 = _having_asked(method)

    @property
    def data(self) -> bytes:
        return bytes(self._kept[: self.length])

    @property
    def last(self) -> bool:
        """No other answer can follow on this connection."""
        import h11

        return self._h11.their_state is not h11.DONE

    def feed(self, data: bytes) -> None:
        """Take ``data``; no data means that the server closed."""
        import h11

        self.length += len(data)
        self._kept += data[: BYTES_KEPT - len(self._kept)]
        if not self._readable:
            return
        try:
            self._h11.receive_data(data)
            self._advance()
        except h11.RemoteProtocolError:
            self._readable = False

    def _advance(self) -> None:
        import h11

        while not self.whole:
            event = self._h11.next_event()
            if event is h11.NEED_DATA or isinstance(event, h11.ConnectionClosed):
                return
            if isinstance(event, h11.Response | h11.InformationalResponse):
                self._see_status(event.status_code)
            elif event is h11.PAUSED or isinstance(event, h11.EndOfMessage):
                self._finish()

    def _see_status(self, status: int) -> None:
        if status >= 200 or status == 101:
            self.status = status

    def _finish(self) -> None:
        self.whole = True
        self.leftover = bytes(self._h11.trailing_data[0])
        self.length -= len(self.leftover)


def _having_asked(method: str) -> "h11.Connection":
    """A connection that has sent a request, offering an upgrade, so that h11 accepts a 101 too."""
    import h11

    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_LIMIT)
    headers = [("Host", "-"), ("Connection", "upgrade"), ("Upgrade", "-")]
    connection.send(h11.Request(method=method, target="/", headers=headers))
    connection.send(h11.EndOfMessage())
    return connection
