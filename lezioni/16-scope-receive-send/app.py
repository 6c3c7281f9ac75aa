"""Il ponte ASGI senza niente intorno: uno scope, e due funzioni per parlarsi."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

Messaggio = dict[str, Any]
Receive = Callable[[], Awaitable[Messaggio]]
Send = Callable[[Messaggio], Awaitable[None]]


async def app(scope: Messaggio, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(f"Qui si parla solo HTTP, non {scope['type']}.")
    if scope["path"] == "/scorte":
        testo = f"Tè: {await chiedi('tè')}\n"
    elif scope["path"] == "/primo-evento":
        testo = racconta(await receive())
    else:
        testo = "Ciao!\n"
    corpo = testo.encode()
    intestazioni = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(corpo)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": intestazioni})
    await send({"type": "http.response.body", "body": corpo})


def racconta(evento: Messaggio) -> str:
    letti = len(evento.get("body", b""))
    return f"{letti} byte, e poi altri" if evento.get("more_body") else f"{letti} byte, tutti"


async def chiedi(prodotto: str) -> str:
    """Una domanda al magazzino: a ogni «await» il loop può servire qualcun altro."""
    indirizzo, porta = os.environ["SERVIZIO"].split(":")
    lettore, scrittore = await asyncio.open_connection(indirizzo, int(porta))
    scrittore.write(f"{prodotto}\n".encode())
    risposta = await lettore.readline()
    scrittore.close()
    return risposta.decode().strip()
