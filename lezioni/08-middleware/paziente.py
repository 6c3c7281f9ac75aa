"""La stessa app con un terzo strato: un cronometro che aspetta la fine."""

import time
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from cipolla import app
from werkzeug.wsgi import ClosingIterator


class Paziente:
    """Si ferma quando il server chiude l'iterabile: solo allora il corpo è stato prodotto."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        partenza = time.perf_counter()

        def ferma() -> None:
            print(f"paziente: {time.perf_counter() - partenza:.1f} s", flush=True)

        return ClosingIterator(self.app(environ, start_response), ferma)


app.wsgi_app = Paziente(app.wsgi_app)  # type: ignore[method-assign]
