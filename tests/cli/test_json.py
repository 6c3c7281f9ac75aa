"""The promise of --json, on real servers."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Run

Objects = Callable[[str], list[dict[str, Any]]]

SCENARIOS = ("wsgiref-wsgi", "waitress-flask", "gunicorn-flask", "uvicorn-asgi", "uvicorn-starlette", "uvicorn-fastapi")
STATIONS = {"client", "proxy", "socket", "server", "gateway", "middleware", "framework", "view"}
STEP = {
    "kind", "journey", "n", "station", "direction", "level", "name", "landmark", "hold", "pair", "t_ns", "held_ns", "pid",
    "tid", "thread", "task", "hop", "connection", "bytes", "value", "source",
}  # fmt: skip
JOURNEY = {
    "kind", "journey", "protocol", "interface", "method", "target", "status", "steps", "duration_ns", "held_ns", "request",
    "request_length", "response", "response_length", "upstream", "origins", "dropped", "complete",
}  # fmt: skip


@pytest.fixture(scope="module", params=SCENARIOS)
def traced(request: pytest.FixtureRequest) -> tuple[str, str]:
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "passerella.cli", "traccia", request.param, "-r", "GET /ciao?nome=Ada", "--json"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return request.param, done.stdout


def test_session_line_comes_first(traced: tuple[str, str], objects: Objects) -> None:
    name, text = traced
    first = objects(text)[0]
    assert first["kind"] == "session"
    assert first["format"] == 1
    assert first["server"]["name"] == name.partition("-")[0]
    assert re.fullmatch(r"\d+\.\d+\S*", first["server"]["version"])
    assert first["server"]["interface"] == ("asgi" if name.startswith("uvicorn") else "wsgi")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", first["url"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", first["started"])


def test_steps_are_numbered_joined_and_placed(traced: tuple[str, str], objects: Objects) -> None:
    steps = [each for each in objects(traced[1]) if each["kind"] == "step"]
    assert [step["n"] for step in steps] == list(range(1, len(steps) + 1))
    assert [step["t_ns"] for step in steps] == sorted(step["t_ns"] for step in steps)
    by_number = {step["n"]: step for step in steps}
    for step in steps:
        assert set(step) >= STEP
        assert step["station"] in STATIONS
        assert step["direction"] in {"inbound", "outbound"}
        assert step["level"] in {2, 3}
        assert step["station"] == "client" or step["hold"] in {"await", "thread", "loop"}
        assert step["t_ns"] >= 0
        if step["pair"] is not None:
            assert by_number[step["pair"]]["pair"] == step["n"]


def test_bytes_of_steps_are_the_bytes_of_the_journey(traced: tuple[str, str], objects: Objects) -> None:
    lines = objects(traced[1])
    journey = lines[-1]
    for station, direction, whole in (
        ("socket", "inbound", "request"), ("socket", "outbound", "response"),
        ("client", "inbound", "request"), ("client", "outbound", "response"),
    ):  # fmt: skip
        pieces = [
            each["bytes"]
            for each in lines
            if each["kind"] == "step" and each["bytes"] and (each["station"], each["direction"]) == (station, direction)
        ]
        assert "".join(piece["text"] for piece in pieces) == journey[whole]
        assert pieces[0]["from"] == 0
        assert pieces[-1]["to"] == journey[f"{whole}_length"]


def test_journey_line_closes_its_steps(traced: tuple[str, str], objects: Objects) -> None:
    name, text = traced
    journey = objects(text)[-1]
    assert set(journey) >= JOURNEY
    assert journey["journey"] == 1
    assert (journey["method"], journey["target"], journey["status"]) == ("GET", "/ciao?nome=Ada", 200)
    assert journey["interface"] == ("asgi" if name.startswith("uvicorn") else "wsgi")
    assert journey["complete"] is True
    assert journey["dropped"] == 0
    assert journey["steps"] == sum(each["kind"] == "step" for each in objects(text))
    assert "Ada" in journey["response"]


def test_keys_know_their_bytes(traced: tuple[str, str], objects: Objects) -> None:
    journey = objects(traced[1])[-1]
    key = "QUERY_STRING" if journey["interface"] == "wsgi" else "query_string"
    [[start, end]] = journey["origins"][key]
    assert journey["request"][start:end] == "nome=Ada"
    for origin in journey["origins"].values():
        assert origin in ("socket", "server", "process", "middleware") or all(len(span) == 2 for span in origin)


def test_environ_or_scope_is_told_whole_and_then_by_changes(traced: tuple[str, str], objects: Objects) -> None:
    lines = objects(traced[1])
    word = "environ" if lines[-1]["interface"] == "wsgi" else "scope"
    changes = [each[word] for each in lines if each["kind"] == "step" and each[word]]
    first = changes[0]["added"]
    method = "REQUEST_METHOD" if word == "environ" else "method"
    assert first[method] == "GET"
    assert all(method not in each["added"] for each in changes[1:])


def test_a_lifespan_is_one_line_of_its_own_kind(traced: tuple[str, str], objects: Objects) -> None:
    lines = [each for each in objects(traced[1]) if each["kind"] == "lifespan"]
    if not traced[0].startswith("uvicorn"):
        assert lines == []
        return
    (line,) = lines
    assert line["lifespan"] == "L1"
    assert not line["complete"]  # the server goes on
    assert [step["value"].get("type") for step in line["steps"] if step["name"] == "send" and step["level"] == 2] == [
        "lifespan.startup.complete"
    ]


def test_output_is_ascii(traced: tuple[str, str]) -> None:
    assert traced[1].isascii()


def test_two_requests_on_one_connection(passerella: Run, objects: Objects) -> None:
    done = passerella(
        "traccia",
        "uvicorn-fastapi",
        "-r",
        "GET /ciao?nome=Ada",
        "-r",
        "GET /ciao?nome=Bruno",
        "--stessa-connessione",
        "--json",
    )
    assert done.returncode == 0, done.stderr
    journeys = [each for each in objects(done.stdout) if each["kind"] == "journey"]
    assert [journey["target"] for journey in journeys] == ["/ciao?nome=Ada", "/ciao?nome=Bruno"]
    connections = {each["connection"] for each in objects(done.stdout) if each["kind"] == "step"}
    assert len(connections) == 1
