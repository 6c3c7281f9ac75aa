"""A program that is run for its answer: if it takes too long it goes, with all that it has started."""

import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

_GROUPS = hasattr(os, "killpg")  # not on Windows


def answer_of(words: Sequence[str], folder: Path, patience: float) -> subprocess.CompletedProcess[bytes]:
    """What it writes, and how it ends.

    :raises subprocess.TimeoutExpired: it did not end in ``patience`` seconds; with what it had written until then.
    """
    with subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        start_new_session=_GROUPS,
    ) as program:
        try:
            written, words_of_error = program.communicate(timeout=patience)
        except BaseException:
            _end(program)
            raise
    return subprocess.CompletedProcess(words, program.returncode, written, words_of_error)


def _end(program: "subprocess.Popen[bytes]") -> None:
    """A reloader has children of its own: the whole group goes."""
    try:
        if _GROUPS:
            os.killpg(program.pid, signal.SIGKILL)
        else:
            program.kill()
    except OSError:
        pass  # it had ended already
