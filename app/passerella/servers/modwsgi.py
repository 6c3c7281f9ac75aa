"""mod_wsgi: no program of its own, a module that Apache loads and that calls the app."""

from passerella.servers.model import WSGI, Server

MOD_WSGI = Server(
    name="mod_wsgi",
    title="mod_wsgi",
    distribution="",
    module="",
    interfaces=frozenset({WSGI}),
    arguments=(),
    options=(),
    posix_only=True,
    inside="modwsgi",
)
