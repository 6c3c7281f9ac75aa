"""Waitress: one thread reads and writes, four run the app."""

from passerella.servers.model import APP, OPTIONS, WSGI, Choice, Option, Server

WAITRESS = Server(
    name="waitress",
    title="Waitress",
    distribution="waitress",
    module="waitress",
    interfaces=frozenset({WSGI}),
    arguments=("-m", "waitress", OPTIONS, APP),
    making=("--call", "{app}"),
    options=(
        Option(
            ("--host=127.0.0.1",),
            "Ascolta solo su questo computer. Di suo Waitress ascolta su tutte le reti.",
        ),
        Option(("--port={port}",), "Con la porta 0 è il sistema a sceglierne una libera."),
    ),
    choices={
        "thread": Choice(
            ("--threads={value}",),
            "Quanti thread eseguono l'app: li hai scelti tu. Di suo Waitress ne usa 4.",
            values=("1", "2", "4", "8"),
        ),
    },
)
