"""Journeys really held: where, for how long, and who goes on meanwhile."""

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from passerella.client.prepared import Prepared
from passerella.events import Event, Held
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey, Step
from passerella.scenarios import SCENARIOS
from passerella.servers import SERVERS
from passerella.session.live import Command, Session
from passerella.session.wanted import HoldRule

PATIENCE = 10.0
SCENARIOS_TO_HOLD = (
    "wsgiref-wsgi",
    "gunicorn-flask",
    "waitress-flask",
    "uvicorn-asgi",
    "uvicorn-fastapi",
    "werkzeug-flask",
)


class Watched:
    """A session, and the journeys that it tells."""

    def __init__(self, command: Command, rules: list[HoldRule]) -> None:
        self._lock = threading.Lock()
        self._assembler = Assembler()
        self.held: list[tuple[int, Held]] = []
        self.session = Session(command, self._hear, rules)
        self.session.wait_ready()

    def _hear(self, batch: list[tuple[int, Event]]) -> None:
        with self._lock:
            for pid, event in batch:
                self._assembler.feed(pid, event)
                if isinstance(event, Held):
                    self.held.append((pid, event))

    @property
    def journeys(self) -> list[Journey]:
        with self._lock:
            self._assembler.take_changed()
            return list(self._assembler.journeys)

    def ask(self, target: str) -> threading.Thread:
        request = Prepared.of(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        thread = threading.Thread(target=self.session.send, args=([request],), daemon=True)
        thread.start()
        return thread

    def wait_held(self, count: int = 1) -> None:
        deadline = time.monotonic() + PATIENCE
        while len(self.held) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(self.held) >= count

    def steps_held(self) -> list[Step]:
        return [step for journey in self.journeys for step in journey.steps if step.held or step.holding]


def of_scenario(name: str) -> Command:
    scenario = SCENARIOS[name]
    return Command(SERVERS[scenario.server].command(sys.executable, scenario.app, version="27"), scenario.folder)


@contextmanager
def watched(command: Command, *rules: HoldRule) -> Iterator[Watched]:
    seen = Watched(command, list(rules))
    try:
        yield seen
    finally:
        seen.session.close()


@pytest.mark.parametrize("name", SCENARIOS_TO_HOLD)
@pytest.mark.parametrize("station", ["socket", "server", "gateway", "view"])
def test_each_station_can_be_held_and_goes_on(name: str, station: str) -> None:
    with watched(of_scenario(name), HoldRule(1, station=station)) as seen:
        asking = seen.ask("/ciao?nome=Ada")
        seen.wait_held()
        time.sleep(0.3)
        assert asking.is_alive(), "the answer came while the journey was held"
        [step] = seen.steps_held()
        assert step.holding
        assert step.moved or step.station == station
        assert not seen.journeys[0].response or station == "socket"
        [(pid, held)] = seen.held
        seen.session.resume(pid, held.moment)
        asking.join(PATIENCE)
        assert not asking.is_alive()
        time.sleep(0.3)
        [journey] = seen.journeys
        [step] = seen.steps_held()
        assert journey.status == 200
        assert not step.holding
        assert step.held >= 250_000_000
        assert journey.duration + journey.held <= journey.ended - journey.started
        assert journey.duration < journey.held


def test_of_who_is_held_at_the_socket_the_journey_is_there() -> None:
    """Somebody else's connection that is only accepted is no journey yet: nobody would see what is held."""
    with watched(of_scenario("gunicorn-flask"), HoldRule(1, station="socket")) as seen:
        host, _, port = seen.session.url.partition("//")[2].partition(":")
        with socket.create_connection((host, int(port)), PATIENCE) as line:
            line.sendall(b"GET /ciao?nome=Ada HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            seen.wait_held()
            time.sleep(0.1)
            [step] = seen.steps_held()
            assert (step.name, step.holding) == ("recv", True)
            seen.session.release_all()
            assert line.recv(1 << 16).startswith(b"HTTP/1.1 200")


def test_a_hold_with_seconds_ends_by_itself() -> None:
    with watched(of_scenario("gunicorn-flask"), HoldRule(1, station="view", seconds=0.4)) as seen:
        seen.ask("/ciao?nome=Ada").join(PATIENCE)
        time.sleep(0.2)
        [step] = seen.steps_held()
        assert 0.4e9 <= step.held < 5e9
        assert not step.holding


@pytest.mark.parametrize("name", ["uvicorn-fastapi", "uvicorn-asgi", "waitress-flask", "werkzeug-flask"])
def test_others_are_served_meanwhile(name: str) -> None:
    with watched(of_scenario(name), HoldRule(1, station="view", path="/ciao")) as seen:
        held = seen.ask("/ciao?nome=Ada")
        seen.wait_held()
        for _ in range(3):
            other = seen.ask("/")
            other.join(PATIENCE)
            assert not other.is_alive()
        assert held.is_alive()
        seen.session.release_all()
        held.join(PATIENCE)
        assert not held.is_alive()


def test_several_are_held_at_once_and_released_together() -> None:
    with watched(of_scenario("uvicorn-fastapi"), HoldRule(1, station="framework")) as seen:
        asking = [seen.ask(f"/ciao?nome={number}") for number in range(5)]
        seen.wait_held(5)
        assert all(each.is_alive() for each in asking)
        seen.session.release_all()
        for each in asking:
            each.join(PATIENCE)
        time.sleep(0.3)
        assert [journey.status for journey in seen.journeys] == [200] * 5


def test_each_request_of_a_connection_is_held_once() -> None:
    with watched(of_scenario("uvicorn-fastapi"), HoldRule(1, station="gateway", seconds=0.2)) as seen:
        request = Prepared.of(b"GET /ciao?nome=Ada HTTP/1.1\r\nHost: x\r\n\r\n")
        seen.session.send([request, request, request], same_connection=True)
        time.sleep(0.3)
        held = [sum(bool(step.held) for step in journey.steps) for journey in seen.journeys]
        assert held == [1, 1, 1]


def test_gunicorn_does_not_kill_a_worker_that_is_held(tmp_path: Path) -> None:
    """The worker's own timeout is 2 seconds, the hold lasts 6: the probe beats in its place."""
    command = of_scenario("gunicorn-flask")
    command.argv[command.argv.index("--timeout") + 1] = "2"
    with watched(command, HoldRule(1, station="view", seconds=6)) as seen:
        seen.ask("/ciao?nome=Ada").join(20)
        time.sleep(0.3)
        [journey] = seen.journeys
        assert journey.status == 200
        assert journey.held >= 6e9
        assert "WORKER TIMEOUT" not in seen.session.program.words()


@pytest.mark.parametrize("name", SCENARIOS_TO_HOLD)
def test_closing_while_something_is_held(name: str) -> None:
    started = time.monotonic()
    with watched(of_scenario(name), HoldRule(1, station="view")) as seen:
        seen.ask("/ciao?nome=Ada")
        seen.wait_held()
        started = time.monotonic()
    assert time.monotonic() - started < 6


@pytest.mark.parametrize(
    ("name", "landmark"), [("wsgiref-wsgi", "socket.accept"), ("uvicorn-asgi", "protocol.connection_made")]
)
def test_held_as_soon_as_it_is_accepted(name: str, landmark: str) -> None:
    with watched(of_scenario(name), HoldRule(1, landmark=landmark)) as seen:
        asking = seen.ask("/ciao")
        seen.wait_held()
        [(pid, event)] = seen.held
        assert not [step for journey in seen.journeys for step in journey.steps if step.station == "view"]
        seen.session.resume(pid, event.moment)
        asking.join(PATIENCE)
        assert not asking.is_alive()
        time.sleep(0.2)
        assert [journey.status for journey in seen.journeys] == [200]
