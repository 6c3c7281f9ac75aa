"""Somebody at a terminal: a program on a pseudo-terminal, words typed, what it says read as it comes."""

import os
import pty
import re
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_PATIENCE = 20.0


class Typing:
    """A running program and its terminal."""

    def __init__(self, pid: int, terminal: int) -> None:
        self.pid = pid
        self._terminal = terminal
        self._unread = ""
        self.said = ""

    def type(self, text: str) -> None:
        os.write(self._terminal, text.encode())

    def until(self, pattern: str) -> str:
        """What is said up to ``pattern``, that must come."""
        deadline = time.monotonic() + _PATIENCE
        while (found := re.search(pattern, self._unread)) is None:
            assert time.monotonic() < deadline, f"non è arrivato {pattern!r} in {self._unread!r}"
            self._read()
        said, self._unread = self._unread[: found.end()], self._unread[found.end() :]
        return said

    def ends(self) -> int:
        """Its exit code."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
            assert time.monotonic() < deadline, f"non finisce: {self._unread!r}"
            self._read()

    def _read(self) -> None:
        ready, _, _ = select.select([self._terminal], [], [], 0.05)
        if ready:
            try:
                text = os.read(self._terminal, 65536).decode("utf-8", "replace").replace("\r\n", "\n")
            except OSError:  # it has ended
                text = ""
            self._unread += text
            self.said += text


@contextmanager
def typing(*words: str, env: dict[str, str] | None = None) -> Iterator[Typing]:
    """``passerella`` with these words, on a terminal."""
    pid, terminal = pty.fork()
    if not pid:
        os.environ.update({"PYTHONIOENCODING": "utf-8", **(env or {})})
        os.execv(sys.executable, [sys.executable, "-m", "passerella.cli", *words])  # noqa: S606 - no shell is wanted
    person = Typing(pid, terminal)
    try:
        yield person
    finally:
        if person.pid:
            os.kill(person.pid, signal.SIGTERM)
            os.waitpid(person.pid, 0)
        os.close(terminal)
