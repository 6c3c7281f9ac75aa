"""Il corpo a eventi: chi lo riceve, chi lo manda, chi se ne va."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Messaggio = dict[str, Any]
Receive = Callable[[], Awaitable[Messaggio]]
Send = Callable[[Messaggio], Awaitable[None]]

INIZIO: Messaggio = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}


async def app(scope: Messaggio, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(f"Qui si parla solo HTTP, non {scope['type']}.")
    await VISTE[scope["path"]](receive, send)


async def somma(receive: Receive, send: Send) -> None:
    """Finché «more_body» è vero, il corpo non è finito."""
    letti = 0
    altro = True
    while altro:
        evento = await receive()
        letti += len(evento["body"])
        altro = evento["more_body"]
    await send(INIZIO)
    await send({"type": "http.response.body", "body": f"{letti} byte\n".encode()})


async def con_calma(receive: Receive, send: Send) -> None:
    await send(INIZIO)
    await asyncio.sleep(0.4)
    await send({"type": "http.response.body", "body": b"Ecco il corpo.\n"})


async def gocce(receive: Receive, send: Send) -> None:
    await send(INIZIO)
    for numero in range(1, 7):
        await send({"type": "http.response.body", "body": f"goccia {numero}\n".encode(), "more_body": True})
        await asyncio.sleep(0.1)
    await send({"type": "http.response.body", "body": b"fine\n"})


async def gocce_attente(receive: Receive, send: Send) -> None:
    """Le stesse gocce, ma c'è chi ascolta se il client se ne va."""
    rubinetto = asyncio.create_task(gocce(receive, send))
    addio = asyncio.create_task(partenza(receive))
    await asyncio.wait({rubinetto, addio}, return_when=asyncio.FIRST_COMPLETED)
    rubinetto.cancel()
    addio.cancel()


async def partenza(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


VISTE = {"/somma": somma, "/con-calma": con_calma, "/gocce": gocce, "/gocce-attente": gocce_attente}
