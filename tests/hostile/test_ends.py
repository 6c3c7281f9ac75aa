"""Whoever is killed, server, viewer or guardian: nothing hangs, no process and no file is left."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fidelity.running import SERVERS, Traced, ask, command, traced
from passerella.client.answer import Answer
from passerella.client.prepared import Prepared
from passerella.errors import StartError
from passerella.session.live import Command, Session, State

VIEWER = Path(__file__).with_name("viewer.py")
APP = """
import time
def wsgi(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"first"
    time.sleep(float(environ.get("QUERY_STRING") or 0))
    yield b"last"
async def asgi(scope, receive, send):
    import asyncio
    if scope["type"] == "lifespan":
        return
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": b"first", "more_body": True})
    await asyncio.sleep(float(scope["query_string"] or 0))
    await send({"type": "http.response.body", "body": b"last"})
"""
CASES = ("wsgiref", "gunicorn", "waitress", "uvicorn-h11-asyncio", "uvicorn-httptools-uvloop")

pytestmark = pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="i processi rimasti si cercano in /proc")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ends_app.py").write_text(APP)
    return tmp_path


def _argv(server: str) -> list[str]:
    return command(server, "ends_app:asgi" if server.startswith("uvicorn") else "ends_app:wsgi", 0)


def _processes_in(folder: Path) -> list[int]:
    """The processes whose current folder it is: those of the server, and only those."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if (entry / "cwd").readlink() == folder:
                    found.append(int(entry.name))
    return found


def _soon(true: Callable[[], bool], seconds: float = 8.0) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return true()


@pytest.mark.parametrize("server", CASES)
def test_the_server_is_killed_in_the_middle(server: str, folder: Path) -> None:
    assert server in SERVERS
    answers: list[Answer] = []
    with traced(_argv(server), folder) as running:
        sending = threading.Thread(target=lambda: answers.extend(_ask_slowly(running)))
        sending.start()
        assert _soon(lambda: any(step.name == "call" for j in running.seen.journeys() for step in j.steps))
        time.sleep(0.2)
        (journey,) = running.seen.journeys()
        serving = next(step.pid for step in journey.steps if step.station == "gateway")
        os.kill(serving, signal.SIGKILL)
        sending.join(5)
        assert not sending.is_alive()
        (answer,) = answers
        assert answer.data.endswith(b"first") or answer.data.endswith(b"first\r\n"), answer
        assert _soon(lambda: running.seen.journeys()[0].steps[-1].name != "")
        (journey,) = running.seen.journeys()
        assert not journey.complete, journey.steps[-1]
        assert bytes(journey.response) == answer.data
        if server == "gunicorn":  # the arbiter starts another worker
            assert b"firstlast" in ask(running.port, b"GET / HTTP/1.0\r\n\r\n")
        else:
            assert _soon(lambda: running.session.state is State.ENDED)
            assert running.session.program.code == -signal.SIGKILL
    assert _soon(lambda: not _processes_in(folder))


def _ask_slowly(running: Traced) -> list[Answer]:
    return running.session.send([Prepared.of(b"GET /?20 HTTP/1.1\r\nHost: x\r\n\r\n")])


def test_the_whole_server_is_killed_before_it_serves(folder: Path) -> None:
    argv = [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]
    with Session(Command(argv, folder), lambda batch: None) as session, pytest.raises(StartError):
        session.wait_ready()


@pytest.mark.parametrize("server", CASES)
def test_the_viewer_is_killed(server: str, folder: Path) -> None:
    viewer = subprocess.Popen(
        [sys.executable, str(VIEWER), str(folder), *_argv(server)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert viewer.stdout is not None
    with viewer, viewer.stdout:
        port, private, guardian = viewer.stdout.readline().split()
        with socket.create_connection(("127.0.0.1", int(port)), 10) as line:  # and a request is under way
            line.sendall(b"GET /?20 HTTP/1.1\r\nHost: x\r\n\r\n")
            line.recv(100)
            viewer.send_signal(signal.SIGKILL)
            viewer.wait()
            assert _soon(lambda: not _processes_in(folder))
    assert _soon(lambda: not Path(private).exists())
    assert _soon(lambda: not Path(f"/proc/{guardian}").exists() or _is_zombie(int(guardian)))


def _is_zombie(pid: int) -> bool:
    """In a container nobody may be there to bury it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.parametrize("server", ["gunicorn", "uvicorn-h11-asyncio"])
def test_the_guardian_is_killed(server: str, folder: Path) -> None:
    with traced(_argv(server), folder) as running:
        private = running.session._folder
        running.session._guard._process.kill()
        assert _soon(lambda: running.session.state is State.ENDED)
        assert _soon(lambda: not _processes_in(folder))
        (answer,) = running.session.send([Prepared.of(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")])
        assert answer.failure == "refused"
    assert not private.exists()


@pytest.mark.parametrize("server", ["gunicorn", "waitress", "uvicorn-httptools-uvloop"])
def test_a_session_closes_with_a_request_under_way(server: str, folder: Path) -> None:
    answers: list[Answer] = []
    started = 0.0
    with traced(_argv(server), folder) as running:
        private = running.session._folder
        sending = threading.Thread(target=lambda: answers.extend(_ask_slowly(running)))
        sending.start()
        assert _soon(lambda: any(step.name == "call" for j in running.seen.journeys() for step in j.steps))
        started = time.monotonic()
    assert time.monotonic() - started < 6
    sending.join(1)
    assert not sending.is_alive()
    assert answers[0].failure in ("aborted", "reset", "")
    assert not answers[0].complete
    assert not private.exists()
    assert not _processes_in(folder)
