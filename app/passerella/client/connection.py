"""One connection to a server, over which requests go one after the other."""

import contextlib
import socket
import struct
import sys
import time
from collections.abc import Sequence
from typing import Self

from passerella.client.abort import Abort
from passerella.client.answer import Answer, AnswerReader, Failure
from passerella.client.connecting import connect
from passerella.client.manner import Piece, cut
from passerella.client.prepared import method_of
from passerella.client.told_socket import PIECE, READ, WRITE, Log, ToldSocket

_NO_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)  # struct linger: on, no seconds


class Connection:
    """Used by one thread, which may wait for ever; :meth:`abort` is for the others.

    While a long body leaves, an early answer can be read.
    """

    def __init__(self, connected: socket.socket, log: Log, abort: Abort | None = None) -> None:
        self._told = ToldSocket(connected, log, abort)
        self._reader: AnswerReader | None = None
        self._surplus = b""
        self._room = sys.maxsize
        self._reusable = True
        self._ended = False
        self._failure: Failure = ""

    @classmethod
    def open(cls, host: str, port: int, log: Log, abort: Abort | None = None) -> Self:
        return cls(connect(host, port, abort), log, abort)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        self._told.close()

    def abort(self) -> None:
        """From another thread: whoever waits here waits no more."""
        self._told.abort()

    def is_reusable(self) -> bool:
        """Whether another request can go: the server neither closed nor said that it would."""
        if self._reusable and not self._over and self._ready(READ, timeout=0):
            self._pull()
        return self._reusable and not self._over

    def limit(self, size: int) -> None:
        """Read ``size`` bytes more, and then no other: what else the server sends stays unread."""
        self._room = size

    def send(self, data: bytes, pipelined: bool = False, pieces: Sequence[Piece] = ()) -> None:
        """Send ``data``, or as much of it as the server wants: it may close, or answer before the end.

        An answer is the end unless ``data`` holds other requests (``pipelined``).
        """
        self._told.sent.renew()
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
            self._told.socket.shutdown(socket.SHUT_WR)
        except OSError:
            return  # the server was faster

    def reset(self) -> None:
        """Leave with a reset: what was not delivered is thrown away, and the server is told of an error."""
        with contextlib.suppress(OSError):  # the server was faster
            self._told.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.close()

    def receive(self, method: str) -> Answer:
        """The answer to the next request, which asked with ``method``; waits for it without a limit."""
        reader = self._begin(method)
        while not reader.whole and not self._over:
            if self._ready(READ):
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
            ready = self._ready(READ | WRITE)
            if ready & READ:
                self._begin(method)
                self._pull()
            elif ready & WRITE:
                sent = self._push(piece[:PIECE])
                if sent is None:
                    break
                piece = piece[sent:]
        return not piece

    def _pause(self, seconds: float, method: str, pipelined: bool) -> None:
        """Wait between two pieces, unless the server has something to say."""
        end = time.monotonic() + seconds
        while self._takes_more(pipelined) and (left := end - time.monotonic()) > 0:
            if self._ready(READ, left):
                self._begin(method)
                self._pull()

    def _begin(self, method: str) -> AnswerReader:
        if self._reader is None:
            self._told.received.renew()
            self._reader = AnswerReader(method)
            if self._surplus:
                self._reader.feed(self._surplus)
                self._surplus = b""
            if self._ended and not self._reader.whole:
                self._reader.feed(b"")
        return self._reader

    def _ready(self, wanted: int, timeout: float | None = None) -> int:
        """Wait until the socket is ready for (some of) what is wanted; 0 after an abort."""
        ready = self._told.ready(wanted, timeout)
        if self._told.aborted:
            self._failure = "aborted"
        return ready

    def _push(self, piece: memoryview) -> int | None:
        """Send some of ``piece``; None when the server takes no more: what it answered can still be read."""
        try:
            return self._told.push(piece)
        except OSError:
            return None

    def _pull(self) -> None:
        try:
            data = self._told.pull(min(PIECE, self._room))
        except OSError:
            self._failure = "reset"
            return
        if data is None:
            return
        self._room -= len(data)
        self._ended = not data
        if self._reader is None or self._reader.whole:
            self._surplus += data
        else:
            self._reader.feed(data)
