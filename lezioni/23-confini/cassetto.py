"""Il cassetto: mostra che cosa c'è in environ sotto alcune chiavi."""

from collections.abc import Callable, Iterable
from typing import Any

CHIAVI = ("HTTP_PROXY", "HTTP_X_RUOLO", "HTTP_COLORE", "wsgi.url_scheme")


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    righe = [f"{chiave}: {environ.get(chiave, 'non c’è')}\n" for chiave in CHIAVI]
    corpo = "".join(righe).encode()
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(corpo)))])
    return [corpo]
