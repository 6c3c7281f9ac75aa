"""The bare apps against the specifications, without a server between."""

import io
import sys
from collections.abc import Iterator
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

from passerella.scenarios.apps import app_asgi, app_wsgi

PATHS = ["/", "/ciao?nome=Ada", "/caffè", "/grazie", "/flusso", "/vecchio", "/lento?secondi=0", "/niente"]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_wait(seconds: float) -> None:
        return None

    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setattr("asyncio.sleep", no_wait)


def wsgi(method: str, target: str, form: bytes = b"") -> tuple[str, bytes]:
    """Ask the app through the validator of the standard library, which raises at each breach of PEP 3333."""
    path, _, query = target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "CONTENT_LENGTH": str(len(form)),
        "wsgi.input": io.BytesIO(form + b"never to be read"),
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
    }
    setup_testing_defaults(environ)
    started: list[str] = []

    def start_response(status: str, headers: object, exc_info: object = None) -> Any:
        started.append(status)
        return lambda data: None

    result: Any = validator(app_wsgi.app)(environ, start_response)
    try:
        body = b"".join(result)
    finally:
        result.close()
    return started[0], body


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("target", PATHS)
def test_the_wsgi_app_keeps_to_the_pep(target: str) -> None:
    status, body = wsgi("GET", target)
    assert status[:3] in {"200", "302", "404"}
    assert body
    assert wsgi("HEAD", target) == (status, b"")


def test_the_wsgi_app_reads_a_form_and_no_more() -> None:
    assert wsgi("POST", "/moduli", b"nome=Ada&bevanda=t%C3%A8") == ("303 See Other", "Ricevuto: tè per Ada.\n".encode())


def test_the_wsgi_app_does_without_the_optional_keys() -> None:
    environ = {"REQUEST_METHOD": "GET"}  # an empty PATH_INFO, CONTENT_LENGTH and QUERY_STRING may be left out
    statuses: list[str] = []

    def start_response(status: str, headers: object, exc_info: object = None, /) -> Any:
        statuses.append(status)

    assert b"".join(app_wsgi.app(environ, start_response))
    assert statuses == ["404 Not Found"]


class Wire:
    """The two callables of ASGI, with what was said through them."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self._messages: Iterator[dict[str, Any]] = iter(messages)
        self.sent: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        return next(self._messages)

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


def scope(method: str, target: str) -> dict[str, Any]:
    path, _, query = target.partition("?")
    return {"type": "http", "method": method, "path": path, "query_string": query.encode()}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("target", PATHS)
async def test_the_asgi_app_starts_then_sends_the_body_to_its_end(method: str, target: str) -> None:
    wire = Wire({"type": "http.request"})
    await app_asgi.app(scope(method, target), wire.receive, wire.send)
    start, *bodies = wire.sent
    assert start["type"] == "http.response.start"
    assert start["status"] in {200, 302, 404}
    assert all(type(name) is bytes and name.islower() and type(value) is bytes for name, value in start["headers"])
    assert {message["type"] for message in bodies} == {"http.response.body"}
    assert [message.get("more_body", False) for message in bodies] == [True] * (len(bodies) - 1) + [False]
    assert bool(wire.body) is (method == "GET")


async def test_the_asgi_app_joins_the_pieces_of_a_form() -> None:
    pieces = [b"nome=A", b"", b"da&bevanda=t%C3%A8"]
    requests = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    wire = Wire(*requests, {"type": "http.request"})
    await app_asgi.app(scope("POST", "/moduli"), wire.receive, wire.send)
    assert (wire.sent[0]["status"], wire.body.decode()) == (303, "Ricevuto: tè per Ada.\n")


async def test_the_asgi_app_does_not_wait_for_a_client_that_left() -> None:
    wire = Wire({"type": "http.request", "body": b"nome=Ada", "more_body": True}, {"type": "http.disconnect"})
    await app_asgi.app(scope("POST", "/moduli"), wire.receive, wire.send)


async def test_the_asgi_app_has_a_lifespan() -> None:
    wire = Wire({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})
    await app_asgi.app({"type": "lifespan"}, wire.receive, wire.send)
    assert [message["type"] for message in wire.sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_the_asgi_app_refuses_what_it_does_not_know() -> None:
    wire = Wire()
    with pytest.raises(NotImplementedError, match="websocket"):
        await app_asgi.app({"type": "websocket"}, wire.receive, wire.send)
    assert wire.sent == []


def test_the_bare_apps_need_only_the_standard_library() -> None:
    for module in (app_asgi, app_wsgi):
        for thing in vars(module).values():
            name = getattr(thing, "__module__", None) or getattr(thing, "__name__", "builtins")
            assert str(name).split(".")[0] in {*sys.stdlib_module_names, "passerella"}
