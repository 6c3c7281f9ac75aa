"""Una connessione con l'archivio: aperta all'avvio, usata a ogni richiesta, chiusa allo spegnimento."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

Messaggio = dict[str, Any]
Receive = Callable[[], Awaitable[Messaggio]]
Send = Callable[[Messaggio], Awaitable[None]]


async def app(scope: Messaggio, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await vita(scope, receive, send)
    elif scope["type"] == "http":
        await richiesta(scope, send)


async def vita(scope: Messaggio, receive: Receive, send: Send) -> None:
    await receive()  # lifespan.startup
    lettore, scrittore = await apri()
    scope["state"]["archivio"] = lettore, scrittore
    print("archivio aperto", flush=True)
    await send({"type": "lifespan.startup.complete"})
    await receive()  # lifespan.shutdown
    scrittore.close()
    print("archivio chiuso", flush=True)
    await send({"type": "lifespan.shutdown.complete"})


async def richiesta(scope: Messaggio, send: Send) -> None:
    pronta = scope.get("state", {}).get("archivio")
    if pronta is None:
        stato, testo = 503, "nessuna connessione"
    else:
        stato, testo = 200, await chiedi(*pronta)
    await send({"type": "http.response.start", "status": stato, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": testo.encode()})


async def chiedi(lettore: asyncio.StreamReader, scrittore: asyncio.StreamWriter) -> str:
    """Quante connessioni ha aperte l'archivio, contata la nostra."""
    scrittore.write(b"quante?\n")
    return (await lettore.readline()).decode().strip()


async def apri() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    indirizzo, porta = os.environ["SERVIZIO"].split(":")
    return await asyncio.open_connection(indirizzo, int(porta))
