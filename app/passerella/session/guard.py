"""Our end of the guardian's pipes."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from passerella.language.system_words import refusal

_SCRIPT = Path(__file__).with_name("guardian.py")
_PATIENCE = 6.0


class Program:
    """A program that the guardian started.

    :ivar code: its exit code, None while it runs (negative: the signal that ended it).
    :ivar error: why it could not be started, or empty.
    """

    def __init__(self, number: int, log: Path) -> None:
        self.number = number
        self.log = log
        self.pid: int | None = None
        self.code: int | None = None
        self.error = ""
        self.started = threading.Event()
        self.ended = threading.Event()

    def words(self, limit: int = 64 * 1024) -> str:
        """What the program wrote, its last ``limit`` bytes."""
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, self.log.stat().st_size - limit))
                return file.read(limit).decode("utf-8", "replace")
        except OSError:
            return ""


class Guard:
    """Starts the guardian, and programs through it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._programs: dict[int, Program] = {}
        self._writing = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_SCRIPT), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=os.name == "posix",
        )
        threading.Thread(target=self._listen, name="guardian", daemon=True).start()

    def start(self, argv: Sequence[str], cwd: Path, env: Mapping[str, str]) -> Program:
        """Start ``argv``; whether it could be started is known when ``started`` is set."""
        number = len(self._programs) + 1
        program = self._programs[number] = Program(number, self.folder / f"{number}.log")
        self._order(op="start", id=number, argv=list(argv), cwd=str(cwd), env=dict(env), log=str(program.log))
        return program

    def stop(self, program: Program, first: int = signal.SIGTERM) -> None:
        """Ask a program to end, and wait until it has; what does not end is killed."""
        if program.code is None and not program.error:
            self._order(op="stop", id=program.number, signal=int(first))
            program.ended.wait(_PATIENCE)

    def close(self) -> None:
        """End everything and the guardian itself; the private folder goes too."""
        with contextlib.suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _order(self, **order: object) -> None:
        stdin = self._process.stdin
        if stdin is None:
            return
        with self._writing, contextlib.suppress(OSError, ValueError):
            stdin.write((json.dumps(order) + "\n").encode("ascii"))
            stdin.flush()

    def _listen(self) -> None:
        stdout = self._process.stdout
        if stdout is None:
            return
        with stdout:
            for line in stdout:
                self._heard(json.loads(line))
        self._orphaned()

    def _heard(self, message: dict[str, object]) -> None:
        program = self._programs.get(int(str(message["id"])))
        if program is None:
            return
        if "pid" in message:
            program.pid = int(str(message["pid"]))
            program.started.set()
        elif "error" in message:
            program.error = refusal(OSError(int(str(message["errno"] or 0)), str(message["error"])))
            program.started.set()
            program.ended.set()
        else:
            program.code = int(str(message["code"]))
            program.ended.set()

    def _orphaned(self) -> None:
        """The guardian is gone. If it was killed, ending the programs is left to us."""
        for program in self._programs.values():
            if program.pid is not None and program.code is None and hasattr(os, "killpg"):
                with contextlib.suppress(OSError):
                    os.killpg(program.pid, signal.SIGKILL)
            program.started.set()
            program.ended.set()
