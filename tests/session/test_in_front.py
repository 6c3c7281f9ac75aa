"""Nginx and Apache really started in front of a server: what passes, and what is left of them afterwards."""

import random
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from passerella.cli.target import of_scenario
from passerella.client.answer import Answer
from passerella.client.draft import prepare
from passerella.client.prepared import Prepared
from passerella.client.request import compose
from passerella.errors import StartError
from passerella.events import Event
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey
from passerella.scenarios import SCENARIOS
from passerella.session.live import Session
from passerella.session.offered import draft_of
from passerella.session.starting import CONFIGURATION, OVER
from passerella.session.wanted import HoldRule
from session.killing import killed, stopped

NGINX = pytest.param("nginx-gunicorn-flask", marks=pytest.mark.nginx)
APACHE = pytest.param("apache-gunicorn-flask", marks=pytest.mark.apache)
BOTH = pytest.mark.parametrize("scenario", [NGINX, APACHE])


class Watched:
    """A session, and the journeys of what passes by it."""

    def __init__(self, scenario: str, choices: dict[str, str] | None = None) -> None:
        self._assembler = Assembler()
        self._lock = threading.Lock()
        self.session = Session(of_scenario(scenario, choices=choices or {}).command, self._hear)

    def _hear(self, batch: list[tuple[int, Event]]) -> None:
        with self._lock:
            for pid, event in batch:
                self._assembler.feed(pid, event)

    def ask(self, line: str, *headers: tuple[str, str], body: bytes | None = None) -> Answer:
        host = self.session.url.partition("//")[2]
        (answer,) = self.session.send([Prepared.of(compose(line, host=host, headers=headers, body=body))])
        return answer

    def journeys_so_far(self) -> list[Journey]:
        with self._lock:
            return list(self._assembler.journeys)

    def journeys(self, count: int) -> list[Journey]:
        """So many journeys that are over."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with self._lock:
                self._assembler.take_changed()
                found = list(self._assembler.journeys)
            if len(found) == count and all(journey.quiet for journey in found):
                break
            time.sleep(0.02)
        assert [journey.quiet for journey in found] == [True] * count, found
        return found


@contextmanager
def watched(scenario: str, choices: dict[str, str] | None = None) -> Iterator[Watched]:
    found = Watched(scenario, choices)
    with found.session:
        found.session.wait_ready()
        yield found


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@pytest.mark.nginx
@pytest.mark.parametrize("over", ["tcp", "unix"])
def test_nginx_by_default(over: str) -> None:
    with watched("nginx-gunicorn-flask", {OVER: over}) as seen:
        answer = seen.ask("GET /ciao?nome=Ada", ("X-Forwarded-For", "6.6.6.6"), ("X_Basso", "si"))
        (journey,) = seen.journeys(1)
    assert (answer.status, bytes(journey.response)) == (200, answer.data)
    assert journey.upstream is not None
    received = bytes(journey.upstream.request)
    assert received.startswith(b"GET /ciao?nome=Ada HTTP/1.0\r\nHost: ")
    assert b"Connection: close\r\n" in received
    assert b"X-Forwarded-For: 6.6.6.6\r\n" in received  # what a client writes passes untouched
    assert b"X_Basso" not in received
    assert not journey.upstream.uncertain
    stations = [step.station for step in journey.steps if step.level == 2]
    assert stations[:4] == ["client", "proxy", "proxy", "proxy"]
    assert [step.name for step in journey.steps if step.station == "proxy" and step.level == 2] == [
        *(
            "front_request",
            "front_client_error",
            "front_location",
            "front_forward",
            "front_answer",
            "front_relay",
            "front_done",
        )
    ]
    key = journey.origins["HTTP_HOST"]
    assert not isinstance(key, str)
    assert received[slice(*key[0])].startswith(b"127.0.0.1:" if over == "tcp" else b"localhost")


@pytest.mark.nginx
def test_nginx_as_recommended() -> None:
    with watched("nginx-gunicorn-flask", {CONFIGURATION: "consigliata"}) as seen:
        seen.ask("GET /ciao", ("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-Proto", "https"))
        (journey,) = seen.journeys(1)
    received = journey.origin_request
    assert received.startswith(b"GET /ciao HTTP/1.1\r\n")
    assert b"X-Forwarded-For: 6.6.6.6, 127.0.0.1\r\n" in received
    assert b"X-Forwarded-Proto: http\r\n" in received


@pytest.mark.nginx
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_uvicorn_on_a_unix_socket(loop: str) -> None:
    """On uvloop nobody in Python accepts and reads: the bytes are those that its protocol is given."""
    pytest.importorskip(loop)
    with watched("nginx-uvicorn-fastapi", {OVER: "unix", "loop": loop}) as seen:
        answer = seen.ask("GET /ciao?nome=Ada")
        (journey,) = seen.journeys(1)
    assert (answer.status, bytes(journey.response)) == (200, answer.data)
    assert journey.upstream is not None
    assert bytes(journey.upstream.request).startswith(b"GET /ciao?nome=Ada HTTP/1.1\r\nHost: ")
    assert bytes(journey.upstream.response).endswith(answer.data.partition(b"\r\n\r\n")[2])
    sockets = [step.name for step in journey.steps if step.station == "socket" and step.level == 2]
    assert sockets[:2] == ["accept", "recv"]


@pytest.mark.apache
def test_apache_by_default() -> None:
    with watched("apache-gunicorn-flask") as seen:
        answer = seen.ask("GET /ciao?nome=Ada", ("X-Forwarded-For", "6.6.6.6"))
        seen.ask("GET /a%2Fb")
        first, second = seen.journeys(2)
    assert bytes(first.response) == answer.data
    received = first.origin_request
    assert received.startswith(b"GET /ciao?nome=Ada HTTP/1.1\r\nHost: ")
    assert b"X-Forwarded-For: 6.6.6.6, 127.0.0.1\r\n" in received
    assert (second.status, second.upstream) == (404, None)  # Apache's own answer to %2F


@BOTH
def test_what_python_never_sees(scenario: str) -> None:
    with watched(scenario) as seen:
        answer = seen.ask("GET /static/orari.txt")
        refused = seen.ask("GET /spento/ciao")
        static, gone = seen.journeys(2)
    assert "bar della scuola" in answer.data.decode("utf-8")
    assert refused.status == (502 if scenario.startswith("nginx") else 503)
    assert (static.upstream, gone.upstream) == (None, None)
    assert any(step.name == "front_static" for step in static.steps)
    assert any(step.name == "front_trouble" for step in gone.steps)
    assert {step.station for step in static.steps} == {"client", "proxy"}


_EXPECTED = {
    "nginx-gunicorn-flask": {"app-spenta": [502], "troppo-grande": [413], "troppa-fretta": [200, 503], "file": [200]},
    "apache-gunicorn-flask": {"app-spenta": [503], "troppo-grande": [413], "barra-codificata": [404], "file": [200]},
}


@BOTH
def test_the_ready_requests(scenario: str) -> None:
    ready = {each.id: draft_of(each) for each in SCENARIOS[scenario].ready}
    with watched(scenario) as seen:
        host = seen.session.url.partition("//")[2]
        for name, expected in _EXPECTED[scenario].items():
            answers = seen.session.send(prepare(ready[name], host)[0])
            assert [answer.status for answer in answers] == expected, name
        asked = sum(map(len, _EXPECTED[scenario].values()))
        reached = [each for each in seen.journeys(asked) if each.upstream is not None]
        assert [each.status for each in reached] == ([200] if scenario.startswith("nginx") else [])
        seen.session.send(prepare(ready["eventi"], host)[0])
        events = seen.journeys(asked + 1)[-1]
    arrived = [step.t for step in events.steps if step.name == "response_received"]
    # Nginx keeps them until the end: Gunicorn answers HTTP/1.0 without chunks. Apache keeps nothing.
    assert (arrived[-1] - arrived[0] > 300_000_000) is scenario.startswith("apache")


@BOTH
def test_the_app_goes_on_after_the_proxy_gave_up(scenario: str) -> None:
    with watched(scenario) as seen:
        answer = seen.ask("GET /impaziente/lento?secondi=2")
        (journey,) = seen.journeys(1)
    assert answer.status == (504 if scenario.startswith("nginx") else 502)
    assert journey.status == answer.status
    late = [step for step in journey.steps if step.name == "view_return"]
    done = next(step for step in journey.steps if step.name == "front_done")
    assert late
    assert late[0].t > done.t


@BOTH
def test_a_body_is_collected_and_its_chunks_undone(scenario: str) -> None:
    with watched(scenario) as seen:
        seen.ask(
            "POST /moduli",
            ("Transfer-Encoding", "chunked"),
            ("Content-Type", "application/x-www-form-urlencoded"),
            body=b"nome=Ada",
        )
        (journey,) = seen.journeys(1)
    assert b"Transfer-Encoding" in journey.request
    assert b"Content-Length: 8\r\n" in journey.origin_request
    assert journey.origin_request.endswith(b"\r\n\r\nnome=Ada")


@pytest.mark.nginx
def test_a_body_that_is_too_long() -> None:
    with watched("nginx-gunicorn-flask") as seen:
        assert seen.ask("POST /piccolo/moduli", body=b"a" * 17).status == 413
        (journey,) = seen.journeys(1)
    assert journey.upstream is None


@pytest.mark.nginx
def test_a_hold_is_not_a_504() -> None:
    with watched("nginx-gunicorn-flask") as seen:
        seen.session.hold([HoldRule(1, station="view", seconds=1.5)])
        assert seen.ask("GET /ciao").status == 200
        (journey,) = seen.journeys(1)
    assert journey.held > 1_000_000_000


@BOTH
def test_a_terminal_that_is_resized_stops_nothing(scenario: str) -> None:
    """SIGWINCH goes to the group of the terminal, and to Apache it means «stop»: it is in a session of its own."""
    with watched(scenario) as seen:
        signal.raise_signal(signal.SIGWINCH)
        assert seen.ask("GET /ciao").status == 200


@pytest.mark.nginx
def test_why_it_did_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("passerella.servers.fronts.model.Front.configured", lambda self, place: "guasto;\n")
    with Watched("nginx-gunicorn-flask").session as session:
        with pytest.raises(StartError) as error:
            session.wait_ready()
        assert "guasto" in error.value.details


def test_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("passerella.servers.fronts.model.Front.program", lambda self: None)
    with pytest.raises(StartError, match="apt-get install nginx-light"):
        Watched("nginx-gunicorn-flask")
    assert not list(tmp_path.glob("passerella-*"))


@BOTH
def test_nothing_is_left_at_the_end(scenario: str, tmp_path: Path) -> None:
    with watched(scenario) as seen:
        port = seen.session.port
    assert not list(tmp_path.glob("passerella-*"))
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port))


@BOTH
@pytest.mark.parametrize("turn", range(3))
def test_the_parent_is_killed_at_some_moment(scenario: str, turn: int, tmp_path: Path) -> None:
    moment = random.Random().uniform(turn * 0.7, turn * 0.7 + 0.7)  # noqa: S311
    assert killed(scenario, tmp_path / "t", moment) == [], f"after {moment} s"


@BOTH
def test_started_and_stopped(scenario: str, tmp_path: Path) -> None:
    assert stopped(scenario, tmp_path / "t") == []
