"""A real pseudo-terminal with a program in it: keys go in, what is painted comes out, each with its time."""

import os
import pty
import re
import select
import signal
import struct
import threading
import time
from collections.abc import Mapping, Sequence
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ
from types import TracebackType

_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|P[^\x1b]*\x1b\\|[ -/]*[0-Z^-~])")
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*|P[^\x1b]*)?$")
_TAIL = 64  # characters of what was painted before in which something may have begun
PATIENCE = 30.0
_COLUMNS, _LINES = 120, 40
# The size too: who starts the tests may have left that of a terminal of its own, which would be believed.
_KIND = {
    "TERM": "xterm-256color",
    "COLORTERM": "truecolor",
    "COLUMNS": str(_COLUMNS),
    "LINES": str(_LINES),
    "PYTHONDONTWRITEBYTECODE": "",  # as it is for who installs: what was edited is not compiled again at each opening
}


class Terminal:
    """120×40. What is painted is read by a thread of its own, so that nobody waits to be read."""

    def __init__(self, argv: Sequence[str], more: Mapping[str, str], watched: str = r"(?!)") -> None:
        """``watched``: the first time that each text of this form is painted is kept in ``seen``."""
        self.seen: dict[str, float] = {}
        self.started = time.monotonic()
        self.pid, self.entry = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], list(argv), {**os.environ, **more, **_KIND})  # noqa: S606
        ioctl(self.entry, TIOCSWINSZ, struct.pack("HHHH", _LINES, _COLUMNS, 0, 0))
        self._watched = re.compile(watched)
        self._painted = threading.Condition()
        self._text = ""
        self._at = 0.0
        self._rest = b""
        self._tail = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def press(self, key: str, expected: str) -> float:
        """Milliseconds from the key to the paint that answers it."""
        with self._painted:
            self._text = ""
        began = time.monotonic()
        os.write(self.entry, key.encode())
        return (self.until(expected, f"dopo {key!r}") - began) * 1000

    def until(self, expected: str, when: str = "all'inizio") -> float:
        """When something of the form ``expected`` was painted, from the last key on."""
        wanted = re.compile(expected)
        deadline = time.monotonic() + PATIENCE
        with self._painted:
            while not wanted.search(self._text):
                if not self._painted.wait(deadline - time.monotonic()):
                    raise SystemExit(f"{when} non si è visto {expected!r}; invece:\n{self._text[-3000:]}")
            return self._at

    @property
    def memory(self) -> float:
        """MiB that the program has, and its children do not count."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024

    def spent(self) -> float:
        """Seconds of processor that it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.kill(self.pid, signal.SIGTERM)
        os.waitpid(self.pid, 0)
        self._reader.join(1)
        os.close(self.entry)

    def _read(self) -> None:
        while True:
            try:
                select.select([self.entry], [], [])
                data = os.read(self.entry, 1 << 18)
            except OSError:
                return
            if not data:
                return
            self._take(data, time.monotonic())

    def _take(self, data: bytes, at: float) -> None:
        data = self._rest + data
        cut = _UNFINISHED.search(data)
        data, self._rest = (data[: cut.start()], data[cut.start() :]) if cut else (data, b"")
        text = _ESCAPES.sub(b"", data).decode("utf-8", "replace")
        for found in self._watched.findall(self._tail + text):
            self.seen.setdefault(found, at)
        self._tail = (self._tail + text)[-_TAIL:]
        with self._painted:
            self._text += text
            self._at = at
            self._painted.notify_all()
