"""A connected socket. Every byte that the kernel took or gave is told to the log."""

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Callable

from passerella.client.abort import Abort
from passerella.client.connecting import waiter
from passerella.events import ClientClosed, ClientConnected, ClientReceived, ClientSent
from passerella.probe.vocabulary import BYTES_KEPT

Log = Callable[[ClientConnected | ClientClosed | ClientSent | ClientReceived], None]

PIECE = 64 * 1024
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class ToldSocket:
    """Used by one thread, which may wait for ever; :meth:`abort` is for the others. It never blocks by itself.

    :ivar aborted: a wait was given up because somebody asked for it.
    """

    def __init__(self, connected: socket.socket, log: Log, abort: Abort | None = None) -> None:
        connected.setblocking(False)
        self.socket = connected
        self.aborted = False
        self.sent, self.received = Stream(), Stream()
        self._local = "{}:{}".format(*connected.getsockname()[:2])
        self._log = log
        with contextlib.ExitStack() as owned:
            owned.enter_context(connected)
            self._abort = abort or owned.enter_context(Abort())
            self._selector = owned.enter_context(waiter())
            self._selector.register(connected, READ)
            self._selector.register(self._abort, READ)
            log(ClientConnected(time.monotonic_ns(), self._local, threading.get_native_id()))
            self._owned = owned.pop_all()
        self._open = True

    def close(self) -> None:
        if self._open:
            self._open = False
            self._log(ClientClosed(time.monotonic_ns(), self._local, threading.get_native_id()))
        self._owned.close()

    def abort(self) -> None:
        """From another thread: whoever waits here waits no more."""
        self._abort.request()

    def ready(self, wanted: int, timeout: float | None = None) -> int:
        """Wait until the socket is ready for (some of) what is wanted; 0 after an abort, or when the time is over."""
        self._selector.modify(self.socket, wanted)
        ready = {key.fileobj: events for key, events in self._selector.select(timeout)}
        if self._abort in ready:
            self.aborted = True
            return 0
        return ready.get(self.socket, 0)

    def push(self, data: memoryview) -> int:
        """Send some of ``data``; how much the kernel took. :class:`OSError` when the server takes no more."""
        t = time.monotonic_ns()
        try:
            count = self.socket.send(data)
        except BlockingIOError:
            return 0
        offset, kept = self.sent.take(data[:count])
        self._log(ClientSent(t, self._local, offset, count, kept, threading.get_native_id()))
        return count

    def pull(self, most: int = PIECE) -> bytes | None:
        """What came, empty at the end; None when there is nothing yet. :class:`OSError` after a reset."""
        try:
            data = self.socket.recv(most)
        except BlockingIOError:
            return None
        t = time.monotonic_ns()
        offset, kept = self.received.take(data)
        self._log(ClientReceived(t, self._local, offset, len(data), kept, threading.get_native_id()))
        return data


class Stream:
    """One direction: how many bytes passed, and how many may still be kept."""

    def __init__(self) -> None:
        self._offset = 0
        self._room = BYTES_KEPT

    def renew(self) -> None:
        """Another exchange begins."""
        self._room = BYTES_KEPT

    def take(self, data: bytes | memoryview) -> tuple[int, str]:
        """The position of ``data`` and what is kept of it."""
        offset, kept = self._offset, bytes(data[: self._room])
        self._offset += len(data)
        self._room -= len(kept)
        return offset, kept.decode("latin-1")
