"""The servers that Passerella can start by itself, one small description each."""

from passerella.servers.gunicorn import GUNICORN
from passerella.servers.model import ASGI, WSGI, Server
from passerella.servers.uvicorn import UVICORN
from passerella.servers.waitress import WAITRESS
from passerella.servers.werkzeug import WERKZEUG
from passerella.servers.wsgiref import WSGIREF

__all__ = ["ASGI", "SERVERS", "WSGI", "Server"]

SERVERS: dict[str, Server] = {server.name: server for server in (WSGIREF, GUNICORN, UVICORN, WAITRESS, WERKZEUG)}
