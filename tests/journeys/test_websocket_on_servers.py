"""WebSockets as real servers really serve them: one journey, from the handshake to the last frame."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from passerella.cli.target import of_scenario
from passerella.client.websocket import Message
from passerella.events import Event
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey
from passerella.scenarios import SCENARIOS
from passerella.session.live import Session, State
from passerella.session.wanted import HoldRule

NAMES = [name for name, scenario in SCENARIOS.items() if scenario.websocket and not scenario.front]
CLIENT_TO_APP = ["client_frame_sent", "frame_in", "ws_receive"]
APP_TO_CLIENT = ["ws_send", "frame_out", "client_frame_received"]


class Watched:
    """A scenario under the probe, and the journeys that it made."""

    def __init__(self, name: str, *holds: HoldRule) -> None:
        self.assembler = Assembler()
        self._lock = threading.Lock()
        self.session = Session(of_scenario(name).command, self._hear, holds)
        assert self.session.wait_ready() is State.READY

    def _hear(self, batch: list[tuple[int, Event]]) -> None:
        with self._lock:
            for pid, event in batch:
                self.assembler.feed(pid, event)

    def journeys(self, count: int) -> list[Journey]:
        """The journeys, when there are so many and all is over."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with self._lock:
                self.assembler.take_changed()
                found = list(self.assembler.journeys)
            if len(found) >= count and all(journey.quiet for journey in found):
                break
            time.sleep(0.02)
        assert len(found) == count, found
        return found


@contextmanager
def watched(name: str, *holds: HoldRule) -> Iterator[Watched]:
    running = Watched(name, *holds)
    try:
        yield running
    finally:
        running.session.close()


@pytest.fixture(scope="module", params=NAMES)
def running(request: pytest.FixtureRequest) -> Iterator[Watched]:
    with watched(request.param) as one:
        yield one


def _walk(journey: Journey, *names: str) -> list[str]:
    return [step.name for step in journey.steps if step.level == 2 and (not names or step.name in names)]


def _in_order(names: list[str], wanted: list[str]) -> bool:
    left = iter(names)
    return all(name in left for name in wanted)


def test_an_echo_a_closure_and_a_denial(running: Watched) -> None:
    [echo] = running.session.chat("/eco", ["ciao", "perché?", b"\0\xff"])
    assert echo.received == [Message("text", "ciao"), Message("text", "perché?"), Message("bytes", b"\0\xff")]
    assert (echo.status, echo.code) == (101, 1000)
    [enough] = running.session.chat("/eco", ["basta"])
    assert (enough.status, enough.received, enough.code) == (101, [], 4000)
    [denied] = running.session.chat("/nulla", ["ciao"])
    assert (denied.status, denied.received) == (403, [])
    first, second, third = running.journeys(3)
    _check_echo(first)
    assert [step.value.get("code") for step in second.steps if step.name == "ws_close" and step.level == 2] == [4000]
    (close,) = [step.value for step in second.steps if step.name == "frame_out"]
    assert (close["frame"], close["code"]) == ("close", 4000)
    assert close["reason"] == ("" if second.server == "daphne" else "Hai detto basta.")  # Daphne leaves it out
    assert third.status == 403
    assert "upgrade" not in _walk(third)
    assert _in_order(_walk(third), ["scope", "call", "ws_connect", "ws_close", "headers_written"])


def _check_echo(journey: Journey) -> None:
    assert (journey.protocol, journey.interface, journey.status) == ("websocket", "asgi", 101)
    assert (journey.method, journey.target, journey.complete) == ("GET", "/eco", True)
    before = ["request_sent", "recv", "scope", "call", "view", "ws_connect", "ws_accept", "upgrade"]
    said = (CLIENT_TO_APP + APP_TO_CLIENT) * 3
    names = [step.name for step in journey.steps]
    assert _in_order(names, [*before, *said, "client_frame_sent", "frame_in"])
    assert names.count("call") == 1
    for name in ("call", "scope", "ws_connect", "ws_accept", "upgrade"):
        assert _walk(journey, name) == [name]
    arrived = [step.value for step in journey.steps if step.name == "frame_in" and step.value]
    assert [value["frame"] for value in arrived] == ["text", "text", "binary", "close"]
    assert [value.get("text") for value in arrived[:2]] == ["ciao", "perché?"]
    assert all(value["mask"] for value in arrived)
    masks = {value["mask"] for value in arrived}
    assert len(masks) > 1
    left = [step.value for step in journey.steps if step.name == "frame_out" and step.value]
    assert [value["frame"] for value in left] == ["text", "text", "binary", "close"]
    assert not any(value["mask"] for value in left)
    _check_bytes(journey)
    assert journey.origins["path"] == [(4, 8)]


def _check_bytes(journey: Journey) -> None:
    """The pieces of each direction follow one another without a hole, on both sides, and are the same bytes."""
    for inbound, kept in ((True, journey.request), (False, journey.response)):
        for station in ("client", "socket"):
            pieces = [
                step.bytes
                for step in journey.steps
                if step.bytes is not None and step.station == station and (step.direction == "inbound") is inbound
            ]
            assert [piece.start for piece in pieces[1:]] == [piece.end for piece in pieces[:-1]]
            assert b"".join(piece.data for piece in pieces) == bytes(kept)


def test_a_journey_is_held_at_a_message_and_goes_on() -> None:
    with watched("uvicorn-websocket", HoldRule(1, landmark="asgi.ws_send", seconds=0.6)) as running:
        began = time.monotonic()
        [outcome] = running.session.chat("/eco", ["ciao"])
        assert time.monotonic() - began >= 0.6
        assert outcome.received == [Message("text", "ciao")]
        (journey,) = running.journeys(1)
        (held,) = journey.steps_held
        assert (held.name, held.hold) == ("ws_send", "await")
        assert held.held >= 500_000_000


def test_two_in_one_chat() -> None:
    with watched("uvicorn-websocket") as running:
        with running.session.dialog("/chat") as ada, running.session.dialog("/chat") as bo:
            ada.send("chi c'è?")
            assert ada.receive(5) == bo.receive(5) == Message("text", "chi c'è?")
            bo.send("io")
            assert ada.receive(5) == bo.receive(5) == Message("text", "io")
            bo.ping(b"?")
            assert bo.receive(5) == Message("pong", b"?")
            ada.close()
            bo.close(1001, "ciao")
            assert (ada.code, bo.code) == (1000, 1001)
        first, second = running.journeys(2)
        assert _walk(first).count("ws_send") + _walk(second).count("ws_send") == 4
        frames = [step.value.get("frame") for step in second.steps if step.station == "socket"]
        assert "ping" in frames
        assert "pong" in frames
