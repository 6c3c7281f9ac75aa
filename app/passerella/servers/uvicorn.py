"""Uvicorn, which chooses its event loop and its HTTP parser by itself unless it is told."""

from passerella.servers.model import APP, ASGI, OPTIONS, Choice, Option, Server

UVICORN = Server(
    name="uvicorn",
    title="Uvicorn",
    distribution="uvicorn",
    module="uvicorn",
    interfaces=frozenset({ASGI}),
    arguments=("-m", "uvicorn", APP, OPTIONS),
    options=(
        Option(("--host", "127.0.0.1"), "Ascolta solo su questo computer."),
        Option(("--port", "{port}"), "Con la porta 0 è il sistema a sceglierne una libera."),
    ),
    unix=("--uds", "{value}"),
    making=("--factory", "{app}"),
    choices={
        "loop": Choice(
            ("--loop", "{value}"),
            "Il loop degli eventi che hai scelto. Di suo Uvicorn usa uvloop, se c'è.",
            values=("asyncio", "uvloop"),
        ),
        "http": Choice(
            ("--http", "{value}"),
            "Il parser di HTTP che hai scelto. Di suo Uvicorn usa httptools, se c'è.",
            values=("h11", "httptools"),
        ),
        "ws": Choice(
            ("--ws", "{value}"),
            "La libreria per i WebSocket che hai scelto. Di suo Uvicorn usa websockets, se c'è.",
            values=("websockets-sansio", "wsproto"),
        ),
    },
)
