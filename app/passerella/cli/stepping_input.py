"""Lines typed at a prompt, or read from a pipe, while something else goes on."""

import os
import queue
import sys
import threading

_MOST = 1 << 20  # bytes of a line
_CHUNK = 65536


class EndOfInputError(Exception):
    """Whoever typed has gone."""


class Lines:
    """What comes on the standard input, a line at a time.

    A thread reads it by its number: one that waits inside ``sys.stdin`` keeps the interpreter from ending.
    """

    def __init__(self) -> None:
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._ended = False
        self.typed = sys.stdin is not None and sys.stdin.isatty()
        self._encoding = (sys.stdin.encoding if sys.stdin is not None else None) or "utf-8"
        threading.Thread(target=self._read, name="parole", daemon=True).start()

    def next(self, patience: float) -> str | None:
        """The next line without its end; None: there was none in ``patience`` seconds.

        :raises EndOfInputError: there will be none any more.
        """
        if self._ended:
            raise EndOfInputError
        try:
            line = self._lines.get(timeout=patience)
        except queue.Empty:
            return None
        if line is None:
            self._ended = True
            raise EndOfInputError
        return line

    def _read(self) -> None:
        rest = b""
        while chunk := self._chunk():
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                self._put(line)
            rest = rest[:_MOST]
        if rest:
            self._put(rest)
        self._lines.put(None)

    def _chunk(self) -> bytes:
        try:
            return os.read(sys.stdin.fileno(), _CHUNK)
        except (OSError, ValueError, AttributeError):  # the terminal is gone, or there never was an input
            return b""

    def _put(self, line: bytes) -> None:
        self._lines.put(line.rstrip(b"\r").decode(self._encoding, "replace"))
