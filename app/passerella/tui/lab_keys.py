"""Which keys the foot of the lab shows: those that do something now."""

from typing import TYPE_CHECKING

from passerella.language import _
from passerella.tui.bytes_panel import BytesPanel
from passerella.tui.files import on_disk
from passerella.tui.filter_bar import FilterInput
from passerella.tui.keys_bar import Key
from passerella.tui.mapping_panel import MappingPanel
from passerella.tui.source import GONE, Phase
from passerella.tui.source_panel import SourcePanel
from passerella.tui.talk_bar import TalkBar, TalkInput

if TYPE_CHECKING:
    from passerella.tui.lab_view import LabView


def keys(lab: "LabView") -> list[Key]:
    """While a field has the focus, only its keys."""
    if isinstance(lab.focused, FilterInput):
        return [
            Key(_("invio"), _("tieni il filtro"), "keep_filter"),
            Key("tab", _("completa"), "complete_filter", 2),
            Key("↑ ↓", _("suggerimento"), "none", 3),
            Key("F1", _("aiuto"), "help", 2),
            Key("esc", _("togli il filtro"), "back"),
        ]
    if isinstance(lab.focused, TalkInput):
        return lab.query_one(TalkBar).keys()
    last = _last(lab)
    tour = lab.tour
    if tour is not None and tour.has_focus:
        step = [Key("← →", _("passo"), "step(1)", 3)] if lab.browsing.total else []
        return [Key(_("invio"), tour.next_word, "tour", 0), *_held_keys(lab), *step, *last]
    gone = lab.status.phase in GONE
    send = [Key("r", _("riavvia"), "compose", 0)] if gone else []
    if lab.status.phase is Phase.READY:
        send = [Key("r", _("richiesta"), "compose", 1)]
    if not lab.browsing.total:
        hold = [] if gone or lab.status.phase is Phase.RECORDED else [Key(_("spazio"), _("ferma"), "hold", 2)]
        return [*send, *hold, *last]
    if lab.has_class("-list"):
        return [
            Key("↑ ↓", _("viaggio"), "none"),
            Key(_("invio"), _("apri"), "open"),
            Key("/", _("filtra"), "filter"),
            *last,
        ]
    inside = _of_panel(lab)
    if inside:
        zoom = Key("z", _("riduci"), "zoom", 0) if lab.has_class("-full") else Key("z", _("tutto schermo"), "zoom", 2)
        return [*inside, Key("1 2 3 4", _("vista"), "none", 3), zoom, *_hold_keys(lab), *last]
    return [
        Key("← →", _("passo"), "step(1)", 0),
        Key("+ -", _("dettaglio"), "level(1)", 1),
        *_hold_keys(lab),
        Key(_("invio"), _("apri"), "open", 5),
        *send,
        Key("v", _("viaggi"), "journeys", 2 if lab.has_class("-narrow") else 4),
        Key("/", _("filtra"), "filter", 3),
        Key("c", _("confronta"), "compare", 6),
        Key("m", _("togli il segno") if lab.browsing.marked else _("segna il passo"), "mark", 7),
        *last,
    ]


def _last(lab: "LabView") -> list[Key]:
    found = [
        Key(":", _("comandi"), "commands", 1),
        Key("?", _("aiuto"), "help", 1),
        Key("q", _("esci"), "app.quit", 1),
    ]
    if lab.can_go_back():
        found.insert(-1, Key("esc", _("indietro"), "back", 0))
    elif lab.tour is not None:
        found.insert(-1, Key("esc", _("lascia il giro"), "back", 0))
    elif lab.home is not None:
        found.insert(-1, Key("esc", _("inizio"), "back", 0))
    return found


def _of_panel(lab: "LabView") -> list[Key]:
    """What the keys do inside the inspector."""
    panel = lab.focused
    if isinstance(panel, BytesPanel):
        return [Key("← → ↑ ↓", _("byte"), "none", 0)]
    if isinstance(panel, MappingPanel):
        return [Key("↑ ↓", _("chiave"), "none", 0), Key(_("invio"), _("apri il valore"), "focused.choose", 1)]
    if isinstance(panel, SourcePanel):
        opened = [Key(_("invio"), _("apri nell'editor"), "focused.choose", 1)] if on_disk() else []
        return [Key("↑ ↓", _("riga"), "none", 0), *opened]
    return []


def _hold_keys(lab: "LabView") -> list[Key]:
    if lab.status.phase is Phase.RECORDED or lab.status.phase in GONE:
        return []
    if not lab.holds.count:
        row = lab.browsing.row
        armed = row is not None and lab.holds.at(row.step.station, row.step.direction)
        return [Key(_("spazio"), _("non fermare") if armed else _("ferma"), "hold", 0 if armed else 1)]
    return _held_keys(lab)


def _held_keys(lab: "LabView") -> list[Key]:
    """What can be done with what is held."""
    if not lab.holds.count:
        return []
    resume = Key(_("spazio"), _("riprendi"), "hold", 0)
    mine = lab.browsing.journey is not None and lab.holds.sentence(lab.browsing.journey)
    return [resume, Key("n", _("prossima stazione"), "onward", 0)] if mine else [resume]
