"""Un'app Flask che produce il corpo piano, e due strati di middleware intorno."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response

app = Flask(__name__)


@app.get("/")
def racconto() -> Response:
    return Response(pezzi(), mimetype="text/plain")


@app.get("/subito")
def subito() -> str:
    return "Eccomi.\n"


def pezzi() -> Iterator[str]:
    for numero in (1, 2, 3):
        time.sleep(0.2)
        yield f"pezzo {numero}\n"


class Cronometro:
    """Misura quanto lavora l'app. Almeno, così crede."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        partenza = time.perf_counter()
        iterabile = self.app(environ, start_response)
        print(f"cronometro: {time.perf_counter() - partenza:.1f} s", flush=True)
        return iterabile


class Firma:
    """Aggiunge intestazioni alla risposta: per farlo passa all'app una start_response sua."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app
        self.intestazioni = [("Server", "Bottega"), ("X-Firma", "fatto a mano")]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def con_firma(stato: str, intestazioni: list[tuple[str, str]], *errore: Any) -> Callable[[bytes], object]:
            return start_response(stato, [*intestazioni, *self.intestazioni], *errore)

        return self.app(environ, con_firma)


app.wsgi_app = Cronometro(app.wsgi_app)  # type: ignore[method-assign]
app.wsgi_app = Firma(app.wsgi_app)  # type: ignore[method-assign]
