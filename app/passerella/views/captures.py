"""What the captures of the landmarks are called on the screen."""

from passerella.language import _
from passerella.views.visible import visible


def capture_label(name: str) -> str:
    """«riga» for ``line``; a name that nobody knows is said as it is."""
    return _labels().get(name) or visible(name, 40)


def _labels() -> dict[str, str]:
    return {
        "already_sent": _("già spedita"),
        "app": _("app"),
        "arguments": _("argomenti"),
        "blocks": _("byte dei pezzi"),
        "class": _("classe"),
        "closes": _("ha close()"),
        "end": _("è la fine"),
        "endpoint": _("endpoint"),
        "error": _("errore"),
        "errors": _("errori"),
        "event": _("evento"),
        "exc_info": _("exc_info"),
        "headers": _("intestazioni"),
        "iterable": _("iterabile"),
        "length": _("byte"),
        "line": _("riga"),
        "match": _("esito"),
        "message": _("messaggio"),
        "method": _("metodo"),
        "more_body": _("altro corpo in arrivo"),
        "name": _("nome"),
        "raised_at": _("sollevata in"),
        "reader": _("lettore"),
        "result": _("risultato"),
        "route": _("rotta"),
        "rule": _("regola"),
        "size": _("quanti"),
        "status": _("stato"),
        "target": _("target"),
        "type": _("tipo"),
        "value": _("valore"),
        "values": _("valori"),
        "version": _("versione"),
    }
