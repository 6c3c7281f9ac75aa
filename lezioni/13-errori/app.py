"""Quattro modi di rompersi, e uno di rimediare."""

import sys
from collections.abc import Callable, Iterable, Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

TESTO = ("Content-Type", "text/plain; charset=utf-8")
LISTINO = {"tè": "1,50 €"}


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    return VISTE[environ["PATH_INFO"]](start_response)


def subito(start_response: StartResponse) -> Iterable[bytes]:
    prezzo = LISTINO["caffè"]  # non c'è: KeyError
    start_response("200 OK", [TESTO])
    return [prezzo.encode()]


def tardi(start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [TESTO])
    prezzo = LISTINO["caffè"]
    return [prezzo.encode()]


def a_meta(start_response: StartResponse) -> Iterator[bytes]:
    start_response("200 OK", [TESTO])
    yield b"Un caffe costa "
    yield LISTINO["caffè"].encode()


def riparata(start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [TESTO])
    try:
        return [LISTINO["caffè"].encode()]
    except KeyError:
        start_response("500 Internal Server Error", [TESTO], sys.exc_info())
        return [b"Listino da rivedere.\n"]


def misurata_male(start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [TESTO, ("Content-Length", "5")])
    return [b"ciao mondo!"]  # undici byte


Vista = Callable[[StartResponse], Iterable[bytes]]
VISTE: dict[str, Vista] = {
    "/subito": subito,
    "/tardi": tardi,
    "/a-meta": a_meta,
    "/riparata": riparata,
    "/misurata-male": misurata_male,
}
