"""An origin is claimed only if changing those bytes changes that key on that server: done here, on real servers."""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import pytest

from passerella.events import Value
from passerella.journeys.model import Origin, Span
from passerella.journeys.provenance import header_names, origins
from passerella.journeys.request_head import read_head

WORDS = ("socket", "server", "process", "middleware")

APP = """
import json

def frozen(value):
    kind = type(value)
    if value is None or kind in (bool, int, float, str):
        return value
    if kind is bytes:
        return {"bytes": value.decode("latin-1")}
    if kind is tuple:
        return {"tuple": [frozen(item) for item in value]}
    if kind is list:
        return [frozen(item) for item in value]
    if kind is dict:
        return {key: frozen(item) for key, item in value.items()}
    return {"type": kind.__name__, "id": 0}

def dump(mapping):
    return json.dumps(frozen(mapping)).encode("ascii")

def wsgi(environ, start_response):
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    body = dump(environ)
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]

async def asgi(scope, receive, send):
    kind = {"http": "http.response", "websocket": "websocket.http.response"}[scope["type"]]
    await receive()
    body = dump(scope)
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": kind + ".start", "status": 200, "headers": headers})
    await send({"type": kind + ".body", "body": body})
"""

RUN_WSGIREF = """
import sys
from wsgiref.simple_server import make_server
from dump_app import wsgi
make_server("127.0.0.1", int(sys.argv[1]), wsgi).serve_forever()
"""

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "wsgiref": ("-c", RUN_WSGIREF, "{port}"),
    "gunicorn": ("-m", "gunicorn", "dump_app:wsgi", "-b", "127.0.0.1:{port}", "--permit-obsolete-folding"),
    "waitress": ("-m", "waitress", "--listen=127.0.0.1:{port}", "dump_app:wsgi"),
    "uvicorn-h11": ("-m", "uvicorn", "dump_app:asgi", "--port", "{port}", "--http", "h11"),
    "uvicorn-httptools": ("-m", "uvicorn", "dump_app:asgi", "--port", "{port}", "--http", "httptools"),
    "gunicorn-asgi": ("-m", "gunicorn", "-k", "asgi", "dump_app:asgi", "-b", "127.0.0.1:{port}"),
    "hypercorn": ("-m", "hypercorn", "-w", "0", "dump_app:asgi", "-b", "127.0.0.1:{port}"),
    "daphne": ("-m", "daphne", "-b", "127.0.0.1", "-p", "{port}", "dump_app:asgi"),
    "cheroot": ("-m", "cheroot", "--bind", "127.0.0.1:{port}", "dump_app:wsgi"),
    "granian": ("-m", "granian", "--interface", "asgi", "--port", "{port}", "dump_app:asgi"),
    "granian-wsgi": ("-m", "granian", "--interface", "wsgi", "--port", "{port}", "dump_app:wsgi"),
}
ASGI = {"uvicorn-h11", "uvicorn-httptools", "gunicorn-asgi", "hypercorn", "daphne", "granian"}
MODULES = {"gunicorn": "fcntl", "uvicorn-httptools": "httptools"}  # what a server needs that may not be here

COMMON = b"Host: www.esempio.it:8080\r\nUser-Agent: prova/1.0\r\n"
REQUESTS: Mapping[str, bytes] = {
    "percent-encoding, repeated, underscore, 8-bit, empty": (
        b"GET /caff%C3%A8/a%2Fb//c;p=1?q=%20x+1&u=%C3%A8 HTTP/1.1\r\n" + COMMON + b"X-Dup: a\r\nCookie: a=1\r\n"
        b"X-Dup:  b \r\nCookie: b=2\r\nX_Under: u\r\nX-Latin: caff\xe8\r\nX-Empty:\r\nX-Mixed-CASE: V\r\n\r\n"
    ),
    "absolute form": b"GET http://www.esempio.it/ciao?nome=Ada#qui HTTP/1.1\r\n" + COMMON + b"\r\n",
    "absolute form without path": b"GET http://www.esempio.it HTTP/1.1\r\n" + COMMON + b"\r\n",
    "folded": (
        b"POST /f HTTP/1.1\r\n" + COMMON + b"X-Folded: uno \r\n  due\r\n\t tre  \r\nContent-Type: text/\r\n plain\r\n"
        b"Content-Length: 2\r\n\r\nok"
    ),
    "chunked": (
        b"POST /moduli HTTP/1.1\r\n" + COMMON + b"Content-Type: text/plain \r\nTransfer-Encoding: chunked\r\n\r\n"
        b"5;a=b\r\nhello\r\n0\r\nX-Coda: 1\r\n\r\n"
    ),
    "HTTP/1.0, empty query": b"GET /? HTTP/1.0\r\nHost: x.it\r\nConnection: close\r\n\r\n",
    "slashes": b"GET ///a//b HTTP/1.1\r\n" + COMMON + b"\r\n",
    "encoded slash, fragment with question mark": b"GET /%2Fa#b?c HTTP/1.1\r\n" + COMMON + b"\r\n",
    "blank line first": b"\r\nGET /x HTTP/1.1\r\n" + COMMON + b"\r\n",
    "body": b"POST / HTTP/1.1\r\n" + COMMON + b"Content-Type: text/html\r\nContent-Length: 5\r\n\r\nhello",
    "repeated Content-Type": b"GET /t HTTP/1.1\r\n" + COMMON + b"Content-Type: a/b\r\nContent-Type:  c/d\r\n\r\n",
    "8-bit target": b"GET /caff\xe8?q=\xe8 HTTP/1.1\r\n" + COMMON + b"\r\n",
    "odd blanks": (
        b"GET /b HTTP/1.1\r\n"
        + COMMON
        + b"X-After: a \t b \t\r\nX-Nbsp: \xa0c\xa0\r\nX-None:  \t \r\nX-Tab:\td\r\n\r\n"
    ),
    "folded, first line empty": b"GET /e HTTP/1.1\r\n" + COMMON + b"X-E:\r\n due \r\n\ttre\r\nX-F: f\r\n\r\n",
    "bare line feeds": b"GET /n?x HTTP/1.1\nHost: a\nX-A: 1\n\n",
    "authority form": b"CONNECT h.it:443 HTTP/1.1\r\n" + COMMON + b"\r\n",
    "asterisk form": b"OPTIONS * HTTP/1.1\r\n" + COMMON + b"\r\n",
    "line that is no header": b"GET /s HTTP/1.1\r\n" + COMMON + b"X-A: 1\r\nnonsense\r\nX-A: 2\r\n\r\n",
    "behind a proxy": (
        b"GET /p HTTP/1.1\r\n" + COMMON + b"X-Forwarded-Proto: https\r\nX-Forwarded-For: 7.7.7.7, 6.6.6.6, 127.0.0.1"
        b"\r\nProxy: http://altro.esempio:8080\r\n\r\n"
    ),
    "WebSocket": (
        b"GET /ws/%C3%A8?x=1 HTTP/1.1\r\n" + COMMON + b"Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Protocol: chat, super\r\n\r\n"
    ),
}
# Who refuses what (or waits for ever): it is not asked.
REFUSED: Mapping[str, tuple[str, ...]] = {
    "wsgiref": ("blank line first",),
    "gunicorn": ("repeated Content-Type", "8-bit target", "bare line feeds", "line that is no header"),
    "waitress": ("8-bit target", "bare line feeds", "line that is no header"),
    "uvicorn-h11": ("blank line first", "8-bit target", "authority form", "line that is no header"),
    "uvicorn-httptools": (
        "absolute form without path",
        "folded",
        "folded, first line empty",
        "8-bit target",
        "bare line feeds",
        "authority form",
        "line that is no header",
    ),
}
_ALWAYS_REFUSED = ("8-bit target", "line that is no header")
REFUSED = {
    **REFUSED,
    "gunicorn-asgi": (
        *_ALWAYS_REFUSED,
        "folded",
        "folded, first line empty",
        "repeated Content-Type",
        "bare line feeds",
        "WebSocket",
    ),
    "hypercorn": (*_ALWAYS_REFUSED, "blank line first", "authority form"),
    "daphne": (*_ALWAYS_REFUSED, "bare line feeds", "WebSocket"),
    "cheroot": (
        *_ALWAYS_REFUSED,
        "absolute form",
        "absolute form without path",
        "encoded slash, fragment with question mark",
        "bare line feeds",
        "authority form",
    ),
    "granian": (*_ALWAYS_REFUSED, "folded", "folded, first line empty", "authority form"),
    "granian-wsgi": (*_ALWAYS_REFUSED, "folded", "folded, first line empty", "authority form"),
}
# Where the target has no path, the slash that Granian gives is its own.
NOT_EXPLAINED = {"granian": ("absolute form without path",), "granian-wsgi": ("absolute form without path",)}
ASKED = [(server, title) for server in COMMANDS for title in REQUESTS if title not in REFUSED[server]]
# The server accepts nothing else there, whatever the rest says: (server, key or header's name, bytes of the span).
FIXED = {
    ("gunicorn", "SERVER_PROTOCOL", b"HTTP/1.1"),  # with a chunked body
    ("gunicorn", "REQUEST_METHOD", b"CONNECT"),
    ("gunicorn", "REQUEST_METHOD", b"OPTIONS"),
    ("gunicorn", "PATH_INFO", b"*"),
    ("gunicorn", "RAW_URI", b"*"),
    ("gunicorn-asgi", "http_version", b"1.1"),
    ("gunicorn-asgi", "method", b"CONNECT"),
    ("gunicorn-asgi", "method", b"OPTIONS"),
    ("gunicorn-asgi", "path", b"*"),
    ("gunicorn-asgi", "raw_path", b"*"),
    ("cheroot", "REQUEST_METHOD", b"OPTIONS"),
    ("cheroot", "PATH_INFO", b"*"),
    ("granian", "http_version", b"1.1"),
    ("granian-wsgi", "SERVER_PROTOCOL", b"HTTP/1.1"),
    *((server, "host", b"Host") for server in ("uvicorn-h11", "hypercorn")),
    *((server, "transfer-encoding", b"chunked") for server in ("uvicorn-h11", "hypercorn")),
    *(
        (server, name.lower().decode(), piece)
        for server in ("uvicorn-h11", "uvicorn-httptools", "hypercorn", "granian")
        for name, piece in (
            (b"Sec-WebSocket-Key", b"Sec-WebSocket-Key"),
            (b"Sec-WebSocket-Version", b"Sec-WebSocket-Version"),
            (b"Sec-WebSocket-Version", b"13"),
        )
    ),
}
SETTINGS = ("FORWARDED_", "GUNICORN_", "SCRIPT_NAME", "UVICORN_", "WEB_CONCURRENCY")  # variables that servers obey
OTHER_METHOD = b"PUT"  # httptools knows a list of methods, and no two of them differ in one byte


class Server(NamedTuple):
    name: str
    port: int
    process_keys: frozenset[str]

    @property
    def table(self) -> str:
        return self.name.partition("-")[0]

    @property
    def interface(self) -> Literal["wsgi", "asgi"]:
        return "asgi" if self.name in ASGI else "wsgi"


class Answer(NamedTuple):
    """The mapping that the app was given, and the address it was asked from."""

    mapping: dict[str, Value]
    client: tuple[str, int]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def ask(port: int, request: bytes) -> Answer | None:
    """What the app was given, or None if the server did not call it."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=3) as sock:
            sock.sendall(request)
            with sock.makefile("rb") as stream:
                if b" 200 " not in stream.readline():
                    return None
                length = 0
                while (line := stream.readline().strip()) != b"":
                    name, _, value = line.partition(b":")
                    length = int(value) if name.lower() == b"content-length" else length
                return Answer(json.loads(stream.read(length)), sock.getsockname())
    except OSError:
        return None


def wait(server: Server) -> None:
    deadline = time.monotonic() + 20
    while ask(server.port, b"GET / HTTP/1.0\r\nHost: a\r\n\r\n") is None:
        assert time.monotonic() < deadline, f"{server.name} does not answer"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    folder: Path = tmp_path_factory.mktemp("servers")
    (folder / "dump_app.py").write_text(APP, encoding="utf-8")
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(SETTINGS)}
    environment = {**inherited, "HOME": str(folder), "HTTP_PROXY": "http://proxy.esempio:3128", "PROVA": "1"}
    started: dict[str, Server] = {}
    processes = []
    try:
        for name, command in COMMANDS.items():
            if name in MODULES and importlib.util.find_spec(MODULES[name]) is None:
                continue
            port = free_port()
            started[name] = Server(name, port, frozenset(environment))
            arguments = [argument.replace("{port}", str(port)) for argument in command]
            with (folder / f"{name}.log").open("wb") as log:
                processes.append(
                    subprocess.Popen(
                        [sys.executable, *arguments], cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT
                    )
                )
        for server in started.values():
            wait(server)
        yield started
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(10)


@pytest.fixture
def server(name: str, servers: dict[str, Server]) -> Server:
    if name not in servers:
        pytest.skip(f"{name} does not run here")
    return servers[name]


def traced(server: Server, request: bytes, answer: Answer) -> dict[str, Origin]:
    """The origins of what the app was given; uvicorn's own middleware changed ``client`` and ``scheme`` before it."""
    mapping, later = dict(answer.mapping), {}
    if server.table == "uvicorn":
        scheme = "ws" if mapping["type"] == "websocket" else "http"
        built = {"client": {"tuple": list(answer.client)}, "scheme": scheme}
        later = {key: mapping[key] for key, value in built.items() if mapping[key] != value}
        mapping |= built
    return origins(
        request,
        mapping,
        interface=server.interface,
        server=server.table,
        process_keys=server.process_keys,
        later=later,
    )


def value_of(mapping: Mapping[str, Value], key: str) -> Value:
    """The value of a key or of an inner path; None if it is not there."""
    if key.startswith("headers["):
        index = int(key[len("headers[") : -1])
        headers = mapping["headers"]
        return headers[index] if index < len(headers) else None
    return mapping.get(key)


def variants(request: bytes, key: str, span: Span) -> Iterator[bytes]:
    """The request with one byte of ``span`` changed, or put in if it is empty, in several ways."""
    start, end = span
    if key in ("REQUEST_METHOD", "method"):
        yield request[:start] + OTHER_METHOD + request[end:]
    if not request[start:end].isascii():  # together, where one of them is enough to make the key what it is
        yield request[:start] + bytes(byte if byte < 128 else ord("x") for byte in request[start:end]) + request[end:]
    if start == end:
        yield request[:start] + b"/x" + request[start:]
    for position in dict.fromkeys((end - 1, start, (start + end) // 2, *range(start, end))):
        for other in alternatives(request[position : position + 1]):
            yield request[:position] + other + request[position + 1 :]
    if end == start + 1:  # a path of one slash can only grow
        yield request[:end] + b"x" + request[end:]


def alternatives(byte: bytes) -> Iterator[bytes]:
    if byte.isdigit():
        yield from (digit for digit in (b"0", b"1", b"2") if digit != byte)
    else:
        yield from (other for other in (b"x", b"X", b"q") if other.lower() != byte.lower())


def in_other_case(request: bytes, span: Span) -> bytes:
    """Where one word only is legal, only its case can change; servers that do not mind it make the key the same."""
    return request[: span[0]] + request[slice(*span)].swapcase() + request[span[1] :]


def fitting(request: bytes) -> bytes:
    """The request with the body that its head announces, so that the server neither waits nor finds a second one."""
    head = read_head(request)
    fields = {header.name: request[slice(*header.values[0])] for header in head.headers}
    if head.end is None or b"chunked" in fields.get("transfer-encoding", b"").lower():
        return request
    length = fields.get("content-length", b"0")
    return request[: head.end + (int(length) if length.isdigit() else 0)]


def changes_it(server: Server, request: bytes, key: str, span: Span, value: Value) -> bool | None:
    """Whether the first other byte that this server accepts there changes the key; None if it accepts none."""
    for variant in variants(request, key, span):
        answer = ask(server.port, fitting(variant))
        if answer is not None:
            return bool(value_of(answer.mapping, key) != value)
    answer = ask(server.port, in_other_case(request, span))
    return True if answer is not None and value_of(answer.mapping, key) != value else None


def is_fixed(server: Server, request: bytes, key: str, span: Span, value: Value) -> bool:
    name = value["tuple"][0]["bytes"] if key.startswith("headers[") else key
    return (server.name, name, request[slice(*span)]) in FIXED


@pytest.mark.parametrize(("name", "title"), ASKED)
def test_changing_the_bytes_of_an_origin_changes_its_key(server: Server, title: str) -> None:
    request = REQUESTS[title]
    answer, again = ask(server.port, request), ask(server.port, request)
    assert answer is not None
    assert again is not None
    found = traced(server, request, answer)
    names = header_names(request, found)
    assert {origin for origin in found.values() if isinstance(origin, str)} <= set(WORDS)
    wrong = []
    for key, origin in found.items():
        if isinstance(origin, str) or key == "headers":  # its spans are those of headers[0], headers[1]…
            continue
        value = value_of(answer.mapping, key)
        assert value_of(again.mapping, key) == value, f"{key} changes by itself"
        for span in (*origin, *names.get(key, ())):
            changed = changes_it(server, request, key, span, value)
            if changed is None and is_fixed(server, request, key, span, value):
                continue
            if not changed:
                wrong.append((key, request[slice(*span)], changed))
    assert not wrong
    assert title in NOT_EXPLAINED.get(server.name, ()) or unexplained(server, request, answer.mapping, found) == []


def unexplained(server: Server, request: bytes, mapping: Mapping[str, Value], found: dict[str, Origin]) -> list[str]:
    """The keys that some bytes must have given, and for which none was found."""
    must = {"REQUEST_METHOD", "PATH_INFO", "RAW_URI", "REQUEST_URI", "SERVER_PROTOCOL", "method", "path", "raw_path"}
    must |= {key for key in ("QUERY_STRING", "query_string") if mapping.get(key) not in ("", {"bytes": ""})}
    must |= {key for key in mapping if key.startswith("HTTP_") and (key != "HTTP_PROXY" or b"\r\nProxy:" in request)}
    must |= {key for key in found if key.startswith("headers")}
    must |= {"type", "subprotocols"} if mapping.get("type") == "websocket" else {"http_version"}
    must |= {"CONTENT_TYPE"} if b"Content-Type" in request else set()
    must |= {"CONTENT_LENGTH"} if b"Content-Length" in request else set()
    return sorted(key for key in must & found.keys() if isinstance(found[key], str))


@pytest.mark.parametrize("name", COMMANDS)
def test_words_and_forwarded_keys(server: Server) -> None:
    request = REQUESTS["behind a proxy"]
    answer = ask(server.port, request)
    assert answer is not None
    found = traced(server, request, answer)
    expected = EXPECTED[server.name if server.name in EXPECTED else server.table]
    assert {key: found.get(key) if isinstance(found.get(key), str) else "bytes" for key in expected} == expected


_BYTES_OR_SOCKET = {"REMOTE_ADDR": "socket", "SERVER_PORT": "socket", "wsgi.version": "server", "HTTP_PROXY": "bytes"}
EXPECTED = {
    "wsgiref": {**_BYTES_OR_SOCKET, "SERVER_NAME": "server", "wsgi.url_scheme": "server", "PROVA": "process"},
    "gunicorn": {**_BYTES_OR_SOCKET, "SERVER_NAME": "socket", "wsgi.url_scheme": "bytes", "SERVER_SOFTWARE": "server"},
    "waitress": {**_BYTES_OR_SOCKET, "SERVER_NAME": "server", "wsgi.url_scheme": "server", "REMOTE_PORT": "socket"},
    "gunicorn-asgi": {"scheme": "server", "server": "socket", "asgi": "server", "type": "server"},
    "hypercorn": {"client": "socket", "scheme": "server", "server": "socket", "asgi": "server", "type": "server"},
    "daphne": {"client": "socket", "scheme": "server", "server": "socket", "asgi": "server", "type": "server"},
    "granian": {"client": "socket", "scheme": "server", "server": "socket", "asgi": "server", "type": "server"},
    "granian-wsgi": {"wsgi.version": "server", "HTTP_PROXY": "bytes", "SERVER_SOFTWARE": "server"},
    "cheroot": {"REMOTE_ADDR": "socket", "SERVER_PORT": "socket", "wsgi.version": "server", "HTTP_PROXY": "bytes"},
    "uvicorn": {"client": "bytes", "scheme": "bytes", "server": "socket", "asgi": "server", "type": "server"},
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_variable_of_the_process_is_told_from_a_header(server: Server) -> None:
    """wsgiref and Granian copy HTTP_PROXY, and nobody else does."""
    request = REQUESTS["body"]
    answer = ask(server.port, request)
    assert answer is not None
    word = traced(server, request, answer).get("HTTP_PROXY")
    assert word == ("process" if server.name in ("wsgiref", "granian-wsgi") else None)
