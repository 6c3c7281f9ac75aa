"""Byte for byte the same responses with the probe and without it (the date aside): 0 differences."""

import difflib
import re
import socket
import time
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fidelity.running import (
    APPS,
    PATIENCE,
    SERVERS,
    WSGI_SERVERS,
    Running,
    ask,
    command,
    free_port,
    plain,
    traced,
    wait_until,
)


def get(path: str, more: bytes = b"", method: bytes = b"GET", version: bytes = b"1.1", body: bytes = b"") -> bytes:
    head = method + b" " + path.encode() + b" HTTP/" + version + b"\r\nHost: esempio.it\r\n" + more
    return head + b"Connection: close\r\n\r\n" + body


def _shapes(*names: str) -> dict[str, bytes]:
    return {name: get("/" + name) for name in names}


def _post(path: str, body: bytes, kind: bytes = b"text/plain") -> bytes:
    length = str(len(body)).encode()
    return get(path, b"Content-Type: " + kind + b"\r\nContent-Length: " + length + b"\r\n", b"POST", body=body)


KEPT = b"GET %b HTTP/1.1\r\nHost: esempio.it\r\n\r\n"

COMMON: Mapping[str, bytes] = {
    "POST echo": _post("/echo", b"ciao " * 2000),
    "POST echo chunked": get(
        "/echo", b"Transfer-Encoding: chunked\r\n", b"POST", body=b"5\r\nhello\r\n1;x=y\r\n!\r\n0\r\nX-Coda: 1\r\n\r\n"
    ),
    "expect": get("/echo", b"Content-Length: 2\r\nExpect: 100-continue\r\n", b"POST", body=b"ok"),
    "not found": get("/nowhere"),
    "malformed line": b"NOT HTTP\r\n\r\n",
    "malformed header": b"GET /one HTTP/1.1\r\nHost: x\r\nno colon here\r\n\r\n",
    "two lengths": get("/echo", b"Content-Length: 2\r\nContent-Length: 3\r\n", b"POST", body=b"abc"),
    "bad chunk": get("/echo", b"Transfer-Encoding: chunked\r\n", b"POST", body=b"zz\r\nhello\r\n0\r\n\r\n"),
    "head too large": get("/one", b"X-Large: " + b"a" * 70000 + b"\r\n"),
    "8-bit header": get("/show", b"X-Eight: caff\xe8\r\n"),
    "show": get("/show?a=1&b=%C3%A8", b"Cookie: a=1\r\nX-Dup: 1\r\nX-Dup: 2\r\n"),
}

WSGI_REQUESTS: Mapping[str, bytes] = {
    **_shapes("one", "two", "three_tuple", "sublist", "own_length", "too_long", "too_short", "generator"),
    **_shapes("returned_generator", "late", "never_started", "write", "file", "real_file", "file_of_another_class"),
    **_shapes("exc_info", "exc_info_late", "started_twice", "start_keywords", "start_nothing", "bad_header", "empty"),
    **_shapes("no_blocks", "error_before", "error_between", "error_after", "large", "large_streamed", "not_modified"),
    **_shapes("no_content", "elsewhere", "early_hints", "stack", "closes", "closes-and-counts", "open", "by-index"),
    **_shapes("proxied", "fails-to-close", "fails-to-iterate", "none", "text", "texts", "bytes", "numbers", "set"),
    **_shapes("dict", "mapped", "middleware", "middleware-generator", "closed", "werkzeug"),
    **_shapes("flask/ciao?nome=Ada", "flask/stream", "flask/fails", "flask/redirect", "flask/abort", "flask/none"),
    **_shapes("flask/async", "flask/missing", "shown/fails", "debugged/fails", "debugger/fails", "debugger/none"),
    "HEAD one": get("/one", method=b"HEAD"),
    "HEAD generator": get("/generator", method=b"HEAD"),
    "HEAD flask": get("/flask/ciao", method=b"HEAD"),
    "HTTP/1.0": b"GET /generator HTTP/1.0\r\n\r\n",
    "keep-alive": KEPT % b"/one" + get("/two"),
    "pipelined five": KEPT % b"/one" * 2 + KEPT % b"/generator" + KEPT % b"/flask/ciao" + get("/two"),
    **COMMON,
}

STARLETTE = (
    *("hello?nome=Ada", "sync/x", "partial", "fails", "fails-sync", "stream", "stream-fails", "background"),
    *("how-many", "moved", "caught", "endpoint", "mounted/x", "missing"),
)
ASGI_REQUESTS: Mapping[str, bytes] = {
    **_shapes("whole", "chunked", "empty", "no_body_key", "no_content", "not_modified", "too_long", "too_short"),
    **_shapes("error_before", "error_after", "error_midway", "silent", "unfinished", "returns_something", "body_first"),
    **_shapes("started_twice", "unknown_event", "no_event", "after_the_end", "receive_after", "what_was_received"),
    **_shapes("large", "large_at_once", "coroutines", "middleware"),
    **{f"{kind} {path}": get(f"/{kind}/{path}") for kind in ("starlette", "debugged", "stamped") for path in STARLETTE},
    **{f"{kind} form": _post(f"/{kind}/form", b"a=1&b=2") for kind in ("starlette", "stamped")},
    **_shapes("fastapi/async?q=x", "fastapi/sync/3", "fastapi/sync/x", "fastapi/fails", "fastapi/http-error"),
    **_shapes("fastapi/background", "fastapi/docs", "fastapi/openapi.json"),
    "fastapi body": _post("/fastapi/body", b'{"a": 1}', b"application/json"),
    "fastapi bad body": _post("/fastapi/body", b'{"a": ', b"application/json"),
    "HEAD whole": get("/whole", method=b"HEAD"),
    "HEAD chunked": get("/chunked", method=b"HEAD"),
    "HEAD starlette": get("/starlette/hello", method=b"HEAD"),
    "HTTP/1.0": b"GET /chunked HTTP/1.0\r\n\r\n",
    "keep-alive": KEPT % b"/whole" + get("/chunked"),
    "pipelined five": KEPT % b"/whole" * 2 + KEPT % b"/chunked" + KEPT % b"/fastapi/sync/1" + get("/whole"),
    **COMMON,
}

_CHANGES = re.compile(rb"(?mi)^(date: )[^\r\n]*|(0x)[0-9a-f]{6,16}")


def _without_what_changes(response: bytes) -> bytes:
    return _CHANGES.sub(rb"\1\2-", response)


# Answers that these servers never end nor close: they are waited for together, and no longer than what is needed to
# see that nothing more comes. All the others have to end.
_LEFT_OPEN_BY_GUNICORN = ("receive_after",)
LEFT_OPEN: Mapping[str, tuple[str, ...]] = {
    "gunicorn-asgi-asyncio": _LEFT_OPEN_BY_GUNICORN,
    "gunicorn-asgi-uvloop": _LEFT_OPEN_BY_GUNICORN,
    "daphne": (
        *("error_after", "error_midway", "silent", "unfinished", "body_first", "started_twice", "unknown_event"),
        *("no_event", "starlette stream-fails", "debugged stream-fails", "not found"),
    ),
}
OPEN_PATIENCE = 2.0
_APART = 0.1  # seconds


def _answers(server: Running, requests: Mapping[str, bytes], left_open: Collection[str] = ()) -> dict[str, bytes]:
    """The answer to each request; those that stay open are asked at the same time, after the others.

    They set out one after the other: Daphne looks at its connections in their order, once a second, and never again
    after the first app that failed when its response had begun.
    """

    def answer(name: str) -> bytes:
        patience = OPEN_PATIENCE if name in left_open else PATIENCE
        return _without_what_changes(ask(server.port, requests[name], patience=patience))

    answers = {name: answer(name) for name in requests if name not in left_open}
    with ThreadPoolExecutor(max(1, len(left_open))) as together:
        open_answers = {}
        for name in left_open:
            open_answers[name] = together.submit(answer, name)
            time.sleep(_APART)
    return answers | {name: open_answer.result() for name, open_answer in open_answers.items()}


@pytest.fixture(scope="module", params=SERVERS)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> "Both":
    """The answers of one server, without the probe and with it, and what it wrote."""
    server: str = request.param
    app, requests = ("shapes_wsgi:app", WSGI_REQUESTS) if server in WSGI_SERVERS else ("shapes_asgi:app", ASGI_REQUESTS)
    left_open = LEFT_OPEN.get(server, ())
    with (
        plain(command(server, app, port := free_port()), APPS, port, tmp_path_factory.mktemp("plain") / "log") as alone,
        traced(command(server, app, free_port()), APPS) as under_probe,
    ):
        before = _answers(alone, requests, left_open)
        after = _answers(under_probe, requests, left_open)
        wait_until(lambda: _tracebacks(under_probe.words()) == _tracebacks(alone.words()))
        words, traced_words = alone.words(), under_probe.words()
        ahead = max(
            _ahead(under_probe.port) for _again in range(2)
        )  # a late reader sees less than there is, never more
        journeys = len(under_probe.seen.wait(lambda journeys: len(journeys) >= len(requests)))
    return Both(server, before, after, words, traced_words, journeys, ahead)


class Both:
    def __init__(
        self,
        server: str,
        before: dict[str, bytes],
        after: dict[str, bytes],
        words: str,
        traced_words: str,
        journeys: int,
        ahead: float,
    ) -> None:
        self.server = server
        self.before = before
        self.after = after
        self.words = words
        self.traced_words = traced_words
        self.journeys = journeys
        self.ahead = ahead


def test_no_response_differs(both: Both) -> None:
    different = {name: _difference(both.before[name], answer) for name, answer in both.after.items()}
    assert not any(different.values()), "\n".join(f"{name}: {text}" for name, text in different.items() if text)


def test_the_requests_were_really_traced_and_answered(both: Both) -> None:
    assert both.journeys >= len(both.before)
    answered = [name for name, answer in both.after.items() if answer.startswith(b"HTTP/1.")]
    assert len(answered) >= len(both.after) - 12, sorted(set(both.after) - set(answered))


def test_the_first_byte_does_not_wait_for_the_last(both: Both) -> None:
    assert both.ahead > 0.25


def _ahead(port: int) -> float:
    """Seconds between the first block of a slow response and its end."""
    with socket.create_connection(("127.0.0.1", port), 10) as line:
        line.sendall(get("/slow"))
        received = b""
        while b"first" not in received:
            received += line.recv(65536)
        start = time.monotonic()
        while line.recv(65536):
            pass
    return time.monotonic() - start


def test_what_the_server_wrote_shows_no_frame_of_ours(both: Both) -> None:
    assert "passerella" not in both.traced_words.replace(str(Path(__file__).parents[2]), "")
    assert "_passerella_probe" not in both.traced_words
    assert _tracebacks(both.traced_words) == _tracebacks(both.words)


def _difference(before: bytes, after: bytes) -> str:
    lines = [data.decode("latin-1").splitlines() for data in (before, after)]
    return (
        ""
        if before == after
        else "\n".join(difflib.unified_diff(lines[0], lines[1], "plain", "traced", lineterm="", n=1))
    )


def _tracebacks(words: str) -> list[str]:
    """The lines of tracebacks, whatever the order of threads and times: they must be the same ones."""
    return sorted(line.strip() for line in words.splitlines() if re.match(r"\s+(\||\+)?\s*File \"", line))
