"""Un'app WSGI che per rispondere deve chiedere a un altro programma."""

import os
import socket
import time
from collections.abc import Iterable, Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

TESTO = ("Content-Type", "text/plain; charset=utf-8")


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [TESTO])
    if environ["PATH_INFO"] == "/scorte":
        return [f"Tè: {chiedi('tè')}\n".encode()]
    if environ["PATH_INFO"] == "/novita":
        return novita()
    return [b"Una domanda, una risposta.\n"]


def chiedi(prodotto: str) -> str:
    """Finché il magazzino non risponde, questo thread non fa altro."""
    indirizzo, porta = os.environ["SERVIZIO"].split(":")
    with socket.create_connection((indirizzo, int(porta))) as filo:
        filo.sendall(f"{prodotto}\n".encode())
        return filo.makefile(encoding="utf-8").readline().strip()


def novita() -> Iterator[bytes]:
    """La risposta è una sola, ma può essere lunga quanto serve."""
    for numero in (1, 2, 3):
        yield f"novità {numero}\n".encode()
        time.sleep(0.3)
