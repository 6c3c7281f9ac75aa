"""Which keys the foot of a lesson shows: those that do something now."""

from passerella.language import _
from passerella.lessons.verdict import texts
from passerella.tui.keys_bar import Key
from passerella.tui.lesson.in_sight import InSight


def keys(sight: InSight, journeys: int) -> list[Key]:
    """While a question waits, only its keys and the way out; ``journeys``: how many the trace has."""
    last = [Key("?", _("aiuto"), "help", 2), Key("esc", _("indice"), "back", 1), Key("q", _("esci"), "app.quit", 0)]
    if sight.busy:
        return last
    question = sight.taking.question
    if question is not None and sight.open_question:
        letters = " ".join("abcdef"[: len(texts(question))])
        return [
            Key(letters, _("scegli"), "none", 0),
            Key(_("invio"), _("conferma"), "onward", 0),
            Key("s", _("salta"), "skip", 1),
            *last,
        ]
    if sight.taking.stop.page.comparison is not None:
        return [Key(_("invio"), _("avanti"), "onward", 0), Key("p", _("confronto"), "lab", 0), *last]
    if sight.taking.trace is not None and sight.staged is None:
        return [Key(_("invio"), _("fai partire la traccia"), "onward", 0), *last]
    return [Key(_("invio"), _("avanti"), "onward", 0), *_trace_keys(sight, several=journeys > 1), *last]


def _trace_keys(sight: InSight, *, several: bool) -> list[Key]:
    if sight.taking.trace is None or sight.staged is None:
        return []
    return [
        Key("← →", _("passo"), "step(1)", 1),
        Key("+ -", _("dettaglio"), "level(1)", 3),
        *([Key("v", _("viaggio"), "journey", 2)] if several else []),
        *([Key("o", _("altro server"), "other", 2)] if sight.next_place() else []),
        Key("r", _("ripeti"), "again", 4),
        *([Key("l", _("corsie"), "lanes", 3)] if several else []),
        Key("p", _("prova nel laboratorio"), "lab", 4),
        Key("g", _("glossario"), "glossary", 5),
    ]
