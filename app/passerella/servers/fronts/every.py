"""Every web server that can stand in front, for who looks one up by its name: each knows how its own log is read."""

from passerella.servers.fronts.apache import APACHE
from passerella.servers.fronts.model import Front
from passerella.servers.fronts.modwsgi import MOD_WSGI
from passerella.servers.fronts.nginx import NGINX

FRONTS: dict[str, Front] = {front.name: front for front in (NGINX, APACHE, MOD_WSGI)}
"""The web servers in front, by name."""
