"""Journeys of the six scenarios, as their servers really make them, and journeys made by hand."""

import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from passerella.client.prepared import Prepared
from passerella.client.request import compose
from passerella.events import Changes, Event
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Direction, Journey, Station, Step
from passerella.scenarios import SCENARIOS, Scenario
from passerella.servers import SERVERS
from passerella.session.live import Command, Session

LINES = ("GET /ciao?nome=Ada", "POST /moduli", "GET /errore", "GET /flusso")
Real = Callable[[str], dict[str, Journey]]
# One of each kind of journey; that every scenario makes true ones is seen in tests/matrix.
_WALKED = (
    "wsgiref-wsgi",
    "uvicorn-asgi",
    "waitress-flask",
    "gunicorn-flask",
    "uvicorn-starlette",
    "uvicorn-fastapi",
    "gunicorn-django",
    "granian-fastapi",
)


@pytest.fixture(params=_WALKED)
def scenario(request: pytest.FixtureRequest) -> str:
    """The name of a scenario; a test that asks for it is run with each."""
    return str(request.param)


@pytest.fixture(scope="session")
def walked(real: Real) -> dict[str, Journey]:
    """A plain GET on each of them."""
    return {name: real(name)[LINES[0]] for name in _WALKED}


@pytest.fixture(scope="session")
def real() -> Real:
    """The journeys of a scenario by request line; each server runs once."""
    found: dict[str, dict[str, Journey]] = {}

    def of(name: str) -> dict[str, Journey]:
        if name not in found:
            found[name] = _journeys(SCENARIOS[name])
        return found[name]

    return of


def _journeys(scenario: Scenario) -> dict[str, Journey]:
    assembler, lock = Assembler(), threading.Lock()

    def hear(batch: list[tuple[int, Event]]) -> None:
        with lock:
            for pid, event in batch:
                assembler.feed(pid, event)

    command = SERVERS[scenario.server].command(sys.executable, scenario.app)
    with Session(Command(command, scenario.folder), hear) as session:
        session.wait_ready()
        for line in LINES:
            body = scenario.bodies.get(line)
            data = compose(line, host=session.url.partition("//")[2], body=body.encode() if body else None)
            session.send([Prepared.of(data)])
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with lock:
                assembler.take_changed()
                if len(assembler.journeys) == len(LINES) and all(each.quiet for each in assembler.journeys):
                    break
            time.sleep(0.02)
    return dict(zip(LINES, assembler.journeys, strict=True))


Make = Callable[..., Step]


@pytest.fixture
def step() -> Make:
    """Steps made by hand, a millisecond apart."""

    def make(
        n: int,
        name: str = "recv",
        station: Station = "socket",
        direction: Direction = "inbound",
        level: int = 2,
        changes: Changes | None = None,
        **rest: Any,
    ) -> Step:
        rest.setdefault("tid", 1)
        rest.setdefault("thread", "MainThread")
        return Step(
            n=n,
            station=station,
            direction=direction,
            level=level,
            name=name,
            landmark="",
            t=n * 1_000_000,
            pid=1,
            changes=changes,
            mapping="environ" if changes is not None else "",
            **rest,
        )

    return make


@pytest.fixture
def journey() -> Callable[..., Journey]:
    """A journey of these steps."""

    def make(*steps: Step, **rest: Any) -> Journey:
        made = Journey(1, "127.0.0.1:5#1", 1, steps=list(steps), started=steps[0].t if steps else 0, **rest)
        made.ended = steps[-1].t if steps else 0
        return made

    return make
