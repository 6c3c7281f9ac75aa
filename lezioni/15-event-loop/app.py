"""Un'app ASGI che chiede a un altro programma e, mentre aspetta, lascia il posto."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from typing import Any

Messaggio = dict[str, Any]
Receive = Callable[[], Awaitable[Messaggio]]
Send = Callable[[Messaggio], Awaitable[None]]


async def app(scope: Messaggio, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError(f"Qui si parla solo HTTP, non {scope['type']}.")
    testo = await VISTE[scope["path"]]()
    corpo = testo.encode()
    intestazioni = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(corpo)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": intestazioni})
    await send({"type": "http.response.body", "body": corpo})


async def ciao() -> str:
    return "ciao"


async def scorte() -> str:
    return await chiedi("cornetti")


async def tutto() -> str:
    """Tre domande al magazzino, in tre task: le parole nell'ordine in cui arrivano le risposte."""
    arrivati: list[str] = []

    async def cerca(prodotto: str) -> None:
        await chiedi(prodotto)
        arrivati.append(prodotto)

    await asyncio.gather(cerca("caffè"), cerca("tè"), cerca("cornetti"))
    return ", ".join(arrivati)


async def scorte_senza_await() -> str:
    return chiedi_bloccando("cornetti")


async def chiedi(prodotto: str) -> str:
    lettore, scrittore = await asyncio.open_connection(*magazzino())
    scrittore.write(f"{prodotto}\n".encode())
    risposta = await lettore.readline()
    scrittore.close()
    return risposta.decode().strip()


def chiedi_bloccando(prodotto: str) -> str:
    with socket.create_connection(magazzino()) as filo:
        filo.sendall(f"{prodotto}\n".encode())
        return filo.makefile(encoding="utf-8").readline().strip()


def magazzino() -> tuple[str, int]:
    indirizzo, porta = os.environ["SERVIZIO"].split(":")
    return indirizzo, int(porta)


VISTE = {"/ciao": ciao, "/scorte": scorte, "/tutto": tutto, "/scorte-senza-await": scorte_senza_await}
