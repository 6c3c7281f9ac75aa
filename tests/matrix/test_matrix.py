"""Every scenario that can run here, asked all that can be asked of it (issue 5, "What must be shown").

The scenario's server starts once. Beside it runs the same server without the probe, which is asked the same: not one
byte may differ. With a web server in front, what differs is what that one changes, and is looked at elsewhere.
"""

import socket
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from matrix.running import HOST, Running
from passerella.client.answer import Answer
from passerella.client.prepared import Prepared
from passerella.client.websocket import Message
from passerella.events import Value
from passerella.journeys.model import Journey, Station, Step
from passerella.scenarios import SCENARIOS
from session.reachable import folder_for_anybody

_MODULES = {"uvicorn-worker": "uvicorn_worker"}  # distributions whose module has another name
_KEEP_NO_CONNECTION = {"wsgiref", "werkzeug", "gunicorn"}
_FROM_SOCKET_TO_VIEW: tuple[Station, ...] = ("socket", "server", "gateway", "middleware", "framework", "view")
_BARE = frozenset(("app_wsgi:app", "app_asgi:app", "app_websocket:app"))
_WRITTEN = ("response_written", "headers_written", "front_relay")
_VIEW_OVER = ("view_return", "view_error")
_GREETING = "GET /ciao?nome=Ada"
_SLOW = "GET /lento?secondi=0.3"


def _cases() -> Iterator[object]:
    for name, scenario in SCENARIOS.items():
        marks = [getattr(pytest.mark, scenario.front)] if scenario.front else []
        missing = [needed for needed in scenario.needs if find_spec(_MODULES.get(needed, needed)) is None]
        if missing or (sys.platform == "win32" and "gunicorn" in name):
            marks.append(pytest.mark.skip(reason=f"manca {missing[0] if missing else 'Gunicorn'}"))
        yield pytest.param(name, marks=marks)


@pytest.fixture(scope="module", params=_cases())
def running(request: pytest.FixtureRequest) -> Iterator[Running]:
    with folder_for_anybody() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(folder))
        patch.setenv("PASSERELLA_DATI", str(folder / "dati"))
        found = Running(SCENARIOS[request.param], folder)
        try:
            yield found
        finally:
            found.close()


def test_a_get(running: Running) -> None:
    ((request, answer, journey),) = running.ask(_GREETING)
    assert answer.status == 200
    _check(running, journey, request, answer)
    asked = _built(journey, "QUERY_STRING", "query_string")
    assert asked in ("nome=Ada", {"bytes": "nome=Ada"})


def test_a_post(running: Running) -> None:
    _unless_repeated(running)
    ((request, answer, journey),) = running.ask("POST /moduli")
    assert answer.status == 303
    _check(running, journey, request, answer)
    assert _built(journey, "REQUEST_METHOD", "method") == "POST"
    assert bytes(journey.request).endswith(running.scenario.bodies["POST /moduli"].encode())


def test_two_on_one_connection(running: Running) -> None:
    _unless_repeated(running)
    asked = running.ask("GET /ciao?nome=Ada", "GET /ciao?nome=Bea", same_connection=True)
    kept = bool(running.scenario.front) or running.scenario.server not in _KEEP_NO_CONNECTION
    assert [journey.ordinal for _, _, journey in asked] == ([1, 2] if kept else [1, 1])
    for (request, answer, journey), name in zip(asked, ("Ada", "Bea"), strict=True):
        assert answer.status == 200
        _check(running, journey, request, answer)
        assert _built(journey, "QUERY_STRING", "query_string") in (f"nome={name}", {"bytes": f"nome={name}"})
        assert name.encode() in bytes(journey.response)


def test_a_stream(running: Running) -> None:
    _unless_repeated(running)
    ((request, answer, journey),) = running.ask("GET /flusso")
    assert answer.status == 200
    _check(running, journey, request, answer)
    if _has_sockets(running):
        left = [
            step.t for step in journey.steps if step.station == "socket" and step.direction == "outbound" and step.bytes
        ]
    else:
        left = [step.t for step in journey.steps if step.name == "front_relay"]
    assert left[-1] - left[0] > 300_000_000


def test_an_error_of_the_app(running: Running) -> None:
    _unless_repeated(running)
    ((request, answer, journey),) = running.ask("GET /errore")
    assert answer.status == 500
    _check(running, journey, request, answer)
    assert "KeyError" in journey.errors


def test_a_client_that_leaves(running: Running) -> None:
    _unless_repeated(running)
    request = running.prepared(_SLOW)
    with socket.create_connection((HOST, running.session.port)) as client:
        client.sendall(request.data)
        time.sleep(0.1)
    (journey,) = running.journeys(1, over=_view_is_over)
    assert journey.target == "/lento?secondi=0.3"
    assert journey.rebuilt or bytes(journey.request) == request.data
    _check_walk(running, journey, answered=False)
    ((_, answer, after),) = running.ask(_GREETING)
    assert (answer.status, after.target) == (200, "/ciao?nome=Ada")


def test_a_websocket(running: Running) -> None:
    where = running.scenario.websocket
    if not where:
        pytest.skip("questo scenario non ha un WebSocket")
    [echo] = running.session.chat(where, ["ciao", b"\0\xff"])
    assert echo.received == [Message("text", "ciao"), Message("bytes", b"\0\xff")]
    assert (echo.status, echo.code) == (101, 1000)
    (journey,) = running.journeys(1)
    assert (journey.protocol, journey.status) == ("websocket", 101)
    said = ["ws_receive", "ws_send"] * 2
    walk = [step.name for step in journey.steps if step.level == 2]
    _check_order(walk, ["recv", "scope", "call", "view", "ws_connect", "ws_accept", "upgrade", *said])
    for inbound, kept in ((True, journey.request), (False, journey.response)):
        assert _bytes_of_client(journey, inbound=inbound) == bytes(kept)


def test_nothing_is_left(running: Running) -> None:
    """The last one: afterwards the scenario is not running any more."""
    assert running.ports
    running.close()
    deadline = time.monotonic() + 5
    while (left := running.left()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []


def _unless_repeated(running: Running) -> None:
    """The app with a WebSocket is, for all the rest, the bare ASGI one, on servers that other scenarios try whole."""
    if running.scenario.websocket:
        pytest.skip("lo prova un altro scenario dello stesso server")


def _check(running: Running, journey: Journey, request: Prepared, answer: Answer) -> None:
    """It is the journey of that request: its bytes are those that our client sent and received."""
    assert (journey.method, journey.status) == (request.method, answer.status)
    assert bytes(journey.request) == request.data
    assert bytes(journey.response) == answer.data
    assert _bytes_of_client(journey, inbound=True) == request.data
    assert _bytes_of_client(journey, inbound=False) == answer.data
    assert (journey.interface, journey.complete, journey.dropped) == (running.scenario.interface, True, 0)
    assert not journey.uncertain
    assert (journey.upstream is not None) is (bool(running.scenario.front) and _has_sockets(running))
    assert journey.front == running.scenario.front
    _check_walk(running, journey)


def _check_walk(running: Running, journey: Journey, *, answered: bool = True) -> None:
    """Each station that the scenario has, in the order of the map, and nobody else's."""
    walk = [step for step in journey.steps if step.level == 2]
    inbound = [step.station for step in walk if step.direction == "inbound"]
    there = set(inbound)
    wanted = {"gateway", "view"} | ({"proxy"} if running.scenario.front else set())
    wanted |= {"socket"} if _has_sockets(running) else set()
    wanted |= {"server"} if _has_sockets(running) and (journey.server != "granian" or journey.ordinal == 1) else set()
    wanted |= {"framework"} if running.scenario.app not in _BARE else set()
    assert wanted <= there <= wanted | {"client", "middleware"}
    # A kept connection is queued and given to a thread again before its next request is read.
    read = [
        step.station
        for step in (walk if journey.ordinal == 1 else _since(walk, _read(running)))
        if step.direction == "inbound"
    ]
    places = [read.index(station) for station in _FROM_SOCKET_TO_VIEW if station in wanted]
    assert places == sorted(places), inbound
    names = [step.name for step in walk]
    assert any(name in _VIEW_OVER for name in names)
    if not answered:
        _check_order(names, [_read(running), "call", "view"])
        return
    written = next(name for name in names if name in _WRITTEN)
    _check_order(names, ["request_sent", _read(running), "call", "view", written, "response_received"])


def _has_sockets(running: Running) -> bool:
    """mod_wsgi is in Apache, and is called by it."""
    return running.scenario.front != "modwsgi"


def _read(running: Running) -> str:
    return "recv" if _has_sockets(running) else "front_request"


def _check_order(names: list[str], wanted: list[str]) -> None:
    left = iter(names)
    assert all(name in left for name in wanted), names


def _view_is_over(journey: Journey) -> bool:
    return any(step.name in _VIEW_OVER for step in journey.steps)


def _bytes_of_client(journey: Journey, *, inbound: bool) -> bytes:
    direction = "inbound" if inbound else "outbound"
    return b"".join(_data(step) for step in journey.steps if step.station == "client" and step.direction == direction)


def _data(step: Step) -> bytes:
    return step.bytes.data if step.bytes is not None else b""


def _built(journey: Journey, *names: str) -> Value:
    """What the server put in ``environ`` or ``scope``."""
    for step in journey.steps:
        for name in names if step.changes is not None else ():
            if step.changes is not None and name in step.changes.added:
                return step.changes.added[name]
    return None


def _since(walk: list[Step], name: str) -> list[Step]:
    return walk[next(n for n, step in enumerate(walk) if step.name == name) :]
