"""What the captures of the landmarks are called on the screen."""

from passerella.language import _
from passerella.views.visible import visible


def capture_label(name: str) -> str:
    """«riga» for ``line``; a name that nobody knows is said as it is."""
    return _labels().get(name) or visible(name, 40)


def _labels() -> dict[str, str]:
    return {
        "address": _("indirizzo"),
        "already_sent": _("già spedita"),
        "app": _("app"),
        "arguments": _("argomenti"),
        "blocks": _("byte dei pezzi"),
        "class": _("classe"),
        "closes": _("ha close()"),
        "completed": _("finita"),
        "connect_time": _("secondi per collegarsi all'app"),
        "end": _("è la fine"),
        "endpoint": _("endpoint"),
        "error": _("errore"),
        "errors": _("errori"),
        "event": _("evento"),
        "exc_info": _("exc_info"),
        "file": _("file"),
        "header_time": _("secondi fino alla testa dell'app"),
        "headers": _("intestazioni"),
        "iterable": _("iterabile"),
        "length": _("byte"),
        "line": _("riga"),
        "location": _("regola"),
        "match": _("esito"),
        "message": _("messaggio"),
        "method": _("metodo"),
        "more_body": _("altro corpo in arrivo"),
        "name": _("nome"),
        "port": _("porta verso l'app"),
        "raised_at": _("sollevata in"),
        "reader": _("lettore"),
        "request_bytes": _("byte della richiesta"),
        "response_time": _("secondi fino alla fine dell'app"),
        "result": _("risultato"),
        "route": _("rotta"),
        "rule": _("regola"),
        "sent": _("byte spediti"),
        "size": _("quanti"),
        "spooled": _("corpo messo nel file"),
        "status": _("stato"),
        "target": _("target"),
        "time": _("secondi in tutto"),
        "type": _("tipo"),
        "upstream": _("server dell'app"),
        "upstream_bytes": _("byte dall'app"),
        "upstream_status": _("stato dell'app"),
        "value": _("valore"),
        "values": _("valori"),
        "version": _("versione"),
        "view": _("vista"),
    }
