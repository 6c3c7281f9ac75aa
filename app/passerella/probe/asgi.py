"""The ASGI boundary: one coroutine call per scope, with ``receive`` and ``send``."""

from __future__ import annotations

from .attribution import CURRENT, Request
from .channel import armed, before_the_end
from .holds import pause
from .middleware import observe_chain
from .record import enter, failed, leave, put_back, strip
from .sockets import caller
from .suspensions import Resumable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .attribution import Owner
    from .middleware import Chain

    Receive = Callable[[], Any]
    Send = Callable[[Any], Any]

_LAST_WORDS = ("lifespan.shutdown.complete", "lifespan.shutdown.failed")  # after which a server ends
_SENDS = {
    "http.response.start": "asgi.send_start",
    "http.response.body": "asgi.send_body",
    "websocket.accept": "asgi.ws_accept",
    "websocket.send": "asgi.ws_send",
    "websocket.close": "asgi.ws_close",
    "websocket.http.response.start": "asgi.ws_denial",
}


class ObservedApp:
    """The app that an ASGI server keeps."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._chain: Chain | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> Any:
        owner = CURRENT.get()
        if not armed() or (owner is not None and owner.brief):
            try:
                return await self._app(scope, receive, send)
            except BaseException as error:
                strip(error)
                raise
        if self._chain is None:
            self._chain = observe_chain(self._app)
        token = None
        if type(owner) is not Request or (type(scope) is dict and scope.get("type") == "lifespan"):
            owner = Request(None)
            token = CURRENT.set(owner)
        call = enter(owner, caller("asgi.call"), {"app": self._chain.name}, scope)
        bare = next(iter(self._chain.bares), None)
        inner = running = None
        try:
            if owner.waiter is not None:
                await pause(owner)
            if bare is not None:
                inner = enter(owner, bare.site("asgi"), {})
            if owner.waiter is not None:
                await pause(owner)
            awaitable = self._app(scope, _observed_receive(owner, receive), _observed_send(owner, send))
            if call.number:
                awaitable = running = Resumable(owner, awaitable)
            result = await awaitable
        except BaseException as error:
            strip(error)
            if running is not None:
                running.tell()
            if inner is not None:
                failed(inner, error)
            failed(call, error)
            owner.mapping = None
            put_back(token)
            raise
        if running is not None:
            running.tell()
        if inner is not None:
            leave(inner, {})
            if owner.waiter is not None:
                await pause(owner)
        leave(call, {})
        owner.mapping = None
        put_back(token)
        return result


def _observed_receive(owner: Owner, real: Callable[..., Any]) -> Any:
    async def receive() -> Any:
        call = enter(owner, caller("asgi.receive"), {})
        if owner.waiter is not None:
            await pause(owner)
        try:
            message = await real()
        except BaseException as error:
            strip(error)
            failed(call, error)
            raise
        leave(call, _event(message))
        if owner.waiter is not None:
            await pause(owner)
        return message

    return receive


def _observed_send(owner: Owner, real: Callable[..., Any]) -> Any:
    async def send(message: Any) -> Any:
        kind = message.get("type") if type(message) is dict else None
        key = _SENDS.get(kind, "asgi.send") if type(kind) is str else "asgi.send"
        call = enter(owner, caller(key), _event(message))
        if owner.waiter is not None:
            await pause(owner)
        try:
            result = await real(message)
        except BaseException as error:
            strip(error)
            failed(call, error)
            raise
        leave(call, {})
        if owner.waiter is not None:
            await pause(owner)
        if type(kind) is str and kind in _LAST_WORDS:
            before_the_end()
        return result

    return send


def _event(message: Any) -> Any:
    """An event as it is shown; bodies by their length, because their bytes are shown where they travel."""
    if type(message) is not dict:
        return {"event": message}
    shown = {}
    for key, value in message.items():
        if key == "body" and type(value) in (bytes, bytearray):
            shown["length"] = len(value)
        else:
            shown[key] = value
    return shown
