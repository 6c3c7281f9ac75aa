"""«F1» while a request is being written."""

from passerella.language import _
from passerella.tui.help_parts import said, table
from passerella.tui.row_list import Span


def compose_help() -> list[Span]:
    return [
        *said(
            _("La richiesta"),
            _(
                "Parte davvero, byte per byte come la vedi con F3. Il modulo scrive Host, User-Agent e Accept se non li "
                "scrivi tu; con un corpo, anche Content-Length."
            ),
        ),
        *table(
            _("Come parte"),
            [
                (_("Volte"), _("quante volte parte: una dopo l'altra, in fila o tutte insieme")),
                ("keep-alive", _("la connessione resta aperta; «chiudi» chiede al server di chiuderla")),
                (_("Pezzi"), _("quanti byte alla volta, con una pausa tra un pezzo e l'altro")),
                (_("risposta"), _("il client la legge, o se ne va prima in uno dei modi che ci sono")),
            ],
        ),
        *table(
            _("I tasti"),
            [
                (_("invio"), _("spedisce; dove invio va a capo, F2")),
                ("tab", _("al campo seguente")),
                ("↑ ↓", _("nel percorso: le richieste già mandate, e quelle pronte")),
                ("← →", _("cambia ciò che sta tra ‹ e ›")),
                ("F3", _("dal modulo ai byte, e ritorno")),
                ("F4", _("i guasti famosi: una richiesta rotta apposta")),
                ("F5", _("l'elenco di quelle già mandate")),
                ("esc", _("indietro")),
            ],
        ),
    ]
