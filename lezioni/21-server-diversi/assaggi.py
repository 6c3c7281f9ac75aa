"""Quattro risposte un po' particolari, su ASGI e senza framework."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    await ASSAGGI[scope["path"]](send)


async def attesa(send: Send) -> None:
    await testa(send, 5)
    await asyncio.sleep(0.4)  # le intestazioni sono già partite?
    await corpo(send, b"ciao\n")


async def lungo(send: Send) -> None:
    await testa(send, 5)  # ne dichiara 5…
    await corpo(send, b"Un caffe\n")  # …e ne spedisce 9


async def caduta(send: Send) -> None:
    await testa(send, 12)
    await corpo(send, b"meta' ", ancora=True)
    raise RuntimeError("Mi è caduto il vassoio.")


async def testa(send: Send, lunghezza: int) -> None:
    intestazioni = [(b"content-length", str(lunghezza).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": intestazioni})


async def corpo(send: Send, pezzo: bytes, ancora: bool = False) -> None:
    await send({"type": "http.response.body", "body": pezzo, "more_body": ancora})


ASSAGGI = {"/attesa": attesa, "/lungo": lungo, "/caduta": caduta}
