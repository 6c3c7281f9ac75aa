"""What is asked of the system before a server starts: a program that tells something, a port."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_GROUPS = hasattr(os, "killpg")  # not on Windows
ALIVE = "PASSERELLA_VIVA"


def answer_of(words: Sequence[str], folder: Path, patience: float) -> subprocess.CompletedProcess[bytes]:
    """What it writes, and how it ends. If it takes too long it goes, with all that it has started.

    Where the system has such things it is given the reading end of a pipe, whose number is in ``ALIVE``: when that is
    closed we are no more, and it may go.

    :raises subprocess.TimeoutExpired: it did not end in ``patience`` seconds; with what it had written until then.
    """
    with (
        _as_long_as_we_are_here() as reading,
        subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            start_new_session=_GROUPS,
            pass_fds=reading,
            env={**os.environ, ALIVE: "".join(map(str, reading))},
        ) as program,
    ):
        try:
            written, words_of_error = program.communicate(timeout=patience)
        except BaseException:
            _end(program)
            raise
    return subprocess.CompletedProcess(words, program.returncode, written, words_of_error)


@contextmanager
def _as_long_as_we_are_here() -> Iterator[tuple[int, ...]]:
    """The reading end of a pipe that is closed when this ends, however it ends."""
    if not _GROUPS:
        yield ()
        return
    reading, writing = os.pipe()
    try:
        yield (reading,)
    finally:
        os.close(reading)
        os.close(writing)


def _end(program: "subprocess.Popen[bytes]") -> None:
    """A reloader has children of its own: the whole group goes."""
    try:
        if _GROUPS:
            os.killpg(program.pid, signal.SIGKILL)
        else:
            program.kill()
    except OSError:
        pass  # it had ended already


def is_free(port: int) -> bool:
    """Whether a server may listen there again, on this computer; a connection that lingers there is no hindrance."""
    if not port:
        return False
    with socket.socket() as trial:
        if os.name == "posix":  # elsewhere it would take the port away from whoever has it
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
