"""«?» over the lanes and over the microscope."""

from passerella.language import _
from passerella.tui.help_parts import said, table
from passerella.tui.row_list import Span


def lanes_help() -> list[Span]:
    return [
        *said(
            _("Le corsie"),
            _(
                "Il tempo va da sinistra a destra. Ogni corsia è un thread o un loop, ogni blocco è un viaggio: il numero "
                "dice quale. Sotto la corsia c'è una riga per viaggio: chi era in esecuzione, chi aspettava e chi stava "
                "in coda mentre un altro correva."
            ),
        ),
        *said(_("I segni"), _("Sono spiegati sotto il disegno: solo quelli che in questo momento si vedono.")),
        *table(
            _("I tasti"),
            [
                ("↑ ↓", _("corsia precedente, corsia seguente")),
                ("+ -", _("più vicino, più lontano")),
                ("← →", _("prima, dopo: quando sei più vicino")),
                (_("invio"), _("apri il primo viaggio di questa corsia")),
                ("i", _("la stessa richiesta tante volte insieme: dieci, o quante ne hai mandate con r")),
                ("t", _("cambia tema, notte o giorno")),
                ("esc", _("indietro")),
                ("q", _("esci")),
            ],
        ),
    ]


def microscope_help() -> list[Span]:
    return [
        *said(
            _("Il microscopio"),
            _(
                "Ogni riga è una chiamata successa davvero durante questa richiesta; sta più a destra ciò che è stato "
                "chiamato da quella sopra. Le tue funzioni si aprono riga per riga, con i valori delle variabili. "
                "Guardare così da vicino rallenta la richiesta: le durate qui sono più lunghe del solito."
            ),
        ),
        *table(
            _("I segni"),
            [
                ("▸ ▾", _("chiusa, aperta: dentro c'è altro")),
                ("→", _("il valore restituito")),
                ("✖", _("un'eccezione")),
            ],
        ),
        *table(
            _("I tasti"),
            [
                ("↑ ↓", _("chiamata precedente, chiamata seguente")),
                (_("invio"), _("apri o chiudi una chiamata")),
                ("t", _("cambia tema, notte o giorno")),
                ("esc", _("indietro")),
                ("q", _("esci")),
            ],
        ),
    ]
