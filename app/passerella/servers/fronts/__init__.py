"""The web servers that can stand in front of a traced server, one small description each."""

from passerella.servers.fronts.apache import APACHE
from passerella.servers.fronts.model import DEFAULT, RECOMMENDED, Front, Place
from passerella.servers.fronts.modwsgi import MOD_WSGI
from passerella.servers.fronts.nginx import NGINX

__all__ = ["DEFAULT", "FRONTS", "RECOMMENDED", "Front", "Place"]

FRONTS: dict[str, Front] = {front.name: front for front in (NGINX, APACHE, MOD_WSGI)}
"""The web servers in front, by name."""
