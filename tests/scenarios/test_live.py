"""Each scenario started for real, asked every route, stopped."""

import http.client
import io
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from passerella.client.exchange import run
from passerella.client.prepared import Prepared
from passerella.client.request import compose
from passerella.events import ClientClosed, ClientConnected, ClientReceived, ClientSent
from passerella.scenarios import SCENARIOS, Scenario
from passerella.servers import SERVERS

HOST = "127.0.0.1"
NOT_ON_WINDOWS = pytest.mark.skipif(sys.platform == "win32", reason="Gunicorn non c'è su Windows")


class Reply(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    text: str


class Live(NamedTuple):
    """A scenario that is running."""

    scenario: Scenario
    port: int
    output: Path

    def ask(self, line: str, body: bytes | None = None, log: list[ClientReceived] | None = None) -> Reply:
        def keep(event: ClientConnected | ClientClosed | ClientSent | ClientReceived) -> None:
            if log is not None and isinstance(event, ClientReceived):
                log.append(event)

        request = Prepared.of(compose(line, host=f"{HOST}:{self.port}", body=body))
        (answer,) = run([request], HOST, self.port, keep)
        assert answer.complete, (answer, self.output.read_text(encoding="utf-8", errors="replace"))
        return parsed(answer.data, request.method)

    def says(self, words: str) -> bool:
        """Whether the server wrote ``words``: some write after the answer is gone."""
        deadline = time.monotonic() + 5
        while words not in self.output.read_text(encoding="utf-8", errors="replace"):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True


class _Wire:
    """Bytes that http.client can read as if from a socket."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self.data)


def parsed(data: bytes, method: str) -> Reply:
    response = http.client.HTTPResponse(_Wire(data), method=method)  # type: ignore[arg-type]
    response.begin()
    with response:
        return Reply(response.status, response.headers, response.read().decode("utf-8"))


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def free_port() -> int:
    with socket.create_server((HOST, 0)) as free:
        return int(free.getsockname()[1])


def version_of(distribution: str) -> str | None:
    try:
        return version(distribution) if distribution else None
    except PackageNotFoundError:
        return None


@contextmanager
def started(scenario: Scenario, folder: Path) -> Iterator[Live]:
    """Run ``scenario`` with a home of its own; at the end it must stop within 3 s and leave nothing."""
    server = SERVERS[scenario.server]
    port = free_port()
    home, output = folder / "casa", folder / "uscita.txt"
    home.mkdir()
    environment = {**os.environ, "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("XDG_RUNTIME_DIR", None)
    with output.open("wb") as stream:
        process = subprocess.Popen(
            server.command(sys.executable, scenario.app, port=port, version=version_of(server.distribution)),
            cwd=scenario.folder,
            env=environment,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
    try:
        wait_until_it_listens(process, port, output)
        yield Live(scenario, port, output)
        process.send_signal(server.stop)
        process.wait(timeout=3)
        assert not listens(port)
        assert_nobody_left(process.pid)
        assert list(home.iterdir()) == [], "the server left files in the home folder"
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def wait_until_it_listens(process: "subprocess.Popen[bytes]", port: int, output: Path) -> None:
    deadline = time.monotonic() + 30
    while not listens(port):
        said = output.read_text(encoding="utf-8", errors="replace")
        assert process.poll() is None, said
        assert time.monotonic() < deadline, said
        time.sleep(0.05)


def assert_nobody_left(group: int) -> None:
    """Gunicorn's master leaves right after it killed a worker, which takes a moment to be gone."""
    deadline = time.monotonic() + 1
    while somebody_lives(group):
        assert time.monotonic() < deadline, f"processes of group {group} are still there"
        time.sleep(0.02)


def somebody_lives(group: int) -> bool:
    if sys.platform == "linux":
        return any(lives_in(group, process) for process in Path("/proc").glob("[0-9]*/stat"))
    if sys.platform == "win32":
        return False
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def lives_in(group: int, stat: Path) -> bool:
    try:
        state, _parent, its_group = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[:3]
    except OSError:
        return False  # it left while we looked
    return state != "Z" and int(its_group) == group


def _ids(names: Iterable[str]) -> list[Any]:
    return [pytest.param(name, marks=NOT_ON_WINDOWS) if "gunicorn" in name else name for name in names]


# Each server with each app once: who is in front of them is looked at elsewhere.
_DIFFERENT = {(each.server, each.app): each.id for each in reversed(SCENARIOS.values()) if not each.front}
IDS = _ids(name for name in SCENARIOS if name in _DIFFERENT.values())
# A client that waits for its answer, one that was answered and keeps its connection, one in the middle of its request.
THEY_STAY = (
    b"GET /lento HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTT",
)
# The first two serve one client at a time, so that the others would not be seen; Daphne, that was left in the middle
# of a form by a client, does not end a slow view of Django in time.
STOPPED_AFRESH = ("wsgiref-wsgi", "gunicorn-flask", "daphne-django")


@contextmanager
def clients_that_stay(live: Live, *sent: bytes) -> Iterator[None]:
    with ExitStack() as afterwards:
        for data in sent:
            client = afterwards.enter_context(socket.create_connection((HOST, live.port)))
            client.sendall(data)
        time.sleep(0.2)
        yield


@pytest.fixture(scope="module", params=IDS)
def live(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Every scenario has to stop while clients stay, of all manners together (or see below, one by one)."""
    with (
        ExitStack() as afterwards,
        started(SCENARIOS[request.param], tmp_path_factory.mktemp(request.param)) as running,
    ):
        yield running
        if request.param not in STOPPED_AFRESH:
            afterwards.enter_context(clients_that_stay(running, *THEY_STAY))


def test_home(live: Live) -> None:
    reply = live.ask("GET /")
    assert reply.status == 200
    assert "Benvenuto al bar della scuola!" in reply.text


@pytest.mark.parametrize(("name", "shown"), [("Ada", "Ada"), ("Nicolò D Amico", "Nicolò D Amico")])
def test_a_greeting_to_whoever_asks(live: Live, name: str, shown: str) -> None:
    reply = live.ask(f"GET /ciao?nome={name}")
    assert reply.status == 200
    assert f"Ciao, {shown}!" in reply.text


def test_a_greeting_to_nobody(live: Live) -> None:
    assert "Ciao, mondo!" in live.ask("GET /ciao").text


def test_markup_in_a_name_is_never_html(live: Live) -> None:
    reply = live.ask("GET /ciao?nome=<script>")
    assert reply.status == 200
    assert "<script>" not in reply.text or not str(reply.headers["Content-Type"]).startswith("text/html")


def test_a_path_with_an_accent(live: Live) -> None:
    reply = live.ask("GET /caffè")
    assert reply.status == 200
    assert "Un caffè costa 1,20 €." in reply.text


def test_a_form_is_received_and_sends_elsewhere(live: Live) -> None:
    line = "POST /moduli"
    reply = live.ask(line, live.scenario.bodies[line].encode("utf-8"))
    assert reply.status == 303
    thanks = live.ask(f"GET {reply.headers['Location']}")
    assert thanks.status == 200
    assert "Grazie, Ada! In arrivo: caffè." in thanks.text


def test_a_form_cannot_break_the_headers(live: Live) -> None:
    reply = live.ask("POST /moduli", b"nome=a%0D%0AX-Cattiva:%201&bevanda=%FF%00")
    assert reply.status == 303
    assert "X-Cattiva" not in reply.headers


def test_an_empty_form(live: Live) -> None:
    assert live.ask("POST /moduli").status == 303


def test_a_stream_comes_in_pieces(live: Live) -> None:
    log: list[ClientReceived] = []
    reply = live.ask("GET /flusso", log=log)
    assert (reply.status, reply.text) == (200, "goccia 1\ngoccia 2\ngoccia 3\n")
    came = {n: next(event.t for event in log if f"goccia {n}" in event.data) for n in (1, 2, 3)}
    assert came[1] + 100_000_000 < came[2]
    assert came[2] + 100_000_000 < came[3]


def test_an_old_address_sends_to_the_new_one(live: Live) -> None:
    reply = live.ask("GET /vecchio")
    assert (reply.status, reply.headers["Location"]) == (302, "/ciao")


def test_an_error_is_a_500_and_the_server_goes_on(live: Live) -> None:
    assert live.ask("GET /errore").status == 500
    assert live.says("KeyError: 'cappuccino'")
    assert live.ask("GET /").status == 200


def test_a_slow_wait(live: Live) -> None:
    began = time.monotonic()
    reply = live.ask("GET /lento?secondi=0.3")
    assert reply.status == 200
    assert "0.3 s" in reply.text
    assert time.monotonic() - began >= 0.3


def test_a_path_that_is_not_there(live: Live) -> None:
    assert live.ask("GET /tè").status == 404


def test_a_head_has_no_body(live: Live) -> None:
    log: list[ClientReceived] = []
    reply = live.ask("HEAD /ciao?nome=Ada", log=log)
    assert "Ada" not in "".join(event.data for event in log)
    # FastAPI alone adds no HEAD beside a GET.
    assert reply.status == (405 if "fastapi" in live.scenario.needs else 200)


def test_every_ready_request_is_answered(live: Live) -> None:
    if live.scenario.front:
        pytest.skip("ciò che risponde il web server davanti si prova in tests/servers/test_fronts.py")
    for line in live.scenario.requests:
        if line == "GET /flusso":
            continue  # it takes its time, and test_a_stream_comes_in_pieces asks for more of it
        body = live.scenario.bodies.get(line)
        at_once = line.replace("secondi=1", "secondi=0")  # how long it waits is for test_a_slow_wait
        reply = live.ask(at_once, body.encode() if body else None)
        assert reply.status in {200, 302, 303} or (line, reply.status) == ("GET /errore", 500)


def test_one_connection_for_three_requests_where_the_server_keeps_it(live: Live) -> None:
    request = Prepared.of(compose("GET /ciao?nome=Ada", host=f"{HOST}:{live.port}"))
    answers = run([request] * 3, HOST, live.port, lambda event: None, same_connection=True)
    assert [answer.status for answer in answers] == [200] * 3
    keeps = live.scenario.server not in {"wsgiref", "werkzeug", "gunicorn"}
    assert [answer.reopened for answer in answers] == [False, not keeps, not keeps]


@pytest.mark.parametrize(
    "data", [b"", b"GET / HTT", b"POST /moduli HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nnome", b"\0\xff"]
)
def test_bytes_without_their_end_hold_nobody(live: Live, data: bytes) -> None:
    if live.scenario.server == "hypercorn" and not data:
        pytest.skip("Hypercorn waits for its keep-alive even when nothing will come")
    began = time.monotonic()
    run([Prepared.of(data)], HOST, live.port, lambda event: None)
    assert time.monotonic() - began < 5
    assert live.ask("GET /").status == 200


def test_the_price_list_of_fastapi(tmp_path: Path) -> None:
    with started(SCENARIOS["uvicorn-fastapi"], tmp_path) as live:
        assert '"prezzo":"1,50 €"' in live.ask("GET /prezzi/tè").text
        assert live.ask("GET /prezzi/cappuccino").status == 404
        assert live.ask("GET /lento?secondi=99").status == 422


def test_the_middleware_of_starlette_is_seen_in_the_scope_and_in_the_answer(tmp_path: Path) -> None:
    with started(SCENARIOS["uvicorn-starlette"], tmp_path) as live:
        reply = live.ask("GET /")
        assert "Oggi c'è Nina." in reply.text
        assert reply.headers["X-Barista"] == "Nina"


@pytest.mark.parametrize("name", _ids(STOPPED_AFRESH))
@pytest.mark.parametrize("stays", THEY_STAY)
def test_it_stops_even_with_a_client_that_stays(name: str, stays: bytes, tmp_path: Path) -> None:
    with ExitStack() as afterwards, started(SCENARIOS[name], tmp_path) as live:
        afterwards.enter_context(clients_that_stay(live, stays))
