"""Real servers, started with the probe and without it, and a client that keeps every byte."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from passerella.events import Event
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey
from passerella.servers.wsgiref import LAUNCHER
from passerella.session.live import Command, Session, State

APPS = Path(__file__).parent / "apps"
PATIENCE = 30.0

WSGI_SERVERS: Mapping[str, tuple[str, ...]] = {
    "wsgiref": (str(LAUNCHER), "{app}", "{port}"),
    "gunicorn": (
        *("-m", "gunicorn", "{app}", "-b", "127.0.0.1:{port}", "--no-control-socket", "--graceful-timeout", "1"),
        *("--permit-obsolete-folding",),
    ),
    "gunicorn-gthread": (
        *("-m", "gunicorn", "{app}", "-b", "127.0.0.1:{port}", "--no-control-socket", "--graceful-timeout", "1"),
        *("-k", "gthread", "--threads", "4"),
    ),
    "waitress": ("-m", "waitress", "--listen=127.0.0.1:{port}", "{app}"),
    "cheroot": ("-m", "cheroot", "--bind", "127.0.0.1:{port}", "{app}"),
}
_GUNICORN_ASGI = (
    *("-m", "gunicorn", "{app}", "-b", "127.0.0.1:{port}", "--no-control-socket", "--graceful-timeout", "1"),
    *("-k", "asgi", "--asgi-loop"),
)
_UVICORN = {
    f"uvicorn-{http}-{loop}": ("-m", "uvicorn", "{app}", "--port", "{port}", "--http", http, "--loop", loop)
    for http in ("h11", "httptools")
    for loop in ("asyncio", "uvloop")
}
ASGI_SERVERS: Mapping[str, tuple[str, ...]] = {
    **_UVICORN,
    "gunicorn-asgi-asyncio": (*_GUNICORN_ASGI, "asyncio"),
    "gunicorn-asgi-uvloop": (*_GUNICORN_ASGI, "uvloop"),
    "gunicorn-uvicorn": (*_GUNICORN_ASGI[:-3], "-k", "uvicorn_worker.UvicornWorker"),
    "hypercorn-asyncio": ("-m", "hypercorn", "-w", "0", "-b", "127.0.0.1:{port}", "{app}"),
    "hypercorn-uvloop": ("-m", "hypercorn", "-w", "0", "-k", "uvloop", "-b", "127.0.0.1:{port}", "{app}"),
    "daphne": ("-m", "daphne", "-b", "127.0.0.1", "-p", "{port}", "{app}"),
}
SERVERS: Mapping[str, tuple[str, ...]] = {**WSGI_SERVERS, **ASGI_SERVERS}


def command(server: str, app: str, port: int, python: str = sys.executable) -> list[str]:
    words = {"{app}": app, "{port}": str(port), "127.0.0.1:{port}": f"127.0.0.1:{port}"}
    return [python, *(words.get(word, word.replace("{port}", str(port))) for word in SERVERS[server])]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class Running:
    """A server that answers on ``port``; ``words`` is what it wrote so far."""

    def __init__(self, port: int, words: Callable[[], str]) -> None:
        self.port = port
        self.words = words


class Traced(Running):
    """The same under the probe, with the journeys that were seen."""

    def __init__(self, session: Session, seen: "Seen") -> None:
        super().__init__(session.port, lambda: session.program.words(1 << 20))
        self.session = session
        self.seen = seen


class Seen:
    """Events and journeys as they come."""

    def __init__(self) -> None:
        self.events: list[tuple[int, Event]] = []
        self.assembler = Assembler()
        self._lock = threading.Lock()

    def hear(self, batch: list[tuple[int, Event]]) -> None:
        with self._lock:
            self.events += batch
            for pid, event in batch:
                self.assembler.feed(pid, event)

    def journeys(self) -> list[Journey]:
        with self._lock:
            self.assembler.take_changed()
            return list(self.assembler.journeys)

    def wait(self, ready: Callable[[list[Journey]], bool], seconds: float = 10.0) -> list[Journey]:
        """The journeys, as soon as they are ``ready``, or as they are when the time is over."""
        deadline = time.monotonic() + seconds
        while not ready(journeys := self.journeys()) and time.monotonic() < deadline:
            time.sleep(0.02)
        return journeys


@contextlib.contextmanager
def plain(argv: Sequence[str], cwd: Path, port: int, log: Path) -> Iterator[Running]:
    """A program without the probe."""
    with log.open("wb") as words:
        program = subprocess.Popen(
            argv,
            cwd=cwd,
            env=dict(os.environ),  # as a session does: C libraries may have put more in the environment of C
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_listening(program, port, log)
        yield Running(port, lambda: log.read_text(encoding="utf-8", errors="replace"))
    finally:
        with contextlib.suppress(OSError):
            os.killpg(program.pid, signal.SIGTERM)
        try:
            program.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()


@contextlib.contextmanager
def traced(argv: Sequence[str], cwd: Path, seen: Seen | None = None) -> Iterator[Traced]:
    """A program under the probe."""
    seen = seen or Seen()
    with Session(Command(argv, cwd), seen.hear) as session:
        state = session.wait_ready()
        assert state is State.READY, (state, session.program.words())
        yield Traced(session, seen)


def _wait_listening(program: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and program.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace"))


def ask(port: int, request: bytes, *, leave: bool = False, patience: float = PATIENCE) -> bytes:
    """Send ``request``; every byte that comes back until the server closes (and a word for how it did)."""
    received, ending = b"", b"\n[closed]"
    with socket.create_connection(("127.0.0.1", port), patience) as line:
        try:
            line.sendall(request)
        except ConnectionError:  # it closed before it had read everything: what it said can still be read
            ending = b"\n[reset]"
        if leave:
            return b""
        try:
            while data := line.recv(1 << 16):
                received += data
        except ConnectionError:
            ending = b"\n[reset]"
        except TimeoutError:
            ending = b"\n[nothing more]"
    return received + ending


def wait_until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    """Return as soon as it is ``true``, or when the time is over: what a server writes comes after its responses."""
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
