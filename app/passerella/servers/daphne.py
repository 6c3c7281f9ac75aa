"""Daphne, the server of Django Channels: Twisted reads and writes, asyncio runs the app."""

from passerella.servers.model import APP, ASGI, OPTIONS, Option, Server

DAPHNE = Server(
    name="daphne",
    title="Daphne",
    distribution="daphne",
    module="daphne",
    interfaces=frozenset({ASGI}),
    arguments=("-m", "daphne", OPTIONS, APP),
    options=(
        Option(("-b", "127.0.0.1"), "Ascolta solo su questo computer."),
        Option(("-p", "{port}"), "Con la porta 0 è il sistema a sceglierne una libera."),
        Option(
            ("--websocket_connect_timeout", "3600"),
            "Puoi fermare un WebSocket prima che l'app lo accetti. Di suo Daphne lo chiude dopo 5 secondi.",
        ),
    ),
)
