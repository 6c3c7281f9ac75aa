"""The servers that Passerella can start by itself, one small description each."""

from passerella.servers.cheroot import CHEROOT
from passerella.servers.daphne import DAPHNE
from passerella.servers.granian import GRANIAN, GRANIAN_WSGI
from passerella.servers.gunicorn import GTHREAD, GUNICORN, OWN_ASGI, UVICORN_WORKER
from passerella.servers.hypercorn import HYPERCORN
from passerella.servers.model import ASGI, WSGI, Server
from passerella.servers.modwsgi import MOD_WSGI
from passerella.servers.uvicorn import UVICORN
from passerella.servers.waitress import WAITRESS
from passerella.servers.werkzeug import WERKZEUG
from passerella.servers.wsgiref import WSGIREF

__all__ = ["ASGI", "SERVERS", "WSGI", "Server"]

_ALL = (
    WSGIREF,
    GUNICORN,
    UVICORN,
    WAITRESS,
    WERKZEUG,
    GTHREAD,
    OWN_ASGI,
    UVICORN_WORKER,
    HYPERCORN,
    CHEROOT,
    DAPHNE,
    GRANIAN,
    GRANIAN_WSGI,
    MOD_WSGI,
)
SERVERS: dict[str, Server] = {server.name: server for server in _ALL}
