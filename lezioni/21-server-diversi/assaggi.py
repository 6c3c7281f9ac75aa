"""Tre risposte un po' particolari, su ASGI e senza framework."""

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
    await pezzo(send, b"ciao\n")


async def lungo(send: Send) -> None:
    await testa(send, 5)  # ne promette 5…
    await pezzo(send, b"Un caffe\n")  # …e ne manda 9


async def caduta(send: Send) -> None:
    await testa(send, 12)
    await pezzo(send, b"Un caf", altri=True)
    raise RuntimeError("Mi è caduto il vassoio.")


async def testa(send: Send, byte: int) -> None:
    intestazioni = [(b"content-length", str(byte).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": intestazioni})


async def pezzo(send: Send, byte: bytes, altri: bool = False) -> None:
    await send({"type": "http.response.body", "body": byte, "more_body": altri})


ASSAGGI = {"/attesa": attesa, "/lungo": lungo, "/caduta": caduta}
