"""Werkzeug's development server, the one that ``flask run`` starts: a thread for each connection."""

from passerella.servers.model import APP, OPTIONS, WSGI, Option, Server

WERKZEUG = Server(
    name="werkzeug",
    title="Werkzeug",
    distribution="werkzeug",
    module="flask",
    interfaces=frozenset({WSGI}),
    arguments=("-m", "flask", "--app", APP, "run", OPTIONS),
    making=("{app}",),
    options=(
        Option(("--host=127.0.0.1",), "Ascolta solo su questo computer."),
        Option(("--port={port}",), "Con la porta 0 è il sistema a sceglierne una libera."),
    ),
)
