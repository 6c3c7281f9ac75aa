"""Un'app WSGI che risponde con ciò che trova sotto alcune chiavi di environ."""

from collections.abc import Callable, Iterable
from typing import Any

CHIAVI = ("HTTP_PROXY", "HTTP_X_RUOLO", "HTTP_COLORE", "REMOTE_ADDR")


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    righe = [f"{chiave} = {environ.get(chiave)}\n" for chiave in CHIAVI]
    corpo = "".join(righe).encode()
    start_response("200 OK", [("Content-Length", str(len(corpo)))])
    return [corpo]
