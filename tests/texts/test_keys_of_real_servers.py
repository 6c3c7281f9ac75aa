"""What real servers and frameworks put in environ and scope has a text of its own, never the generic one."""

import contextlib
import http.client
import json
import os
import re
import subprocess
import sys
import threading
import wsgiref.simple_server
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn
import werkzeug.serving
from fastapi import Depends, FastAPI, Request
from flask import Flask, request
from starlette.authentication import AuthCredentials, AuthenticationBackend, SimpleUser
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route
from werkzeug.middleware.proxy_fix import ProxyFix

from passerella import texts

HEADERS = {
    "Cookie": "a=1",
    "Authorization": "Basic eA==",
    "X-Forwarded-For": "6.6.6.6",
    "X-Forwarded-Proto": "https",
    "X-Qualunque": "1",
}

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def keys_app(environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(list(environ)).encode()]


def ask(port: int, path: str = "/ciao?a=1") -> list[str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("POST", path, body=b"corpo", headers=HEADERS)
        keys: list[str] = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return keys


@contextlib.contextmanager
def wsgiref_server(app: "WSGIApplication") -> Iterator[int]:
    class Quiet(wsgiref.simple_server.WSGIRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    with wsgiref.simple_server.make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@contextlib.contextmanager
def werkzeug_server(app: "WSGIApplication") -> Iterator[int]:
    server = werkzeug.serving.make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.port
    server.shutdown()
    thread.join()
    server.server_close()


@contextlib.contextmanager
def command_server(folder: Path, *command: str) -> Iterator[int]:
    """A server started by its own command line on a port that it chooses and says."""
    (folder / "chiavi.py").write_text(
        "import json\n"
        "def app(environ, start_response):\n"
        "    start_response('200 OK', [])\n"
        "    return [json.dumps(list(environ)).encode()]\n"
    )
    started = [sys.executable, "-m", *command, "chiavi:app"]
    with subprocess.Popen(started, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield announced_port(process)
        finally:
            process.terminate()


def announced_port(process: subprocess.Popen[str]) -> int:
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"(?:Listening at:|Serving on) http://127\.0\.0\.1:(\d+)", line):
            return int(found[1])
    raise AssertionError("the server did not start")


def without_text(interface: texts.loader.Interface, keys: Iterable[str]) -> list[str]:
    generic = texts.key_text(interface, "*")
    return [key for key in keys if texts.key_text(interface, key) == generic]


@pytest.mark.parametrize("server", [wsgiref_server, werkzeug_server])
def test_each_key_of_a_wsgi_server_has_its_text(
    server: Callable[["WSGIApplication"], contextlib.AbstractContextManager[int]],
) -> None:
    with server(keys_app) as port:
        keys = ask(port)
    assert "PATH_INFO" in keys
    assert without_text("wsgi", set(keys) - set(os.environ)) == []


@pytest.mark.skipif(sys.platform == "win32", reason="gunicorn needs POSIX")
def test_each_key_of_gunicorn_has_its_text(tmp_path: Path) -> None:
    with command_server(tmp_path, "gunicorn", "-b", "127.0.0.1:0", "--no-control-socket") as port:
        keys = ask(port)
    assert "gunicorn.socket" in keys
    assert without_text("wsgi", keys) == []


def test_each_key_of_waitress_has_its_text(tmp_path: Path) -> None:
    with command_server(tmp_path, "waitress", "--listen=127.0.0.1:0") as port:
        keys = ask(port)
    assert "waitress.client_disconnected" in keys
    assert without_text("wsgi", keys) == []


def test_each_key_that_flask_adds_has_its_text() -> None:
    app = Flask(__name__)

    @app.post("/ciao")
    def ciao() -> list[str]:
        return list(request.environ)

    with werkzeug_server(ProxyFix(app.wsgi_app)) as port:
        keys = ask(port)
    assert {"werkzeug.request", "werkzeug.proxy_fix.orig"} <= set(keys)
    assert without_text("wsgi", keys) == []


class Everyone(AuthenticationBackend):
    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, SimpleUser]:
        return AuthCredentials(["authenticated"]), SimpleUser("ada")


async def resource() -> AsyncIterator[None]:
    yield


async def mounted(request: Request) -> JSONResponse:
    return JSONResponse(list(request.scope))


def fastapi_app() -> FastAPI:
    app = FastAPI(max_body_size=1000, routes=[Mount("/dentro", routes=[Route("/{n:int}", mounted, methods=["POST"])])])
    app.add_middleware(SessionMiddleware, secret_key="prova")
    app.add_middleware(AuthenticationMiddleware, backend=Everyone())

    @app.post("/ciao", dependencies=[Depends(resource)])
    async def ciao(request: Request) -> list[str]:
        return list(request.scope)

    return app


@contextlib.contextmanager
def uvicorn_server(app: FastAPI) -> Iterator[int]:
    ready = threading.Event()
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", ws="none"))

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, int]]:
        ready.set()
        yield {"comune": 1}

    app.router.lifespan_context = lifespan
    thread = threading.Thread(target=server.run)
    thread.start()
    assert ready.wait(20)
    while not server.started:
        thread.join(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/ciao?a=1", {"state", "route", "endpoint", "user", "auth", "session", "fastapi_async_cleanup_scopes"}),
        ("/dentro/7", {"app_root_path", "path_params", "router", "starlette.max_body_size"}),
    ],
)
def test_each_key_that_uvicorn_starlette_and_fastapi_put_has_its_text(path: str, expected: set[str]) -> None:
    with uvicorn_server(fastapi_app()) as port:
        keys = ask(port, path)
    assert expected <= set(keys)
    assert without_text("asgi", keys) == []
