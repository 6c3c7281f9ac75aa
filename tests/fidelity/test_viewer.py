"""A viewer that is gone, or that never reads, changes nothing."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fidelity.running import APPS, ask, command, free_port, plain
from fidelity.test_wire import ASGI_REQUESTS, WSGI_REQUESTS, get
from passerella.events import Event, Received
from passerella.probe.vocabulary import ADDRESS_VARIABLE, PATH_VARIABLE
from passerella.session.channel import Channel
from passerella.session.live import _INJECT

SERVERS = ("wsgiref", "gunicorn", "waitress", "uvicorn-h11-asyncio", "uvicorn-httptools-uvloop")
SAME = (
    "flask/ciao?nome=Ada",
    "generator",
    "large_streamed",
    "fastapi/async?q=x",
    "chunked",
    "large_at_once",
    "pipelined five",
)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sockets Unix e gruppi di processi: solo su POSIX")


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _inject(monkeypatch: pytest.MonkeyPatch, address: str, token: str) -> None:
    monkeypatch.setenv(ADDRESS_VARIABLE, f"{address}|{token}")
    monkeypatch.setenv(PATH_VARIABLE, "")
    monkeypatch.setenv("PYTHONPATH", str(_INJECT))


def _asked(port: int, server: str) -> dict[str, bytes]:
    requests = ASGI_REQUESTS if server.startswith("uvicorn") else WSGI_REQUESTS
    answers = {name: ask(port, requests[name]) for name in SAME if name in requests}
    return {name: _undated(answer) for name, answer in answers.items()}


def _undated(answer: bytes) -> bytes:
    return b"\r\n".join(line for line in answer.split(b"\r\n") if not line.lower().startswith(b"date:"))


def _app(server: str) -> str:
    return "shapes_asgi:app" if server.startswith("uvicorn") else "shapes_wsgi:app"


def test_gone_before_and_gone_midway(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[int, Event]] = []
    channel = Channel(tmp_path, heard.extend)
    _inject(monkeypatch, channel.address, channel.token)
    port = free_port()
    with plain(command(server, _app(server), port), APPS, port, tmp_path / "log") as running:
        before = _asked(port, server)
        _wait(lambda: any(isinstance(event, Received) for _, event in heard))
        channel.close()
        assert _asked(port, server) == before
        assert _asked(port, server) == before
        assert "passerella" not in running.words()
    port = free_port()
    with plain(command(server, _app(server), port), APPS, port, tmp_path / "log"):  # nobody at that address any more
        assert _asked(port, server) == before


def _wait(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not ready() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert ready()


@pytest.fixture
def deaf(tmp_path: Path) -> Iterator[str]:
    """An address where somebody answers and never reads."""
    accepted = []
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "deaf"))
    listener.listen(16)

    def accept() -> None:
        while True:
            try:
                accepted.append(listener.accept()[0])
            except OSError:
                return

    thread = threading.Thread(target=accept)
    thread.start()
    yield f"unix:{tmp_path / 'deaf'}"
    listener.shutdown(socket.SHUT_RDWR)
    thread.join()
    for each in (listener, *accepted):
        each.close()


def test_one_that_never_reads_stops_nothing(
    server: str, deaf: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _inject(monkeypatch, deaf, "x")
    port = free_port()
    with plain(command(server, _app(server), port), APPS, port, tmp_path / "log"):
        before = _asked(port, server)
        for _ in range(150):
            assert ask(port, get("/flask/ciao" if "wsgi" in _app(server) else "/fastapi/async")).startswith(b"HTTP/1.")
        assert _asked(port, server) == before
        started = time.monotonic()
    assert time.monotonic() - started < 5.5, "it took long to leave"
