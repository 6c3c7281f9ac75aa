"""Il bancone del bar: un'eco, una chat e gli avvisi, su ASGI e senza framework."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

presenti: list[Send] = []  # chi è nella chat: un send per ogni connessione aperta


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await pagina(send)
    elif scope["type"] == "websocket":
        await STANZE[scope["path"]](receive, send)
    else:
        raise NotImplementedError(scope["type"])


async def pagina(send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"15")]})
    await send({"type": "http.response.body", "body": b"Il bar e' qui.\n"})


async def eco(receive: Receive, send: Send) -> None:
    await entra(receive, send)
    while (evento := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": evento["text"].upper()})


async def chat(receive: Receive, send: Send) -> None:
    await entra(receive, send)
    presenti.append(send)
    while (evento := await receive())["type"] == "websocket.receive":
        for altro in presenti:
            await altro({"type": "websocket.send", "text": evento["text"]})
    presenti.remove(send)


async def avvisi(receive: Receive, send: Send) -> None:
    await entra(receive, send)
    for numero in (1, 2, 3):
        await asyncio.sleep(0.2)
        await send({"type": "websocket.send", "text": f"Pronto il caffè numero {numero}"})
    await send({"type": "websocket.close"})


async def entra(receive: Receive, send: Send) -> None:
    await receive()  # websocket.connect: il client chiede
    await send({"type": "websocket.accept"})  # solo adesso parte il 101


async def vassoio(receive: Receive, send: Send) -> None:
    await entra(receive, send)
    raise RuntimeError("Mi è caduto il vassoio.")


async def maleducato(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.send", "text": "Che vuoi?"})  # ha dimenticato «accept»


STANZE = {"/eco": eco, "/chat": chat, "/avvisi": avvisi, "/vassoio": vassoio, "/maleducato": maleducato}
