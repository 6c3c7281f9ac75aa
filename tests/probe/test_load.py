"""Many requests: what is not recorded is counted, what is recorded stays true, memory is bounded on both sides."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fidelity.running import Seen, ask, command, free_port, plain, traced
from passerella.client.prepared import Prepared
from passerella.events import Counted, Dropped, Hello
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey
from passerella.probe.vocabulary import ADDRESS_VARIABLE, PATH_VARIABLE, QUEUE_LIMIT
from passerella.session.live import _INJECT
from passerella.session.wire import Wire

APPS = Path(__file__).parent / "apps"


def _request(query: str, more: bytes = b"Connection: close\r\n") -> bytes:
    return b"GET /?%b HTTP/1.1\r\nHost: x\r\n%b\r\n" % (query.encode(), more)


def _ask_many(port: int, count: int, threads: int = 4) -> None:
    failures: list[bytes] = []

    def ask_some(start: int) -> None:
        for n in range(start, count, threads):
            answer = ask(port, _request(f"q{n}"))
            if not answer.startswith(b"HTTP/1.1 200"):
                failures.append(answer)

    running = [threading.Thread(target=ask_some, args=(start,)) for start in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert not failures


class Quick(Seen):
    """Keeps no events: there are many."""

    def hear(self, batch: list[tuple[int, object]]) -> None:  # type: ignore[override]
        super().hear(batch)  # type: ignore[arg-type]
        self.events.clear()


def test_two_thousand_requests() -> None:
    seen = Quick()
    with traced(command("gunicorn", "quick_wsgi:app", 0), APPS, seen) as running:
        _ask_many(running.port, 2000)
        journeys = seen.wait(
            lambda found: len(found) + seen.assembler.counted >= 2000 and all(each.quiet for each in found), 10
        )
        # Of those beyond a thousand in a second only the number is known.
        assert len(journeys) + seen.assembler.counted == 2000 or seen.assembler.dropped
        assert len(journeys) <= 2000
        assert [journey.number for journey in journeys if not journey.quiet or journey.status != 200] == []
        assert len({bytes(journey.request) for journey in journeys}) == len(journeys)
        assert len(seen.assembler._streams) <= 300
        assert len(seen.assembler._by_peer) <= 300


def test_a_connection_that_serves_for_days() -> None:
    seen = Quick()
    with traced(command("uvicorn-httptools-uvloop", "distinct_asgi:bare", 0), APPS, seen) as running:
        with socket.create_connection(("127.0.0.1", running.port), 10) as line:
            for n in range(300):
                line.sendall(_request(f"qqq{n:03}", b""))
                _read_whole(line, f"qqq{n:03}" * 2)
        journeys = seen.wait(lambda found: len(found) >= 300 and all(each.quiet for each in found))
        assert [journey.ordinal for journey in journeys] == list(range(1, 301))
        assert all(journey.quiet and journey.dropped == 0 for journey in journeys)
        assert {len(journey.steps) for journey in journeys[1:-1]} == {len(journeys[1].steps)}
        seen.journeys()
        (stream,) = seen.assembler._streams.values()
        assert len(stream.journeys) < 40


def _read_whole(line: socket.socket, body: str) -> None:
    received = b""
    while not received.endswith(body.encode()):
        data = line.recv(65536)
        assert data
        received += data


@pytest.fixture
def slow(tmp_path: Path) -> Iterator["Slow"]:
    viewer = Slow(tmp_path / "slow")
    yield viewer
    viewer.close()


class Slow:
    """A viewer that reads only when it is told to."""

    def __init__(self, path: Path) -> None:
        self.address = f"unix:{path}"
        self._lines: list[socket.socket] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(16)
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._lines.append(self._listener.accept()[0])

    def read(self) -> tuple[Assembler, int, int, int]:
        """All that was said: as journeys, how many messages were kept and dropped, how many requests counted."""
        assembler, kept, dropped, counted = Assembler(), 0, 0, 0
        with ThreadPoolExecutor(len(self._lines)) as together:
            texts = list(together.map(_all_that_comes, self._lines))
        for text in texts:
            pid, wire = 0, Wire()
            for event in (event for each in text.splitlines() for event in wire.events(each)):
                if isinstance(event, Hello):
                    pid = event.pid
                if isinstance(event, Dropped):
                    dropped += event.count
                if isinstance(event, Counted):
                    counted += event.n
                assembler.feed(pid, event)
                kept += 1
        return assembler, kept, dropped, counted

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        for each in (self._listener, *self._lines):
            each.close()


@pytest.mark.skipif(os.name != "posix", reason="qui la linea è un socket Unix")
@pytest.mark.parametrize("server", ["waitress", "gunicorn", "uvicorn-h11-asyncio"])
def test_a_slow_viewer_is_told_what_it_misses(
    server: str, slow: Slow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESS_VARIABLE, f"{slow.address}|x")
    monkeypatch.setenv(PATH_VARIABLE, "")
    monkeypatch.setenv("PYTHONPATH", str(_INJECT))
    port = free_port()
    app = "distinct_asgi:app" if server.startswith("uvicorn") else "distinct_wsgi:app"
    with plain(command(server, app, port), APPS, port, tmp_path / "log"):
        _ask_many(port, 600, 8)
        assembler, kept, dropped, counted = slow.read()
    assert kept < QUEUE_LIMIT * 1.5
    journeys = assembler.take_changed()
    assert len(journeys) + counted >= 600 or dropped
    whole = [journey for journey in journeys if journey.complete]
    assert len(whole) > 100
    for journey in whole:
        assert journey.status == 200
        names = [step.name for step in journey.steps]
        assert ("call" in names) == ("view" in names), "in part"
        assert _query(journey) * 2 in bytes(journey.response).decode()


def _all_that_comes(line: socket.socket) -> bytes:
    line.settimeout(2)
    text = b""
    with contextlib.suppress(TimeoutError):
        while data := line.recv(1 << 20):
            text += data
    return text


CALLS = {"call", "view", "send_start", "start_response"}


@pytest.mark.parametrize("server", ["waitress", "gunicorn", "uvicorn-h11-asyncio", "uvicorn-httptools-uvloop"])
def test_three_levels(server: str) -> None:
    """Of each second the first five in full, up to twenty by their bytes, the others only counted."""
    seen = Seen()
    app = "distinct_asgi:app" if server.startswith("uvicorn") else "distinct_wsgi:app"
    with traced(command(server, app, 0), APPS, seen) as running:
        running.session.limit(5, 20)
        time.sleep(0.3)
        start = time.monotonic()
        _ask_many(running.port, 200)
        seconds = time.monotonic() - start  # what was only counted is told with the next that comes
        ours = running.session.send([Prepared.of(_request("ours"))] * 30)
        assert {answer.status for answer in ours} == {200}
        journeys = seen.wait(lambda found: sum(b"?ours" in each.request for each in found) == 30)
    assert len(journeys) + seen.assembler.counted == 230
    assert seen.assembler.counted > 0
    assert seen.assembler.dropped == 0
    full = [journey for journey in journeys if CALLS & {step.name for step in journey.steps}]
    brief = [journey for journey in journeys if journey not in full]
    theirs = [journey for journey in full if b"?ours" not in journey.request]
    assert 5 <= len(theirs) <= 5 * (seconds + 2)
    assert len(full) == len(theirs) + 30, "what our client sends is always whole"
    assert brief
    for journey in brief:
        assert (journey.method, journey.status) == ("GET", 200)
        assert journey.target == "/?" + _query(journey)
        assert {step.station for step in journey.steps} <= {"socket"}


@pytest.mark.parametrize("server", ["gunicorn", "uvicorn-h11-asyncio", "uvicorn-httptools-uvloop"])
def test_nobody_looks_and_looks_again(server: str) -> None:
    seen = Seen()
    app = "distinct_asgi:app" if server.startswith("uvicorn") else "distinct_wsgi:app"
    with traced(command(server, app, 0), APPS, seen) as running:
        with socket.create_connection(("127.0.0.1", running.port), 10) as line:
            _say(line, "before")
            seen.wait(lambda found: len(found) == 1 and found[0].quiet)
            running.session.watch(False)
            time.sleep(0.3)
            if server != "gunicorn":  # which closes after each answer
                _say(line, "unseen")
            ask(running.port, _request("unseen"))
            time.sleep(0.3)
            events = len(seen.events)
            running.session.watch(True)
            time.sleep(0.3)
            assert seen.events[events:] == []
            if server != "gunicorn":
                _say(line, "after")
        ask(running.port, _request("later"))
        expected = ["before", "later"] if server == "gunicorn" else ["before", "after", "later"]
        journeys = seen.wait(lambda found: len(found) == len(expected) and all(each.quiet for each in found))
    assert [_query(journey) for journey in journeys] == expected
    for journey in journeys:
        assert journey.status == 200
        assert CALLS & {step.name for step in journey.steps}
        assert journey.target == "/?" + _query(journey)


def _say(line: socket.socket, query: str) -> None:
    line.sendall(_request(query, b""))
    _read_whole(line, query * 2)


def _query(journey: Journey) -> str:
    return bytes(journey.request).decode().split("?")[1].split()[0]
