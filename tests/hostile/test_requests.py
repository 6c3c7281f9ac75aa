"""Whatever a client sends, the trace is true, the server goes on, nothing hangs."""

import contextlib
import socket
import struct
import time
from collections.abc import Callable, Iterator, Mapping

import pytest

from fidelity.running import APPS, ASGI_SERVERS, Traced, ask, command, traced
from passerella.journeys.model import Journey
from passerella.probe.vocabulary import BODY_KEPT, TEXT_KEPT

SERVERS = ("wsgiref", "gunicorn", "waitress", "uvicorn-h11-asyncio", "uvicorn-httptools-uvloop")
MEGABYTES = 10 * 1024 * 1024


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator["Server"]:
    name: str = request.param
    app = "shapes_asgi:app" if name in ASGI_SERVERS else "shapes_wsgi:app"
    with traced(command(name, app, 0), APPS) as running:
        yield Server(name, running)


class Server:
    """A traced server; each question tells which journeys it made."""

    def __init__(self, name: str, running: Traced) -> None:
        self.name = name
        self.running = running
        self.port = running.port
        self.whole = b"/whole" if name in ASGI_SERVERS else b"/one"
        self._seen = 0

    def new_journeys(self, seconds: float = 5.0) -> list[Journey]:
        """Those that came since the last time, once they are over."""

        def ready(journeys: list[Journey]) -> bool:
            new = journeys[self._seen :]
            return bool(new) and all(journey.quiet for journey in new)

        return self._take(ready, seconds)

    def journeys_before_another(self, seconds: float = 10.0) -> list[Journey]:
        """Those that came since the last time, once one more request was served.

        What is cut short or malformed never becomes quiet; but nothing more comes of it after that one.
        """
        answer = ask(self.port, _head(self.whole, b"X-Another: 1\r\n"))

        def ready(journeys: list[Journey]) -> bool:
            new = journeys[self._seen :]
            return bool(new) and new[-1].quiet and b"X-Another: 1" in new[-1].request

        *before, another = self._take(ready, seconds)
        self._check(another, answer)
        return before

    def check_alive(self) -> None:
        assert self.journeys_before_another() == []

    def _take(self, ready: Callable[[list[Journey]], bool], seconds: float) -> list[Journey]:
        new = self.running.seen.wait(ready, seconds)[self._seen :]
        self._seen += len(new)
        return new

    def _check(self, journey: Journey, answer: bytes) -> None:
        assert answer.startswith(b"HTTP/1."), answer
        assert (journey.status, journey.complete, journey.quiet) == (200, True, True)
        assert bytes(journey.response) == answer.removesuffix(b"\n[closed]")


def _head(path: bytes, more: bytes = b"", method: bytes = b"GET") -> bytes:
    return method + b" " + path + b" HTTP/1.1\r\nHost: x\r\n" + more + b"Connection: close\r\n\r\n"


ODD: Mapping[str, bytes] = {
    "markup": _head(b"/show/[bold]x[/bold]?[@click=app.bell]=[red", b"X-Markup: [bold red]ciao[/]\r\n"),
    "ANSI": _head(b"/show?a=%1b[2J", b"X-Ansi: \x1b[2J\x1b]0;titolo\x07\r\n"),
    "raw escape in the target": _head(b"/show?\x1b[31m"),
    "NUL in a header": _head(b"/show", b"X-Nul: a\0b\r\n"),
    "NUL in the target": _head(b"/show?a\0b"),
    "8-bit": _head(b"/show?\xe8\xff", b"X-Eight: \xe8\xff\x80\r\n"),
    "surrogates in UTF-8": _head(b"/show?\xed\xa0\x80", b"X-Bad: \xed\xa0\x80\r\n"),
    "64 KB of headers": _head(b"/show", b"".join(b"X-%d: %b\r\n" % (n, b"v" * 640) for n in range(96))),
    "one header of 64 KB": _head(b"/show", b"X-Long: " + b"v" * 65536 + b"\r\n"),
    "many headers": _head(b"/show", b"".join(b"X-%d: v\r\n" % n for n in range(400))),
    "long target": _head(b"/show?" + b"q" * 70000),
    "no blank line": b"GET /show HTTP/1.1\r\nHost: x\r\n",
    "only line feeds": b"GET /show HTTP/1.1\nHost: x\nConnection: close\n\n",
    "blank lines before": b"\r\n\r\n\r\n" + _head(b"/show"),
    "no version": b"GET /show\r\n\r\n",
    "another version": b"GET /show HTTP/9.9\r\nHost: x\r\n\r\n",
    "garbage": bytes(range(256)) * 8,
    "TLS hello": bytes.fromhex("16030100c8010000c40303") + b"\x07" * 200,
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
    "spaces in the target": b"GET /a b c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "method with markup": b"[b]GET[/b] /show HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "header without a name": _head(b"/show", b": value\r\n"),
    "header without a colon": _head(b"/show", b"novalue\r\n"),
    "folded": _head(b"/show", b"X-F: a\r\n b\r\n"),
    "conflicting lengths": _head(b"/echo", b"Content-Length: 3\r\nContent-Length: 5\r\n", b"POST") + b"abcde",
    "length and chunks": _head(b"/echo", b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", b"POST")
    + b"0\r\n\r\n",
    "negative length": _head(b"/echo", b"Content-Length: -1\r\n", b"POST") + b"abc",
    "absurd length": _head(b"/echo", b"Content-Length: 99999999999999999999999\r\n", b"POST") + b"abc",
    "unknown coding": _head(b"/echo", b"Transfer-Encoding: gzip, chunked\r\n", b"POST") + b"0\r\n\r\n",
    "bad chunk size": _head(b"/echo", b"Transfer-Encoding: chunked\r\n", b"POST") + b"zz\r\nabc\r\n0\r\n\r\n",
    "huge chunk size": _head(b"/echo", b"Transfer-Encoding: chunked\r\n", b"POST")
    + b"f" * 40
    + b"\r\nabc\r\n0\r\n\r\n",
    "pipelined garbage": b"GET /show HTTP/1.1\r\nHost: x\r\n\r\n" + b"\x00\x01 garbage [bold]\r\n\r\n",
    "pipelined after close": _head(b"/show") + _head(b"/show"),
}


@pytest.mark.parametrize("name", ODD)
def test_the_trace_is_true_for(name: str, server: Server) -> None:
    data = ODD[name]
    received = _exchange(server.port, data)
    journeys = server.journeys_before_another()
    request = b"".join(bytes(journey.request) for journey in journeys)
    assert journeys
    assert data.lstrip(b"\r\n").startswith(request.lstrip(b"\r\n")[: TEXT_KEPT + BODY_KEPT])
    assert sum(journey.request_length for journey in journeys) <= len(data)
    assert sum(journey.response_length for journey in journeys) == len(received)
    assert all(bytes(journey.response) in received for journey in journeys)
    assert received.startswith(bytes(journeys[0].response))
    assert len({journey.connection for journey in journeys}) == 1
    for journey in journeys:
        assert journey.dropped == 0
        assert all(step.pair is None or journey.steps[step.pair - 1].pair == step.n for step in journey.steps)


def _exchange(port: int, data: bytes) -> bytes:
    """What comes back when all of ``data`` was sent and nothing else will be."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), 10) as line:
        with contextlib.suppress(OSError):
            line.sendall(data)
            line.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionError):
            while more := line.recv(65536):
                received += more
    return received


def test_ten_megabytes_up_and_down(server: Server) -> None:
    body = b"0123456789abcdef" * (MEGABYTES // 16)
    head = _head(b"/echo", b"Content-Length: %d\r\n" % len(body), b"POST")
    answer = ask(server.port, head + body).removesuffix(b"\n[closed]")
    assert answer.startswith(b"HTTP/1."), answer[:200]
    (journey,) = server.new_journeys(20)
    assert journey.request_length == len(head) + len(body)
    assert journey.response_length == len(answer) > len(body)
    assert bytes(journey.request) == (head + body)[: len(head) + BODY_KEPT]
    end = answer.index(b"\r\n\r\n") + 4
    assert bytes(journey.response) == answer[: end + BODY_KEPT]
    assert (journey.status, journey.complete, journey.quiet) == (200, True, True)
    server.check_alive()


@pytest.mark.parametrize(
    "sent", [b"", b"GE", b"GET /show HTTP/1.1\r\nHos", _head(b"/echo", b"Content-Length: 9\r\n") + b"abc"]
)
@pytest.mark.parametrize("reset", [False, True], ids=["close", "reset"])
def test_a_client_leaves_in_the_middle_of_its_request(sent: bytes, reset: bool, server: Server) -> None:
    line = socket.create_connection(("127.0.0.1", server.port), 10)
    line.sendall(sent)
    time.sleep(0.05)
    _leave(line, reset)
    journeys = server.journeys_before_another()
    assert len(journeys) <= (1 if sent else 0)
    assert b"".join(bytes(journey.request) for journey in journeys) in (sent, b"")


@pytest.mark.parametrize("reset", [False, True], ids=["close", "reset"])
def test_a_client_leaves_in_the_middle_of_the_answer(reset: bool, server: Server) -> None:
    line = socket.create_connection(("127.0.0.1", server.port), 10)
    body = b"x" * MEGABYTES
    line.sendall(_head(b"/echo", b"Content-Length: %d\r\n" % len(body), b"POST") + body)
    received = line.recv(1000)
    _leave(line, reset)
    (journey,) = server.journeys_before_another()
    response = bytes(journey.response)  # of a sendall() that fails nobody knows how much had gone
    assert response.startswith(received) or received.startswith(response)
    assert journey.request_length > len(body)


def _leave(line: socket.socket, reset: bool) -> None:
    if reset:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()
