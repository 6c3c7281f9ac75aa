"""A relay in front of a server that the probe cannot look into: each byte goes on as it came, both ways.

It stands alone: it runs under the student's interpreter, where Passerella is not installed.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time

HOST = "127.0.0.1"
PIECE = 65536


def serves() -> None:
    """The server behind answers: from now on connections are taken. The probe says so."""


def passes_on(client: socket.socket, upstream: str) -> None:
    """The connection of ``client`` goes on to the server as one from the address ``upstream``. The probe says so."""


def wait_for(port: int, seconds: float) -> bool:
    """Until the server behind takes a connection; it sees none of these."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            return True
        time.sleep(0.02)
    return False


def relay(listener: socket.socket, port: int) -> None:
    """Take connections for ever."""
    serves()
    while True:
        client, _ = listener.accept()
        threading.Thread(target=connect, args=(client, port), name="relay", daemon=True).start()


def connect(client: socket.socket, port: int) -> None:
    with client:
        try:
            server = socket.create_connection((HOST, port))
        except OSError:
            return
        with server:
            for each in (client, server):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            passes_on(client, "{}:{}".format(*server.getsockname()[:2]))
            back = threading.Thread(target=pump, args=(server, client), name="relay", daemon=True)
            back.start()
            pump(client, server)
            back.join()


def pump(source: socket.socket, target: socket.socket) -> None:
    """All that ``source`` says, then its end: a close of one side, or a reset."""
    try:
        while data := source.recv(PIECE):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
