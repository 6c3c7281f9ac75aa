"""Una connessione con l'archivio: aperta all'avvio, usata a ogni richiesta, chiusa allo spegnimento."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

Messaggio = dict[str, Any]
Receive = Callable[[], Awaitable[Messaggio]]
Send = Callable[[Messaggio], Awaitable[None]]
Filo = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def app(scope: Messaggio, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await vita(scope, receive, send)
    elif scope["type"] == "http":
        await quante(scope, send)


async def vita(scope: Messaggio, receive: Receive, send: Send) -> None:
    await receive()  # lifespan.startup
    scope["state"]["archivio"] = filo = await apri()
    await send({"type": "lifespan.startup.complete"})
    await receive()  # lifespan.shutdown
    filo[1].close()
    await send({"type": "lifespan.shutdown.complete"})


async def quante(scope: Messaggio, send: Send) -> None:
    """Quante connessioni ha aperte l'archivio, contata la nostra."""
    filo = scope.get("state", {}).get("archivio")
    if filo is None:
        await rispondi(send, 503, "Nessuno ha aperto l'archivio.")
    else:
        await rispondi(send, 200, await chiedi(filo))


async def rispondi(send: Send, stato: int, testo: str) -> None:
    corpo = testo.encode()
    intestazioni = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(corpo)).encode())]
    await send({"type": "http.response.start", "status": stato, "headers": intestazioni})
    await send({"type": "http.response.body", "body": corpo})


async def chiedi(filo: Filo) -> str:
    lettore, scrittore = filo
    scrittore.write(b"quante?\n")
    return (await lettore.readline()).decode().strip()


async def apri() -> Filo:
    indirizzo, porta = os.environ["SERVIZIO"].split(":")
    return await asyncio.open_connection(indirizzo, int(porta))
