"""Each moment belongs to its request: keep-alive, pipelining, threads, tasks, several workers."""

import re
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from fidelity.running import ASGI_SERVERS, SERVERS, Traced, command, traced
from passerella.client.answer import Answer
from passerella.client.prepared import Prepared
from passerella.journeys.model import Journey, Step

APPS = Path(__file__).parent / "apps"
TARGETS = {
    "distinct_wsgi:bare": "/",
    "distinct_wsgi:app": "/",
    "distinct_asgi:bare": "/",
    "distinct_asgi:app": "/",
    "distinct_asgi:app sync": "/sync",
}
# With a framework only: the same server is tried with both on its first loop.
_THE_OTHER_LOOP = ("uvicorn-h11-uvloop", "uvicorn-httptools-asyncio", "gunicorn-asgi-uvloop", "hypercorn-uvloop")
KEEPS_ALIVE = ("waitress", "gunicorn-gthread", "cheroot", *ASGI_SERVERS)
POINTS = {  # told as one step, when they have already returned
    "h11._connection:Connection.next_event",
    "gunicorn.asgi.parser:PythonProtocol._parse_request_line",
    "cheroot.server:HTTPRequest.read_request_line",
    "twisted.web.http:HTTPChannel.lineReceived",
}


def _cases() -> list[tuple[str, str]]:
    return [
        (server, app)
        for server in SERVERS
        for app in TARGETS
        if ("asgi" in app) == (server in ASGI_SERVERS)
        and ("sync" not in app or server.startswith("uvicorn-h11"))
        and ("bare" not in app or server not in _THE_OTHER_LOOP)
    ]


@pytest.fixture(scope="module", params=_cases(), ids=" ".join)
def case(request: pytest.FixtureRequest) -> Iterator["Case"]:
    server, app = request.param
    with traced(command(server, app.split()[0], 0), APPS) as running:
        yield Case(server, TARGETS[app], running)


class Case:
    def __init__(self, server: str, target: str, running: Traced) -> None:
        self.server = server
        self.target = target
        self.running = running
        self.seen = 0

    def request(self, query: str) -> bytes:
        return f"GET {self.target}?{query} HTTP/1.1\r\nHost: x\r\nX-Query: {query}\r\n\r\n".encode()

    def journeys(self, count: int) -> list[Journey]:
        """The next ``count`` journeys, once they are quiet; more or fewer if that is what there is."""

        def ready(journeys: list[Journey]) -> bool:
            new = journeys[self.seen :]
            return len(new) >= count and all(journey.quiet for journey in new)

        journeys = self.running.seen.wait(ready)[self.seen :]
        self.seen += len(journeys)
        return journeys


def _query(journey: Journey) -> str:
    found = re.search(r"\?(\S+) HTTP", bytes(journey.request).decode())
    return found[1] if found else ""


def _told(step: Step) -> set[str]:
    """The queries that a step speaks of."""
    text = repr((step.changes, step.value, step.bytes.data if step.bytes else b""))
    return set(re.findall(r"q\d+x+", text))


def _check(journeys: Sequence[Journey], asked: dict[str, tuple[bytes, bytes]]) -> None:
    """``asked``: query to the bytes that our client sent and received for it."""
    assert sorted(map(_query, journeys)) == sorted(asked)
    for journey in journeys:
        query = _query(journey)
        request, response = asked[query]
        assert bytes(journey.request) == request
        assert journey.request_length == len(request)
        assert bytes(journey.response) == response
        assert journey.response_length == len(response)
        assert (journey.method, journey.status, journey.dropped) == ("GET", 200, 0)
        assert journey.complete, query
        assert journey.quiet, query
        for step in journey.steps:
            assert _told(step) <= {query}, step
        _check_steps(journey)


def _check_steps(journey: Journey) -> None:
    names = [step.name for step in journey.steps]
    assert [step.n for step in journey.steps] == list(range(1, len(names) + 1))
    assert all(before.t <= after.t for before, after in zip(journey.steps, journey.steps[1:], strict=False))
    order = ["recv", "environ" if journey.interface == "wsgi" else "scope", "call", "view", "view_return"]
    places = [names.index(name) for name in order]
    assert places == sorted(places), list(zip(order, places, strict=True))
    for once in ("call", "view", "view_return", *(["accept"] if journey.ordinal == 1 else [])):
        assert names.count(once) == 1, (once, names)
    for step in journey.steps:
        if step.pair is not None:
            other = journey.steps[step.pair - 1]
            assert other.pair == step.n
            assert other.landmark == step.landmark
    unpaired = [
        step.landmark
        for step in journey.steps
        if step.pair is None and step.station not in ("client", "socket") and ":" in step.landmark
    ]
    assert set(unpaired) <= POINTS, unpaired


def _queries(count: int, start: int = 0) -> list[str]:
    return [f"q{start + n}" + "x" * (1 + n % 7) for n in range(count)]


def _asked(
    requests: Sequence[bytes], answers: Sequence[Answer], queries: Sequence[str]
) -> dict[str, tuple[bytes, bytes]]:
    assert all(answer.complete for answer in answers), answers
    return {query: (request, answer.data) for query, request, answer in zip(queries, requests, answers, strict=True)}


def test_one_after_the_other(case: Case) -> None:
    queries = _queries(4)
    requests = [case.request(query) for query in queries]
    answers = case.running.session.send([Prepared.of(data) for data in requests], same_connection=True)
    _check(case.journeys(4), _asked(requests, answers, queries))


@pytest.mark.parametrize("together", [2, 5])
def test_pipelined_in_one_segment(case: Case, together: int) -> None:
    if case.server not in KEEPS_ALIVE:
        pytest.skip("questo server legge una sola richiesta per connessione")
    queries = _queries(together)
    requests = [case.request(query) for query in queries]
    answers = case.running.session.send([Prepared.of(b"".join(requests))])
    _check(case.journeys(together), _asked(requests, answers, queries))


def test_twenty_at_once(case: Case) -> None:
    queries = _queries(20)
    requests = {query: case.request(query) for query in queries}
    answers: dict[str, Answer] = {}

    def send(query: str) -> None:
        answers[query] = case.running.session.send([Prepared.of(requests[query])])[0]

    _all_at_once([lambda query=query: send(query) for query in queries])  # type: ignore[misc]
    asked = {query: (requests[query], answers[query].data) for query in queries}
    assert all(answer.complete for answer in answers.values())
    _check(case.journeys(20), asked)


def _all_at_once(tasks: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_workers_of_gunicorn() -> None:
    argv = [*command("gunicorn", "distinct_wsgi:app", 0), "-w", "2"]
    with traced(argv, APPS) as running:
        case = Case("gunicorn", "/", running)
        test_twenty_at_once(case)
        pids = {step.pid for journey in running.seen.journeys() for step in journey.steps if step.station == "server"}
        assert len(pids) == 2


@pytest.mark.parametrize("option", [["--workers", "2"], ["--reload"]], ids=lambda option: option[0])
def test_uvicorn_that_starts_other_processes(option: list[str]) -> None:
    argv = [*command("uvicorn-httptools-uvloop", "distinct_asgi:bare", 0), *option]
    with traced(argv, APPS) as running:
        case = Case("uvicorn", "/", running)
        test_one_after_the_other(case)


def test_the_interpreter_is_said() -> None:
    with traced(command("wsgiref", "distinct_wsgi:bare", 0), APPS) as running:
        hello = next(iter(running.seen.assembler.processes.values())).hello
        assert hello is not None
        assert hello.executable == sys.executable
