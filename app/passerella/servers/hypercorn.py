"""Hypercorn: asyncio, h11, and a WSGI app too if it is given one."""

from passerella.servers.model import APP, ASGI, OPTIONS, Choice, Option, Server

HYPERCORN = Server(
    name="hypercorn",
    title="Hypercorn",
    distribution="hypercorn",
    module="hypercorn",
    interfaces=frozenset({ASGI}),
    arguments=("-m", "hypercorn", OPTIONS, APP),
    making=("{app}()",),
    options=(
        Option(
            ("-b", "127.0.0.1:{port}"),
            "Ascolta solo su questo computer. Con la porta 0 è il sistema a sceglierne una libera.",
        ),
        Option(
            ("-w", "0"),
            "Tutto in un processo. Di suo Hypercorn ne avvia un altro, che serve le richieste, e lo sorveglia.",
        ),
        Option(
            ("--keep-alive", "3600"),
            "Una connessione senza richieste resta aperta per un'ora: puoi fermare un viaggio prima che la sua "
            "richiesta sia letta. Di suo Hypercorn la chiude dopo 5 secondi.",
        ),
        Option(
            ("--graceful-timeout", "1"),
            "Quando si ferma, aspetta le richieste in corso per 1 secondo. Di suo ne aspetta 3.",
        ),
    ),
    choices={
        "loop": Choice(
            ("-k", "{value}"),
            "Il loop degli eventi che hai scelto. Di suo Hypercorn usa quello di asyncio.",
            values=("asyncio", "uvloop"),
        ),
    },
)
