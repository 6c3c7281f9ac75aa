"""Our WebSocket client: the handshake and the frames are wsproto's, what passes is told to the log."""

import time
from collections.abc import Sequence
from socket import socket
from typing import Self

import msgspec
from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    Pong,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.utilities import RemoteProtocolError

from passerella.client.abort import Abort
from passerella.client.connecting import connect
from passerella.client.request import parse_line
from passerella.client.told_socket import READ, WRITE, Log, ToldSocket

NORMAL_CLOSURE = 1000
_FAREWELL = 5.0  # seconds that the server has to say goodbye


class Message(msgspec.Struct, frozen=True):
    """What came from the server: ``kind`` is ``text``, ``bytes``, ``ping`` or ``pong``."""

    kind: str
    content: str | bytes


class Dialog:
    """One WebSocket, used by one thread; :meth:`abort` is for the others.

    :ivar status: 101 when the server accepted, its status when it refused, None while it did not answer.
    :ivar subprotocol: the one that the server chose.
    :ivar code: of the closure, once it is closed: the server's, or 1006 when it left without a word.
    """

    def __init__(self, connected: socket, log: Log, abort: Abort | None = None) -> None:
        self.status: int | None = None
        self.subprotocol: str | None = None
        self.code: int | None = None
        self.reason = ""
        self._told = ToldSocket(connected, log, abort)
        self._protocol = WSConnection(ConnectionType.CLIENT)
        self._came: list[Message] = []
        self._text: list[str] = []
        self._bytes: list[bytes] = []
        self._over = False

    @classmethod
    def open(
        cls,
        host: str,
        port: int,
        line: str,
        log: Log,
        *,
        headers: Sequence[tuple[str, str]] = (),
        subprotocols: Sequence[str] = (),
        abort: Abort | None = None,
    ) -> Self:
        """Connect and ask for ``line`` («GET /eco» or «/eco»); it waits for the answer without a limit."""
        dialog = cls(connect(host, port, abort), log, abort)
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        more = [(name.encode("ascii", "replace"), value.encode("utf-8")) for name, value in headers]
        dialog._say(
            Request(host=address, target=parse_line(line).target, extra_headers=more, subprotocols=list(subprotocols))
        )
        while dialog.status is None and not dialog._over:
            dialog._wait(None)
        return dialog

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.leave()

    @property
    def accepted(self) -> bool:
        return self.status == 101

    @property
    def closed(self) -> bool:
        """Nothing more can be said."""
        return self._over or self._protocol.state is not ConnectionState.OPEN

    def send(self, content: str | bytes) -> None:
        """Send one message, in one frame."""
        self._say(TextMessage(data=content) if isinstance(content, str) else BytesMessage(data=content))

    def ping(self, content: bytes = b"") -> None:
        self._say(Ping(payload=content))

    def receive(self, seconds: float | None = None) -> Message | None:
        """The next message (or ping, or pong); None when none came within ``seconds`` or the dialog is over."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while not self._came and not self._over:
            left = None if deadline is None else deadline - time.monotonic()
            if (left is not None and left <= 0) or not self._wait(left):
                break
        return self._came.pop(0) if self._came else None

    def close(self, code: int = NORMAL_CLOSURE, reason: str = "") -> None:
        """Say goodbye, and wait for the server's own."""
        if not self.closed:
            self._say(CloseConnection(code=code, reason=reason))
        deadline = time.monotonic() + _FAREWELL
        while not self._over and (left := deadline - time.monotonic()) > 0:
            self._wait(left)
        self.leave()

    def leave(self) -> None:
        """Close the connection, whatever was said."""
        self._over = True
        self._told.close()

    def abort(self) -> None:
        """From another thread: whoever waits here waits no more."""
        self._told.abort()

    def _say(self, event: Event) -> None:
        if self._over:
            return
        left = memoryview(self._protocol.send(event))
        while left and not self._over:
            try:
                count = self._told.push(left)
            except OSError:
                self._end()
                return
            left = left[count:]
            if not count:
                self._told.ready(READ | WRITE, _FAREWELL)
                self._over = self._told.aborted

    def _wait(self, seconds: float | None) -> bool:
        """Take in what comes within ``seconds``; whether anything did."""
        if not self._told.ready(READ, seconds):
            self._over |= self._told.aborted
            return False
        try:
            data = self._told.pull()
        except OSError:
            self._end()
            return True
        if data is not None:
            self._take_in(data)
        return True

    def _take_in(self, data: bytes) -> None:
        if not data:
            self._end()
            return
        try:
            self._protocol.receive_data(data)
            for event in self._protocol.events():
                self._hear(event)
        except RemoteProtocolError:  # what came is no WebSocket: the bytes are told, and that is all
            self._end()

    def _hear(self, event: Event) -> None:
        match event:
            case AcceptConnection():
                self.status, self.subprotocol = 101, event.subprotocol
            case RejectConnection():
                self.status = event.status_code
                self._over = not event.has_body
            case TextMessage():
                self._text.append(event.data)
                if event.message_finished:
                    self._came.append(Message("text", "".join(self._text)))
                    self._text.clear()
            case BytesMessage():
                self._bytes.append(bytes(event.data))
                if event.message_finished:
                    self._came.append(Message("bytes", b"".join(self._bytes)))
                    self._bytes.clear()
            case Ping():
                self._came.append(Message("ping", bytes(event.payload)))
                self._say(event.response())
            case Pong():
                self._came.append(Message("pong", bytes(event.payload)))
            case CloseConnection():
                self.code, self.reason = int(event.code), event.reason or ""
                if self._protocol.state is ConnectionState.REMOTE_CLOSING:
                    self._say(event.response())

    def _end(self) -> None:
        self._over = True
        if self.accepted and self.code is None:
            self.code = 1006


class Outcome(msgspec.Struct, frozen=True):
    """How a dialog went: what came, and how it ended."""

    status: int | None
    received: list[Message]
    code: int | None = None
