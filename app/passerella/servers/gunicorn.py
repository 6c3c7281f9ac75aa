"""Gunicorn with its sync worker."""

from passerella.servers.model import APP, OPTIONS, WSGI, Option, Server

GUNICORN = Server(
    name="gunicorn",
    title="Gunicorn",
    distribution="gunicorn",
    module="gunicorn",
    interfaces=frozenset({WSGI}),
    arguments=("-m", "gunicorn", OPTIONS, APP),
    options=(
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
    ),
)
