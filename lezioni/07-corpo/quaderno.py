"""Un quaderno da cui si legge e su cui si scrive: i due corpi, quello che arriva e quello che parte."""

import time
from collections.abc import Iterable, Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

RIGHE = 12


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    if environ["REQUEST_METHOD"] == "POST":
        return scrivi(environ)
    return Racconto()


def scrivi(environ: WSGIEnvironment) -> list[bytes]:
    """Legge il corpo della richiesta: tanti byte quanti ne dichiara, non uno di più."""
    lunghezza = int(environ.get("CONTENT_LENGTH") or 0)
    corpo = environ["wsgi.input"].read(lunghezza)
    return [f"Ho letto {len(corpo)} byte.\n".encode()]


class Racconto:
    """Una riga ogni decimo di secondo, finché qualcuno non chiude il quaderno."""

    def __iter__(self) -> Iterator[bytes]:
        for numero in range(1, RIGHE + 1):
            print(f"riga {numero}", flush=True)
            yield f"riga {numero}\n".encode()
            time.sleep(0.1)

    def close(self) -> None:
        print("quaderno chiuso", flush=True)
