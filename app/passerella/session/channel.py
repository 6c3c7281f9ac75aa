"""The reading end of the probe's line: bounded, validated, data only."""

import contextlib
import json
import os
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from passerella.events import Event, Goodbye, Hello
from passerella.probe.vocabulary import LINE_LIMIT
from passerella.session.wire import Wire

_CHUNK = 32 * 1024  # bytes read at once: some journeys, after which whoever waits for Python's lock has it
_LONGEST_PATH = 100  # bytes; a Unix socket's address holds 104 on macOS, 108 on Linux
_MOST_LINES = 256  # processes at once
# Seconds between two readings of what one process tells without a pause: each takes Python's lock from whoever else has
# something to do, so that many small ones cost more than a few large ones. Not where there are several processes: what
# they tell of one request has to be heard as it happens.
_REST = 0.005
_WITHOUT_A_PAUSE = 50  # events at once

Hear = Callable[[list[tuple[int, Event]]], None]


class Channel:
    """Listens for traced processes; what they say arrives as batches of ``(pid, event)`` on a thread of ours.

    A line that does not begin with the right greeting, that is too long or is no message of the wire, is closed:
    whoever wrote it is not our probe.
    """

    def __init__(self, folder: Path, hear: Hear) -> None:
        self.token = os.urandom(16).hex()
        self._hear = hear
        self._rules: list[dict[str, object]] = []
        self._standing: dict[str, list[object]] = {}
        self._listener, self.address = _listen(folder)
        self._selector = selectors.DefaultSelector()
        self._lines: dict[socket.socket, _Line] = {}
        self._waker, self._wake = socket.socketpair()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._waker, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, name="canale", daemon=True)
        self._thread.start()

    def command(self, command: list[object], pid: int | None = None) -> None:
        """Send a command to one process, or to all."""
        data = _encoded(command)
        for sock, line in list(self._lines.items()):
            if line.pid and pid in (None, line.pid):
                with contextlib.suppress(OSError):  # a process that does not read, or that is gone
                    sock.send(data)

    def hold(self, rules: list[dict[str, object]]) -> None:
        """Set where journeys are held, in each process that speaks and in each that will."""
        self._rules = rules
        for sock, line in list(self._lines.items()):
            if line.pid:
                self._tell_rules(sock, line.pid)

    def _tell_rules(self, sock: socket.socket, pid: int) -> None:
        """A process hears of the rules for everybody and of its own: numbers of requests are each process's."""
        with contextlib.suppress(OSError):  # a process that does not read, or that is gone
            sock.send(self._rules_for(pid))

    def _rules_for(self, pid: int) -> bytes:
        return _encoded(["hold", [rule for rule in self._rules if rule.get("pid") in (None, pid)]])

    def _answer(self, sock: socket.socket, pid: int) -> None:
        """All that a new process has to know, at once: it waits for one answer before it goes on."""
        commands = [_encoded(command) for command in list(self._standing.values())]
        with contextlib.suppress(OSError):
            sock.send(b"".join((self._rules_for(pid), *commands)))

    def standing(self, word: str, *rest: object) -> None:
        """Send a command to each process that speaks, and to each that will."""
        self._standing[word] = [word, *rest]
        self.command(self._standing[word])

    def withdraw(self, command: list[object], but: int) -> None:
        """Send a command to all processes but one, and no command of its word to those that will speak."""
        self._standing.pop(str(command[0]), None)
        for pid in {line.pid for line in list(self._lines.values())} - {0, but}:
            self.command(command, pid)

    def close(self) -> None:
        """Stop listening. Probes that lose the line stop recording and change nothing else."""
        with contextlib.suppress(OSError):
            self._wake.send(b"x")
        self._thread.join(2)

    def _run(self) -> None:
        running = True
        while running:
            batch: list[tuple[int, Event]] = []
            for key, _ in self._selector.select():
                if key.fileobj is self._waker:
                    running = False
                elif key.fileobj is self._listener:
                    self._accept()
                else:
                    self._read(key.fileobj, batch)  # type: ignore[arg-type]
            if batch:
                self._hear(batch)
                if len(batch) > _WITHOUT_A_PAUSE and len(self._lines) == 1:
                    time.sleep(_REST)
        for each in (*self._lines, self._listener, self._waker, self._wake):
            each.close()
        self._selector.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            line, _ = self._listener.accept()
            if len(self._lines) >= _MOST_LINES:
                line.close()
                return
            line.setblocking(False)
            self._lines[line] = _Line(self.token)
            self._selector.register(line, selectors.EVENT_READ)

    def _read(self, sock: socket.socket, batch: list[tuple[int, Event]]) -> None:
        line = self._lines[sock]
        greeted = line.pid
        try:
            data = sock.recv(_CHUNK)
            batch.extend((line.pid, event) for event in line.feed(data))
        except BlockingIOError:
            return
        except (OSError, ValueError, RecursionError):
            data = b""  # what it said before stands
        if line.pid and not greeted:
            self._answer(sock, line.pid)
        if data:
            return
        self._selector.unregister(sock)
        del self._lines[sock]
        sock.close()
        if line.pid:
            batch.append((line.pid, Goodbye()))


class _Line:
    """What one process says."""

    def __init__(self, token: str) -> None:
        self.pid = 0
        self._token = token
        self._rest = b""
        self._wire = Wire()

    def feed(self, data: bytes) -> Iterator[Event]:
        """The events in ``data``; ValueError when this is not our probe speaking."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LINE_LIMIT:
            raise ValueError("line too long")
        for line in lines:
            for event in self._wire.events(line):
                if not self.pid:
                    self._greet(event)
                yield event

    def _greet(self, event: Event) -> None:
        if not isinstance(event, Hello) or not _same(event.token, self._token):
            raise ValueError("no greeting")
        self.pid = event.pid


def _same(token: str, ours: str) -> bool:
    """Compared as bytes: of strings only ASCII ones can be, and this one comes from anybody."""
    import hmac  # slow to import, and the first screen waits for this module

    return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), ours.encode("ascii"))


def _encoded(command: list[object]) -> bytes:
    return json.dumps(command).encode("ascii") + b"\n"


def _listen(folder: Path) -> tuple[socket.socket, str]:
    """A listening socket that only this user can reach, and its address as the probe reads it."""
    path = folder / "sonda"
    if hasattr(socket, "AF_UNIX") and len(os.fsencode(path)) <= _LONGEST_PATH:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(os.fspath(path))
        address = f"unix:{path}"
    else:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.bind(("127.0.0.1", 0))
        address = "tcp:{}:{}".format(*listener.getsockname()[:2])
    listener.listen(_MOST_LINES)
    listener.setblocking(False)
    return listener, address
