"""«?»: what is in front of you, what its signs mean, which keys do what."""

from passerella.language import _
from passerella.tui.browsing import Browsing
from passerella.tui.help_parts import said, table
from passerella.tui.inspector import BYTES, MAPPING, SOURCE, WORDS
from passerella.tui.row_list import Span
from passerella.tui.source import Phase, Status
from passerella.views.filter_help import grammar
from passerella.views.inspector import Explanation, explanation
from passerella.views.rows import EVERYTHING, PASSAGES, STATIONS


def help_text(
    browsing: Browsing, status: Status, front: Explanation | None = None, *, filtering: bool = False
) -> list[Span]:
    """About the journey, the row and the tab in sight; first of all about what has the focus: the filter, or the key or
    byte that ``front`` tells of."""
    parts: list[Span] = []
    if filtering:
        parts += table(_("Il filtro"), grammar())
    elif front is not None:
        parts += said(front.title, front.text)
    journey, row = browsing.journey, browsing.row
    if journey is None or row is None:
        parts += said(_("Qui"), _nothing_yet(status))
    else:
        about = explanation(journey, row)
        parts += said(f"{row.label} · {about.title}", about.text)
        parts += said(_("I passi"), _levels()[browsing.level])
        parts += said(_("A destra"), _tabs()[browsing.tab])
        parts += table(_("I segni"), _signs())
    parts += table(_("I tasti"), _keys())
    if row is not None and not filtering:
        parts += table(_("Il filtro"), grammar())
    return parts


def _nothing_yet(status: Status) -> str:
    if status.phase is Phase.READY:
        return _("Il server è acceso e aspetta. Ogni richiesta che riceve diventa un viaggio, e lo vedrai qui.")
    if status.phase is Phase.STARTING:
        return _("Il server sta partendo. Appena è pronto puoi mandargli una richiesta.")
    return _("Il server non è acceso. Con r lo riavvii, con : puoi scegliere un altro scenario.")


def _levels() -> dict[int, str]:
    return {
        STATIONS: _("Una riga per ogni stazione e verso. Con + vedi i passi, con invio apri una riga sola."),
        PASSAGES: _(
            "La passeggiata: i passi che contano. Con + li vedi tutti, con - solo le stazioni, con invio apri una riga sola."
        ),
        EVERYTHING: _(
            "Tutti i passi: una chiamata è una riga con la sua durata, e ciò che chiama sta più a destra. Con + vedi il "
            "codice, con - meno passi."
        ),
    }


def _tabs() -> dict[int, str]:
    return {
        MAPPING: _(
            "Il dizionario che il server passa all'app, com'è a questo passo. Dopo ◂ c'è da dove viene ogni chiave: "
            "i byte della richiesta, contati da zero, oppure socket, server, processo, o «oltre il Ponte»: un middleware o il framework."
        ),
        BYTES: _(
            "I byte, come numeri e come testo. Quelli di questo passo sono in evidenza. Con tab entri: ← → ↑ ↓ scelgono "
            "un byte, e sotto leggi quale chiave ha dato o, nella risposta, chi l'ha scritto."
        ),
        SOURCE: _(
            "Il codice vero che sta facendo questo passo, letto dal pacchetto installato. Con tab entri, e invio apre il "
            "file nel tuo editor ($EDITOR)."
        ),
        WORDS: _("Tutto ciò che si sa di questo passo."),
    }


def _signs() -> list[tuple[str, str]]:
    return [
        ("+ ~ −", _("chiavi aggiunte, cambiate, tolte a questo passo")),
        ("◆", _("il passo con cui confronti gli altri")),
        ("✖", _("un'eccezione")),
        ("⇄", _("da qui prosegue un altro thread")),
        ("‖", _("è fermo, o lo è stato")),
        ("◎", _("stazione che guardi, mentre il viaggio è fermo a un'altra (◉)")),
        ("● ◉ ○", _("stazione raggiunta, stazione in cui sei, stazione non ancora raggiunta")),
    ]


def _keys() -> list[tuple[str, str]]:
    return [
        ("← →", _("passo precedente, passo seguente")),
        ("+ -", _("più dettaglio, meno dettaglio")),
        (_("invio"), _("apri o chiudi una riga")),
        (_("spazio"), _("ferma qui i viaggi, di nuovo per smettere; se uno è fermo, riprendi")),
        ("n", _("mentre un viaggio è fermo: vai alla sua prossima stazione")),
        ("1 2 3 4", _("environ o scope, byte, codice, spiegazione")),
        ("z", _("il riquadro di destra a tutto schermo, di nuovo per tornare")),
        ("m", _("confronta gli altri passi con questo, di nuovo per smettere")),
        ("c", _("confronta questo viaggio con un altro, o con un altro scenario")),
        ("r", _("manda una richiesta")),
        ("v", _("vai ai viaggi")),
        ("l", _("le corsie: tutti i viaggi nel tempo")),
        ("i", _("la stessa richiesta tante volte insieme, e le corsie")),
        ("/", _("filtra i viaggi")),
        ("tab", _("passa da un riquadro all'altro")),
        (":", _("tutti i comandi")),
        ("t", _("cambia tema, notte o giorno")),
        ("esc", _("indietro")),
        ("q", _("esci")),
    ]
