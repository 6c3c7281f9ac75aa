"""Gunicorn with each of its workers: sync, with threads, its own ASGI worker, and Uvicorn as a worker."""

from passerella.language import _
from passerella.servers.model import APP, ASGI, OPTIONS, WSGI, Choice, Option, Server

_COMMON = (
    Option(
        ("-b", "127.0.0.1:{port}"),
        "Ascolta solo su questo computer. Con la porta 0 è il sistema a sceglierne una libera.",
    ),
    Option(
        ("-w", "1"),
        "Un solo worker: i passi di tutti i viaggi stanno nello stesso processo.",
    ),
    Option(
        ("--timeout", "0"),
        "Nessuna scadenza: puoi tenere ferma una richiesta quanto vuoi. "
        "Di suo Gunicorn chiude il worker che tace per 30 secondi.",
    ),
    Option(
        ("--graceful-timeout", "1"),
        "Quando si ferma, aspetta le richieste in corso per 1 secondo. Di suo ne aspetta 30.",
    ),
    Option(
        ("--no-control-socket",),
        "Niente socket di controllo: Gunicorn lo aprirebbe nella tua cartella personale.",
        since=(25, 1),
    ),
)


def _gunicorn(
    name: str, title: str, interface: str, *options: Option, companions: tuple[str, ...] = (), **choices: Choice
) -> Server:
    return Server(
        name=name,
        title=title,
        distribution="gunicorn",
        module="gunicorn",
        interfaces=frozenset({interface}),
        arguments=("-m", "gunicorn", OPTIONS, APP),
        options=(*_COMMON, *options),
        choices=choices,
        companions=companions,
        posix_only=True,
        unix=("-b", "unix:{value}"),
        making=("{app}()",),
    )


GUNICORN = _gunicorn(
    "gunicorn",
    "Gunicorn",
    WSGI,
    worker=Choice(
        ("-w", "{value}"),
        "Quanti worker hai scelto: ognuno è un processo, e sync serve una richiesta alla volta.",
        values=("1", "2", "4"),
    ),
    thread=Choice(
        ("--threads", "{value}"),
        "Quanti thread per worker hai scelto: con più di uno il worker diventa gthread.",
        values=("1", "2", "4"),
    ),
)
GTHREAD = _gunicorn(
    "gunicorn-gthread",
    _("Gunicorn con i thread"),
    WSGI,
    Option(
        ("-k", "gthread", "--threads", "4"),
        "Il worker gthread: il thread principale accetta le connessioni, quattro altri eseguono l'app.",
    ),
)
OWN_ASGI = _gunicorn(
    "gunicorn-asgi",
    _("Gunicorn con il suo worker ASGI"),
    ASGI,
    Option(("-k", "asgi"), "Il worker ASGI di Gunicorn, che è fra i suoi da poco: il solito è WSGI."),
    loop=Choice(
        ("--asgi-loop", "{value}"),
        "Il loop degli eventi che hai scelto. Di suo Gunicorn usa uvloop, se c'è.",
        values=("asyncio", "uvloop"),
    ),
)
UVICORN_WORKER = _gunicorn(
    "gunicorn-uvicorn",
    _("Gunicorn con Uvicorn come worker"),
    ASGI,
    Option(
        ("-k", "uvicorn_worker.UvicornWorker"),
        "Gunicorn avvia e sorveglia i worker; in ognuno le richieste le serve Uvicorn.",
    ),
    companions=("uvicorn-worker",),
)
