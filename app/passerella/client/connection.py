"""One connection to a server. Every byte that the kernel took or gave is told to the log."""

import contextlib
import selectors
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Self

from passerella.client.abort import Abort
from passerella.client.answer import Answer, AnswerReader, Failure
from passerella.client.connecting import connect, waiter
from passerella.client.manner import Piece, cut
from passerella.client.prepared import method_of
from passerella.events import ClientClosed, ClientConnected, ClientReceived, ClientSent
from passerella.probe.vocabulary import BYTES_KEPT

Log = Callable[[ClientConnected | ClientClosed | ClientSent | ClientReceived], None]

_PIECE = 64 * 1024
_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
_NO_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)  # struct linger: on, no seconds


class Connection:
    """Used by one thread, which may wait for ever; :meth:`abort` is for the others.

    The socket never blocks by itself, so that while a long body leaves an early answer can be read.
    """

    def __init__(self, connected: socket.socket, log: Log, abort: Abort | None = None) -> None:
        connected.setblocking(False)
        self._local = "{}:{}".format(*connected.getsockname()[:2])
        self._log = log
        self._owned = contextlib.ExitStack()
        self._socket = self._owned.enter_context(connected)
        self._abort = abort or self._owned.enter_context(Abort())
        self._selector = self._owned.enter_context(waiter())
        self._selector.register(connected, _READ)
        self._selector.register(self._abort, _READ)
        self._outbound = _Stream()
        self._inbound = _Stream()
        self._reader: AnswerReader | None = None
        self._surplus = b""
        self._room = sys.maxsize
        self._reusable = True
        self._ended = False
        self._failure: Failure = ""
        self._open = True
        try:
            log(ClientConnected(time.monotonic_ns(), self._local, threading.get_native_id()))
        except BaseException:  # nobody will have this connection to close it
            self._owned.close()
            raise

    @classmethod
    def open(cls, host: str, port: int, log: Log, abort: Abort | None = None) -> Self:
        return cls(connect(host, port, abort), log, abort)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        if self._open:
            self._open = False
            self._log(ClientClosed(time.monotonic_ns(), self._local, threading.get_native_id()))
        self._owned.close()

    def abort(self) -> None:
        """From another thread: whoever waits here waits no more."""
        self._abort.request()

    def is_reusable(self) -> bool:
        """Whether another request can go: the server neither closed nor said that it would."""
        if self._reusable and not self._over and self._ready(_READ, timeout=0):
            self._pull()
        return self._reusable and not self._over

    def limit(self, size: int) -> None:
        """Read ``size`` bytes more, and then no other: what else the server sends stays unread."""
        self._room = size

    def send(self, data: bytes, pipelined: bool = False, pieces: Sequence[Piece] = ()) -> None:
        """Send ``data``, or as much of it as the server wants: it may close, or answer before the end.

        An answer is the end unless ``data`` holds other requests (``pipelined``).
        """
        self._outbound.renew()
        method = method_of(data)
        for piece, pause in cut(memoryview(data), pieces):
            if not self._deliver(piece, method, pipelined):
                self._reusable = False
                return
            self._pause(pause, method, pipelined)

    def finish(self) -> None:
        """Tell the server that nothing else will be sent; its answer can still be read."""
        self._reusable = False
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            return  # the server was faster

    def reset(self) -> None:
        """Leave with a reset: what was not delivered is thrown away, and the server is told of an error."""
        with contextlib.suppress(OSError):  # the server was faster
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.close()

    def receive(self, method: str) -> Answer:
        """The answer to the next request, which asked with ``method``; waits for it without a limit."""
        reader = self._begin(method)
        while not reader.whole and not self._over:
            if self._ready(_READ):
                self._pull()
        self._reader, self._surplus = None, reader.leftover + self._surplus
        self._reusable &= reader.whole and not reader.last and not self._over
        return Answer(
            complete=reader.whole,
            status=reader.status,
            length=reader.length,
            data=reader.data,
            closed=not self._reusable,
            left=not reader.whole and not self._room,
            failure="" if reader.whole else self._failure,
        )

    @property
    def _over(self) -> bool:
        return self._ended or not self._room or bool(self._failure)

    def _takes_more(self, pipelined: bool) -> bool:
        """Whether it is of any use to go on sending."""
        answered = self._reader is not None and self._reader.whole
        return not self._over and (pipelined or not answered)

    def _deliver(self, piece: memoryview, method: str, pipelined: bool) -> bool:
        """Send ``piece``; False when the server did not want all of it."""
        while piece and self._takes_more(pipelined):
            ready = self._ready(_READ | _WRITE)
            if ready & _READ:
                self._begin(method)
                self._pull()
            elif ready & _WRITE:
                sent = self._push(piece[:_PIECE])
                if sent is None:
                    break
                piece = piece[sent:]
        return not piece

    def _pause(self, seconds: float, method: str, pipelined: bool) -> None:
        """Wait between two pieces, unless the server has something to say."""
        end = time.monotonic() + seconds
        while self._takes_more(pipelined) and (left := end - time.monotonic()) > 0:
            if self._ready(_READ, left):
                self._begin(method)
                self._pull()

    def _begin(self, method: str) -> AnswerReader:
        if self._reader is None:
            self._inbound.renew()
            self._reader = AnswerReader(method)
            if self._surplus:
                self._reader.feed(self._surplus)
                self._surplus = b""
            if self._ended and not self._reader.whole:
                self._reader.feed(b"")
        return self._reader

    def _ready(self, wanted: int, timeout: float | None = None) -> int:
        """Wait until the socket is ready for (some of) what is wanted; 0 after an abort."""
        self._selector.modify(self._socket, wanted)
        ready = {key.fileobj: events for key, events in self._selector.select(timeout)}
        if self._abort in ready:
            self._failure = "aborted"
            return 0
        return ready.get(self._socket, 0)

    def _push(self, piece: memoryview) -> int | None:
        """Send some of ``piece``; None when the server takes no more: what it answered can still be read."""
        t = time.monotonic_ns()
        try:
            sent = self._socket.send(piece)
        except BlockingIOError:
            return 0
        except OSError:
            return None
        offset, kept = self._outbound.take(piece[:sent])
        self._log(ClientSent(t, self._local, offset, sent, kept, threading.get_native_id()))
        return sent

    def _pull(self) -> None:
        try:
            data = self._socket.recv(min(_PIECE, self._room))
            t = time.monotonic_ns()
        except BlockingIOError:
            return
        except OSError:
            self._failure = "reset"
            return
        self._room -= len(data)
        offset, kept = self._inbound.take(data)
        self._log(ClientReceived(t, self._local, offset, len(data), kept, threading.get_native_id()))
        self._ended = not data
        if self._reader is None or self._reader.whole:
            self._surplus += data
        else:
            self._reader.feed(data)


class _Stream:
    """One direction: how many bytes passed, and how many of this exchange may still be kept."""

    def __init__(self) -> None:
        self._offset = 0
        self._room = BYTES_KEPT

    def renew(self) -> None:
        self._room = BYTES_KEPT

    def take(self, data: bytes | memoryview) -> tuple[int, str]:
        """The position of ``data`` and what is kept of it."""
        offset, kept = self._offset, bytes(data[: self._room])
        self._offset += len(data)
        self._room -= len(kept)
        return offset, kept.decode("latin-1")
