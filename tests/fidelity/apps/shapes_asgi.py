"""Every shape of an ASGI response, by path."""

import asyncio
import os
import re
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from functools import partial
from typing import Annotated, Any

from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.endpoints import HTTPEndpoint
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

TEXT = [(b"content-type", b"text/plain")]


async def _start(send: Send, status: int = 200, headers: list[tuple[bytes, bytes]] = TEXT) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _body(send: Send, body: bytes, more: bool = False) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def whole(scope: Scope, receive: Receive, send: Send) -> None:
    await _start(send, headers=[*TEXT, (b"content-length", b"5")])
    await _body(send, b"whole")


async def chunked(scope: Scope, receive: Receive, send: Send) -> None:
    await _start(send)
    await _body(send, b"one", True)
    await _body(send, b"", True)
    await _body(send, b"two", True)
    await _body(send, b"")


async def empty(scope: Scope, receive: Receive, send: Send) -> None:
    await _start(send, headers=[(b"content-length", b"0")])
    await _body(send, b"")


async def no_body_key(scope: Scope, receive: Receive, send: Send) -> None:
    await _start(send)
    await send({"type": "http.response.body"})


async def no_content(scope: Scope, receive: Receive, send: Send) -> None:
    await _start(send, 204, [])
    await _body(send, b"")


async def not_modified(scope: Scope, receive: Receive, send: Send) -> None:
    await _start(send, 304, [(b"etag", b'"x"')])
    await _body(send, b"")


async def too_long(scope: Scope, receive: Receive, send: Send) -> None:
    await _start(send, headers=[(b"content-length", b"2")])
    await _body(send, b"more than two")


async def too_short(scope: Scope, receive: Receive, send: Send) -> None:
    await _start(send, headers=[(b"content-length", b"20")])
    await _body(send, b"two")


async def error_before(scope: Scope, receive: Receive, send: Send) -> None:
    raise RuntimeError("before")


async def error_after(scope: Scope, receive: Receive, send: Send) -> None:
    await _start(send)
    raise RuntimeError("after the start")


async def error_midway(scope: Scope, receive: Receive, send: Send) -> None:
    await _start(send)
    await _body(send, b"part", True)
    raise RuntimeError("midway")


async def silent(scope: Scope, receive: Receive, send: Send) -> None:
    """Returns without a word."""


async def unfinished(scope: Scope, receive: Receive, send: Send) -> None:
    await _start(send)


async def returns_something(scope: Scope, receive: Receive, send: Send) -> str:
    await whole(scope, receive, send)
    return "something"


async def body_first(scope: Scope, receive: Receive, send: Send) -> None:
    await _body(send, b"first")


async def started_twice(scope: Scope, receive: Receive, send: Send) -> None:
    await _start(send)
    await _start(send)


async def unknown_event(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.unknown"})


async def no_event(scope: Scope, receive: Receive, send: Send) -> None:
    await send("not an event")  # type: ignore[arg-type]


async def after_the_end(scope: Scope, receive: Receive, send: Send) -> None:
    await whole(scope, receive, send)
    await _body(send, b"again")


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    await _start(send)
    await _body(send, b"%d " % len(body) + body)


async def receive_after(scope: Scope, receive: Receive, send: Send) -> None:
    """receive() after the whole answer tells of the disconnection."""
    await receive()
    await whole(scope, receive, send)
    messages.append(dict(await receive()))


messages: list[dict[str, Any]] = []


async def what_was_received(scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.sleep(0.05)
    await _start(send)
    await _body(send, repr(messages[-1:]).encode())


async def large(scope: Scope, receive: Receive, send: Send) -> None:
    await _start(send)
    for n in range(30):
        await _body(send, bytes([97 + n % 26]) * 10240, n < 29)


async def large_at_once(scope: Scope, receive: Receive, send: Send) -> None:
    await _start(send, headers=[(b"content-length", b"307200")])
    await _body(send, b"0123456789abcdef" * 19200)


async def slow(scope: Scope, receive: Receive, send: Send) -> None:
    await _start(send)
    await _body(send, b"first", True)
    await asyncio.sleep(0.4)
    await _body(send, b"last")


def masked(text: str) -> bytes:
    return re.sub(r"0x[0-9a-f]+|\b\d{4,}\b", "N", text).encode()


async def show(scope: Scope, receive: Receive, send: Send) -> None:
    lines = [f"{key} = {value!r}" for key, value in sorted(scope.items())]
    lines += [f"os {key} = {value!r}" for key, value in sorted(os.environ.items())]
    lines += [f"path {entry}" for entry in sys.path]
    lines += [f"loop {type(asyncio.get_running_loop())}"]
    await _start(send)
    await _body(send, masked("\n".join(lines)))


async def coroutines(scope: Scope, receive: Receive, send: Send) -> None:
    """How the two callables look to who asks."""
    kinds = [asyncio.iscoroutinefunction(each) for each in (receive, send)]
    try:
        await send()  # type: ignore[call-arg]
    except TypeError as error:
        kinds.append(type(error).__name__)  # type: ignore[arg-type]
    await _start(send)
    await _body(send, repr(kinds).encode())


class Callable2:
    """An instance, with an inner app in an attribute."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def other(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-middleware", b"yes")]
            await send(message)

        await self.app(scope, receive, other)


# -- Starlette


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello " + request.query_params.get("nome", ""))


def hello_sync(request: Request) -> Response:
    return PlainTextResponse("sync " + request.path_params.get("name", ""))


async def with_arguments(greeting: str, request: Request) -> Response:
    return PlainTextResponse(greeting)


async def fails(request: Request) -> Response:
    raise KeyError("fails")


def fails_sync(request: Request) -> Response:
    raise KeyError("fails in a thread")


async def streamed(request: Request) -> Response:
    async def blocks() -> AsyncIterator[bytes]:
        for n in range(3):
            yield b"%d\n" % n
            await asyncio.sleep(0)

    return StreamingResponse(blocks(), media_type="text/plain")


async def stream_fails(request: Request) -> Response:
    async def blocks() -> AsyncIterator[bytes]:
        yield b"part"
        raise RuntimeError("midway")

    return StreamingResponse(blocks(), media_type="text/plain")


async def form(request: Request) -> Response:
    return JSONResponse({"length": len(await request.body()), "again": len(await request.body())})


asked: list[str] = []
done: list[str] = []


async def background(request: Request) -> Response:
    asked.append("x")
    return PlainTextResponse("later", background=BackgroundTask(done.append, "x"))


async def how_many(request: Request) -> Response:
    for _ in range(200):  # a task in the background runs when its answer has already gone
        if len(done) >= len(asked):
            break
        await asyncio.sleep(0.05)
    return PlainTextResponse(str(len(done)))


async def moved(request: Request) -> Response:
    return RedirectResponse("/hello")


async def caught(request: Request) -> Response:
    try:
        await fails(request)
        raise AssertionError
    except KeyError:
        return PlainTextResponse(traceback.format_exc())


class Endpoint(HTTPEndpoint):
    async def get(self, request: Request) -> Response:
        return PlainTextResponse("endpoint")


async def raw(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("mounted " + scope["path"])(scope, receive, send)


class Stamp(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        response.headers["x-stamp"] = "yes"
        return response


ROUTES = [
    Route("/hello", hello),
    Route("/sync/{name}", hello_sync),
    Route("/partial", partial(with_arguments, "partial")),
    Route("/fails", fails),
    Route("/fails-sync", fails_sync),
    Route("/stream", streamed),
    Route("/stream-fails", stream_fails),
    Route("/form", form, methods=["POST"]),
    Route("/background", background),
    Route("/how-many", how_many),
    Route("/moved", moved),
    Route("/caught", caught),
    Route("/endpoint", Endpoint),
    Mount("/mounted", raw),
]
starlette = Starlette(routes=ROUTES)
debugged = Starlette(routes=ROUTES, debug=True)
stamped = Starlette(routes=ROUTES, middleware=[Middleware(Stamp), Middleware(Callable2)])


# -- FastAPI

fastapi = FastAPI()


async def a_dependency(q: str = "none") -> str:
    return q


def a_sync_dependency() -> AsyncIterator[str] | Any:
    yield "yielded"


@fastapi.get("/async")
async def asynchronous(q: Annotated[str, Depends(a_dependency)]) -> dict[str, str]:
    return {"q": q}


@fastapi.get("/sync/{item}")
def synchronous(item: int, y: Annotated[str, Depends(a_sync_dependency)]) -> dict[str, Any]:
    return {"item": item, "y": y}


@fastapi.get("/fails")
async def fastapi_fails() -> None:
    raise KeyError("fails")


@fastapi.get("/http-error")
def http_error() -> None:
    raise HTTPException(418, "teapot")


@fastapi.get("/background")
async def fastapi_background(tasks: BackgroundTasks) -> str:
    asked.append("y")
    tasks.add_task(done.append, "y")
    return "later"


@fastapi.post("/body")
async def fastapi_body(body: dict[str, int]) -> dict[str, int]:
    return {key: value + 1 for key, value in body.items()}


SHAPES: dict[str, Any] = {
    name: value
    for name, value in globals().items()
    if asyncio.iscoroutinefunction(value) and value.__code__.co_varnames[:3] == ("scope", "receive", "send")
}
SHAPES |= {
    "middleware": Callable2(whole),
    "starlette": starlette,
    "debugged": debugged,
    "stamped": stamped,
    "fastapi": fastapi,
}


async def app(scope: Scope, receive: Receive, send: Send) -> Any:
    """Serve the shape that the first segment of the path names; the rest is its own path."""
    if scope["type"] == "lifespan":
        return await lifespan(scope, receive, send)
    name, slash, rest = scope["path"].lstrip("/").partition("/")
    return await SHAPES[name]({**scope, "path": slash + rest}, receive, send)


async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return
