"""Cheroot, the server of CherryPy: one thread accepts, ten run the app."""

from passerella.servers.model import APP, OPTIONS, WSGI, Option, Server

CHEROOT = Server(
    name="cheroot",
    title="Cheroot",
    distribution="cheroot",
    module="cheroot",
    interfaces=frozenset({WSGI}),
    arguments=("-m", "cheroot", OPTIONS, APP),
    options=(
        Option(
            ("--bind", "127.0.0.1:{port}"),
            "Ascolta solo su questo computer. Con la porta 0 è il sistema a sceglierne una libera.",
        ),
    ),
)
