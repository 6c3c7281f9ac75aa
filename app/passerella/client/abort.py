"""A way out of a wait that has no time limit."""

import contextlib
import socket
from typing import Self


class Abort:
    """Once requested, every connection that watches it stops waiting. It can be requested from any thread."""

    def __init__(self) -> None:
        self._watched, self._signal = socket.socketpair()
        self.requested = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def fileno(self) -> int:
        return self._watched.fileno()

    def request(self) -> None:
        self.requested = True
        with contextlib.suppress(OSError):  # closed: nobody waits any more
            self._signal.send(b"!")

    def close(self) -> None:
        self._watched.close()
        self._signal.close()
