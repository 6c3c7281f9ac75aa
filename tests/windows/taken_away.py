"""Makes a Python on Linux as poor as the one on Windows, before anything else is imported.

It stands alone, standard library only: the interpreters of these tests run it at their start, the traced ones too.
"""

import os
import signal
import sys
from typing import Any

MODULES = ("fcntl", "termios", "tty", "pty", "pwd", "grp", "resource")


class _NotHere:
    """Says of a module that it is not there, before anybody looks for it."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name in MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def _take(owner: Any, *names: str) -> None:
    for name in names:
        if hasattr(owner, name):
            delattr(owner, name)


def take_away() -> None:
    for name in MODULES:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, _NotHere())
    _take(os, "fork", "forkpty", "killpg", "register_at_fork", "pread", "preadv", "sendfile", "setsid")
    _take(signal, "SIGKILL", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "setitimer", "pthread_sigmask")
    import _socket

    _take(_socket, "AF_UNIX", "socketpair")  # socket.py then makes a pair out of loopback TCP, as on Windows
    import subprocess

    subprocess.Popen.kill = subprocess.Popen.terminate  # type: ignore[method-assign]  # as there


if __name__ == "__main__":
    take_away()
