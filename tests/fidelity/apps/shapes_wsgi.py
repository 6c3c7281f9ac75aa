"""Every shape of a WSGI response, by path."""

import io
import os
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

from flask import Flask, Response, abort, redirect, request, stream_with_context
from werkzeug.debug import DebuggedApplication
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response as Base

TEXT = [("Content-Type", "text/plain")]
Start = Callable[..., Callable[[bytes], object]]
Environ = dict[str, Any]


def one(environ: Environ, start: Start) -> object:
    start("200 OK", [*TEXT])
    return [b"one"]


def two(environ: Environ, start: Start) -> object:
    start("200 OK", [*TEXT])
    return [b"one", b"two"]


def three_tuple(environ: Environ, start: Start) -> object:
    start("200 OK", [*TEXT])
    return (b"one", b"", b"three")


class Listed(list[bytes]):
    """A list, but not exactly one."""


def sublist(environ: Environ, start: Start) -> object:
    start("200 OK", [*TEXT])
    return Listed([b"sub"])


def own_length(environ: Environ, start: Start) -> object:
    start("200 OK", [*TEXT, ("Content-Length", "4")])
    return [b"four"]


def too_long(environ: Environ, start: Start) -> object:
    start("200 OK", [*TEXT, ("Content-Length", "4")])
    return [b"four", b"and more"]


def too_short(environ: Environ, start: Start) -> object:
    start("200 OK", [*TEXT, ("Content-Length", "40")])
    return [b"four"]


def generator(environ: Environ, start: Start) -> Iterator[bytes]:
    start("200 OK", [*TEXT])
    yield b"a"
    yield b""
    yield b"b"


def returned_generator(environ: Environ, start: Start) -> object:
    start("200 OK", [*TEXT])
    return (bytes([65 + n]) for n in range(3))


def late(environ: Environ, start: Start) -> Iterator[bytes]:
    yield b""
    start("201 Created", [*TEXT])
    yield b"late"


def never_started(environ: Environ, start: Start) -> object:
    return [b"never"]


def write(environ: Environ, start: Start) -> object:
    say = start("200 OK", [*TEXT])
    say(b"written ")
    say(b"twice ")
    return [b"returned"]


def file(environ: Environ, start: Start) -> object:
    start("200 OK", [*TEXT])
    return environ["wsgi.file_wrapper"](io.BytesIO(b"0123456789" * 2000), 4096)


def real_file(environ: Environ, start: Start) -> object:
    start("200 OK", [*TEXT, ("Content-Length", str(os.path.getsize(__file__)))])  # noqa: PTH202 - as students do
    return environ["wsgi.file_wrapper"](open(__file__, "rb"))  # noqa: PTH123 - the server closes it


def file_of_another_class(environ: Environ, start: Start) -> object:
    class Wrapper(environ["wsgi.file_wrapper"]):  # type: ignore[misc,valid-type,name-defined]
        """A server may recognise it with isinstance()."""

    start("200 OK", [*TEXT])
    return Wrapper(io.BytesIO(b"xyz" * 3000), 1000)


def exc_info(environ: Environ, start: Start) -> object:
    start("200 OK", [*TEXT])
    try:
        raise ValueError("changed my mind")
    except ValueError:
        start("500 Oops", [*TEXT], sys.exc_info())
    return [traceback.format_exc().encode()]


def exc_info_late(environ: Environ, start: Start) -> Iterator[bytes]:
    start("200 OK", [*TEXT])
    yield b"half"
    try:
        raise ValueError("too late")
    except ValueError:
        start("500 Oops", [*TEXT], sys.exc_info())
    yield b"never"


def started_twice(environ: Environ, start: Start) -> object:
    start("200 OK", [*TEXT])
    start("200 OK", [*TEXT])
    return [b"?"]


def start_keywords(environ: Environ, start: Start) -> object:
    start(status="200 OK", headers=[*TEXT])
    return [b"?"]


def start_nothing(environ: Environ, start: Start) -> object:
    start()
    return [b"?"]


def bad_header(environ: Environ, start: Start) -> object:
    start("200 OK", [("X-Bad", "a\r\nb: c")])
    return [b"?"]


def empty(environ: Environ, start: Start) -> object:
    start("200 OK", [*TEXT, ("Content-Length", "0")])
    return []


def no_blocks(environ: Environ, start: Start) -> object:
    start("200 OK", [*TEXT])
    return iter(())


def error_before(environ: Environ, start: Start) -> object:
    raise RuntimeError("before")


def error_between(environ: Environ, start: Start) -> object:
    start("200 OK", [*TEXT])
    raise RuntimeError("between")


def error_after(environ: Environ, start: Start) -> Iterator[bytes]:
    start("200 OK", [*TEXT, ("Content-Length", "100")])
    yield b"part"
    raise RuntimeError("after")


class Closes:
    """Iterable, not its own iterator; its close() is seen in a later response."""

    closed = 0

    def __init__(self) -> None:
        self.blocks = [b"c", b"d"]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.blocks)

    def close(self) -> None:
        Closes.closed += 1


class ClosesAndCounts(Closes):
    def __len__(self) -> int:
        return len(self.blocks)


class Open:
    """Without close()."""

    def __iter__(self) -> Iterator[bytes]:
        yield b"o"


class ByIndex:
    """The old protocol of sequences."""

    def __getitem__(self, index: int) -> bytes:
        return [b"x", b"y"][index]


class Proxied:
    """Its methods appear only when they are asked for."""

    def __init__(self, inner: object) -> None:
        self.inner = inner

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.inner)  # type: ignore[call-overload, no-any-return]


class FailsToClose(Closes):
    def close(self) -> None:
        raise RuntimeError("close")


class FailsToIterate:
    def __iter__(self) -> Iterator[bytes]:
        raise RuntimeError("iter")


def _returning(make: Callable[[], object]) -> Callable[[Environ, Start], object]:
    def application(environ: Environ, start: Start) -> object:
        start("200 OK", [*TEXT])
        return make()

    return application


def closed(environ: Environ, start: Start) -> object:
    start("200 OK", [*TEXT])
    return [str(Closes.closed).encode()]


def large(environ: Environ, start: Start) -> object:
    start("200 OK", [*TEXT])
    return [b"0123456789abcdef" * 19200]


def large_streamed(environ: Environ, start: Start) -> Iterator[bytes]:
    start("200 OK", [*TEXT])
    for n in range(30):
        yield bytes([97 + n % 26]) * 10240


def slow(environ: Environ, start: Start) -> Iterator[bytes]:
    start("200 OK", [*TEXT])
    yield b"first"
    time.sleep(0.4)
    yield b"last"


def not_modified(environ: Environ, start: Start) -> object:
    start("304 Not Modified", [("ETag", '"x"')])
    return []


def no_content(environ: Environ, start: Start) -> object:
    start("204 No Content", [])
    return []


def elsewhere(environ: Environ, start: Start) -> object:
    start("302 Found", [("Location", "/one"), ("Content-Length", "0")])
    return [b""]


def echo(environ: Environ, start: Start) -> object:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start("200 OK", [*TEXT])
    return [b"%d " % len(body), body]


def early_hints(environ: Environ, start: Start) -> object:
    hints = environ.get("wsgi.early_hints")
    if hints is not None:
        hints([("Link", "</x.css>; rel=preload")])
    start("200 OK", [*TEXT])
    return [b"hinted"]


def masked(text: str) -> bytes:
    """What changes from one run to the next, made the same."""
    return re.sub(r"0x[0-9a-f]+|\b\d{4,}\b", "N", text).encode()


def show(environ: Environ, start: Start) -> object:
    lines = [f"{key} = {value!r}" for key, value in sorted(environ.items())]
    lines += [f"os {key} = {value!r}" for key, value in sorted(os.environ.items())]
    lines += [f"getenv {key!r} = {os.environb.get(key)!r}" for key in sorted(os.environb)]
    lines += [f"path {entry}" for entry in sys.path]
    lines += [f"modules {os.getenv('PYTHONPATH')} {os.getenv('PASSERELLA_SONDA')} {len(os.environ)}"]
    start("200 OK", [*TEXT])
    return [masked("\n".join(lines))]


def stack(environ: Environ, start: Start) -> object:
    """An exception through several calls, caught and shown."""
    try:
        Inner()(environ, start)
    except KeyError as error:
        shown = "".join(traceback.format_exception(error))
    start("200 OK", [*TEXT])
    return [shown.encode()]


class Inner:
    def __call__(self, environ: Environ, start: Start) -> object:
        start("not a status", "not headers", "not exc_info", "one too many")
        return []


class Middleware:
    """What a student writes: the inner app in an attribute."""

    def __init__(self, app: Callable[[Environ, Start], object]) -> None:
        self.app = app

    def __call__(self, environ: Environ, start: Start) -> object:
        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> object:
            return start(status, [*headers, ("X-Middleware", "yes")], exc_info)

        return self.app(environ, start_response)  # type: ignore[arg-type]


flask = Flask("shapes")


@flask.get("/ciao")
def ciao() -> str:
    return "ciao " + request.args.get("nome", "")


@flask.get("/stream")
def stream() -> Response:
    def blocks() -> Iterator[str]:
        yield "a"
        yield request.path

    return Response(stream_with_context(blocks()), mimetype="text/plain")


@flask.get("/fails")
def fails() -> str:
    empty: dict[str, str] = {}
    return empty["fails"]


@flask.get("/redirect")
def redirected() -> Base:
    return redirect("/ciao")


@flask.get("/abort")
def aborted() -> str:
    abort(418)


@flask.get("/none")  # type: ignore[type-var]
def none() -> None:
    return None


@flask.get("/async")
async def asynchronous() -> str:
    return "async"


@flask.before_request
def before() -> None:
    request.environ["x.before"] = "1"


@flask.after_request
def after(response: Response) -> Response:
    response.headers["X-After"] = "1"
    return response


shown = Flask("shown")


@shown.get("/fails")
def fails_shown() -> str:
    return fails()


@shown.errorhandler(Exception)
def show_error(error: Exception) -> tuple[str, int]:
    return traceback.format_exc(), 500


debugged = Flask("debugged")
debugged.debug = True
debugged.add_url_rule("/fails", view_func=fails)
debugged.add_url_rule("/none", view_func=none)  # type: ignore[arg-type]


class HiddenSecret:
    """The debugger's page, with the numbers that change made the same."""

    def __init__(self, app: Any) -> None:
        self.inner_app = DebuggedApplication(app, evalex=False)

    def __call__(self, environ: Environ, start: Start) -> object:
        body = b"".join(self.inner_app(environ, start))
        return [re.sub(rb'"[0-9A-Za-z]{20}"|\b\d{9,}\b|0x[0-9a-f]+', b"N", body)]


SHAPES: dict[str, Any] = {
    name: value
    for name, value in globals().items()
    if type(value) is FunctionType and value.__code__.co_varnames[:2] == ("environ", "start")
}
SHAPES |= {
    "closes": _returning(Closes),
    "closes-and-counts": _returning(ClosesAndCounts),
    "open": _returning(Open),
    "by-index": _returning(ByIndex),
    "proxied": _returning(lambda: Proxied(Closes())),
    "fails-to-close": _returning(FailsToClose),
    "fails-to-iterate": _returning(FailsToIterate),
    "none": _returning(lambda: None),
    "text": _returning(lambda: "text"),
    "texts": _returning(lambda: ["text"]),
    "bytes": _returning(lambda: b"bytes"),
    "numbers": _returning(lambda: [1, 2]),
    "set": _returning(lambda: {b"s"}),
    "dict": _returning(lambda: {b"k": 1}),
    "mapped": _returning(lambda: map(bytes, [b"m", b"n"])),
    "middleware": Middleware(one),
    "middleware-generator": Middleware(generator),
    "flask": flask,
    "shown": shown,
    "debugged": debugged,
    "debugger": HiddenSecret(debugged),
    "werkzeug": Request.application(lambda request: Base(f"werkzeug {request.method}")),
}


def app(environ: Environ, start_response: Start) -> Any:
    """Serve the shape that the first segment of the path names; the rest is its own path."""
    name, slash, rest = environ["PATH_INFO"].lstrip("/").partition("/")
    environ["PATH_INFO"] = slash + rest
    return SHAPES[name](environ, start_response)
