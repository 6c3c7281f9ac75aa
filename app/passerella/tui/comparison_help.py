"""«?» over a comparison: what the signs mean, which keys do what."""

from passerella.language import _
from passerella.tui.help_parts import said, table
from passerella.tui.row_list import Span
from passerella.views.comparison.words import caution


def help_text() -> list[Span]:
    """What is in front of you."""
    return [
        *said(
            _("Il confronto"),
            _(
                "Ogni colonna è un viaggio vero. In alto c'è ciò che è diverso, poi i passi allineati stazione per "
                "stazione; ciò che è uguale è chiuso in fondo. Sotto, la riga in cui sei per intero."
            ),
        ),
        *table(_("I segni"), _signs()),
        *table(_("I tasti"), _keys()),
        *said(_("I tempi"), caution()),
    ]


def _signs() -> list[tuple[str, str]]:
    return [
        ("!", _("tutti ce l'hanno, ma non uguale")),
        ("+", _("qualcuno non ce l'ha (—)")),
        ("~", _("la stessa cosa, scritta in un altro modo; un passo, in un altro ordine")),
        ("·", _("diverso, ma solo perché cambia a ogni viaggio: porte, ore, oggetti")),
        ("=", _("uguale")),
        ("→ ←", _("un passo dell'andata, un passo del ritorno")),
    ]


def _keys() -> list[tuple[str, str]]:
    return [
        ("↑ ↓", _("riga precedente, riga seguente")),
        ("← →", _("passo precedente, passo seguente")),
        (_("invio"), _("apri o chiudi un gruppo")),
        ("c", _("altre colonne, se non ci stanno tutte")),
        ("tab", _("vai ai dettagli, per scorrerli, e torna")),
        ("t", _("cambia tema, notte o giorno")),
        ("esc", _("indietro")),
        ("q", _("esci")),
    ]
