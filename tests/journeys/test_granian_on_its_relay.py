"""Granian's calls and the bytes that passed the relay: one journey each, whoever they came from."""

import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import cast

import pytest

from passerella.cli.target import of_scenario
from passerella.client.prepared import Prepared, together
from passerella.client.request import compose
from passerella.events import Event
from passerella.journeys.assembler import Assembler
from passerella.journeys.growing import Growing
from passerella.journeys.model import Journey
from passerella.journeys.relayed import _Placed
from passerella.journeys.stream import Stream
from passerella.scenarios import SCENARIOS
from passerella.session.live import Command, Session, State
from passerella.views.sentences import tell

BOUNDARY = {"granian-fastapi": "asgi", "granian-flask": "wsgi"}


class Heard:
    def __init__(self) -> None:
        self.assembler = Assembler()
        self._lock = threading.Lock()

    def hear(self, batch: list[tuple[int, Event]]) -> None:
        with self._lock:
            for pid, event in batch:
                self.assembler.feed(pid, event)

    def wait(self, count: int, done: Callable[[Journey], bool] = lambda journey: journey.quiet) -> list[Journey]:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with self._lock:
                self.assembler.take_changed()
                found = list(self.assembler.journeys)
            if len(found) >= count and all(done(journey) for journey in found):
                break
            time.sleep(0.02)
        assert len(found) == count, found
        return found


@pytest.mark.parametrize(
    ("one", "other", "doubted"),
    [
        ((0, 10), (20, 30), False),  # one after the other
        ((0, 10), (5, 30), True),  # both had been read before any was called
        ((5, 30), (0, 10), True),
        ((0, 10), (12, 13), False),
        ((0, 30), (5, 30), True),
    ],
)
def test_calls_may_be_exchanged_where_both_requests_were_there(
    one: tuple[int, int], other: tuple[int, int], doubted: bool
) -> None:
    first, second = (
        _Placed(("GET", b"/", b""), cast("Stream", None), Growing(Journey(1, "", 1)), *times) for times in (one, other)
    )
    assert first.may_be(second) is second.may_be(first) is doubted
    assert not first.may_be(first)
    assert not first.may_be(second._replace(asked=("GET", b"/altro", b"")))


@pytest.mark.parametrize("relayed", [True, False])
def test_a_connection_that_ended_is_not_the_end_while_the_call_may_still_be_told(*, relayed: bool) -> None:
    """The app's process tells of its call when it likes; the relay's connection may be over by then."""
    growing = Growing(Journey(1, "", 1, status=200))
    growing.relayed = relayed
    growing.end_connection()
    growing.settle()
    assert growing.journey.quiet is not relayed


def test_a_request_alone_is_certain_and_an_uncertain_one_says_so() -> None:
    """A WSGI app is not told the client's port."""
    heard = Heard()
    with Session(of_scenario("granian-flask").command, heard.hear) as session:
        session.wait_ready()
        host = session.url.partition("//")[2]
        session.send([Prepared.of(compose("GET /ciao", host=host))] * 2)
        journeys = heard.wait(2)
    assert [journey.uncertain for journey in journeys] == [False, False]
    assert not any("incerto" in line for line in tell(journeys[0]))
    journeys[0].uncertain = True
    said = list(tell(journeys[0]))
    assert "incerto" in said[1]
    assert sum("abbinamento incerto" in line for line in said) == 1


@pytest.mark.parametrize("name", BOUNDARY)
def test_each_call_has_its_own_bytes(name: str) -> None:
    heard = Heard()
    with Session(of_scenario(name).command, heard.hear) as session:
        assert session.wait_ready() is State.READY
        assert session.server == "granian"
        host = session.url.partition("//")[2]
        kept = [Prepared.of(compose(f"GET /ciao?nome=n{index}", host=host)) for index in range(3)]
        answers = session.send(kept, same_connection=True)
        # A WSGI app is not told the client's port: of equal requests at the same time nobody can say which is which.
        lines = ["GET /lento?secondi=0.2" + ("" if BOUNDARY[name] == "asgi" else f"&n={index}") for index in range(4)]
        answers += session.send(together([Prepared.of(compose(line, host=host)) for line in lines]))
        assert [answer.status for answer in answers] == [200] * 7
        journeys = heard.wait(7)
    for journey, asked, answer in zip(journeys[:3], kept, answers[:3], strict=True):
        assert (bytes(journey.request), bytes(journey.response)) == (asked.data, answer.data)
        assert f"n{journey.ordinal - 1}" in repr([step.value for step in journey.steps if step.station == "view"])
    assert [journey.ordinal for journey in journeys] == [1, 2, 3, 1, 1, 1, 1]
    if BOUNDARY[name] == "wsgi":  # the worker is forked, and copies what it inherited
        assert {journey.origins["PATH"] for journey in journeys if isinstance(journey.origins["PATH"], str)} == {
            "process"
        }
    for journey in journeys:
        _check(journey, BOUNDARY[name])


def _check(journey: Journey, interface: str) -> None:
    assert (journey.server, journey.interface, journey.status) == ("granian", interface, 200)
    assert journey.complete
    walk = [step.name for step in journey.steps if step.level == 2]
    assert walk.count("call") == walk.count("view") == 1
    written = next(name for name in walk if name in ("headers_written", "response_written"))
    order = ["recv", "call", "view", "view_return", written]
    places = [walk.index(name) for name in order]
    assert places == sorted(places), walk
    assert ("closed_box" in walk) is (journey.ordinal == 1)
    pids = {step.station: step.pid for step in journey.steps}
    assert pids["socket"] != pids["gateway"]
    path = "path" if interface == "asgi" else "PATH_INFO"
    assert journey.origins[path] == [(4, 4 + len((journey.target or "").partition("?")[0]))]


def test_a_free_command_line_shows_the_boundary_and_says_so() -> None:
    heard = Heard()
    scenario = SCENARIOS["granian-flask"]
    words = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(_free_port()), scenario.app]
    with Session(Command(words, scenario.folder), heard.hear) as session:
        assert session.wait_ready() is State.READY
        assert [refusal.what for refusal in session.refusals] == ["granian"]
        host = session.url.partition("//")[2]
        (answer,) = session.send([Prepared.of(compose("GET /ciao?nome=Ada", host=host))])
        assert answer.status == 200
        (journey,) = heard.wait(1)
    assert (journey.method, journey.target, bytes(journey.request)) == ("GET", "/ciao", b"")
    walk = [step.name for step in journey.steps if step.level == 2]
    assert walk[0] == "call"
    assert "socket" not in journey.stations


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
