"""wsgiref, from the standard library: it has no command line, so a small launcher of ours stands in for it."""

from pathlib import Path

from passerella.servers.model import APP, OPTIONS, PORT, WSGI, Option, Server

LAUNCHER = Path(__file__).parent / "launchers" / "wsgiref_server.py"

WSGIREF = Server(
    name="wsgiref",
    title="wsgiref",
    distribution="",
    module="wsgiref",
    interfaces=frozenset({WSGI}),
    arguments=(OPTIONS, APP, PORT),
    making=("{app}()",),
    options=(
        Option(
            (str(LAUNCHER),),
            "wsgiref non ha un comando suo: questo piccolo programma importa la tua app e la serve, "
            "solo su questo computer. Con la porta 0 è il sistema a sceglierne una libera.",
        ),
    ),
)
