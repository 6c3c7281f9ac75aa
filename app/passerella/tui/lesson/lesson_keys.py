"""Which keys the foot of a lesson shows: those that do something now."""

from typing import TYPE_CHECKING

from passerella.language import _
from passerella.lessons.verdict import texts
from passerella.tui.keys_bar import Key
from passerella.tui.lesson.trace_pane import TracePane

if TYPE_CHECKING:
    from passerella.tui.lesson.screen import LessonScreen


def keys(screen: "LessonScreen") -> list[Key]:
    """While a question waits, only its keys and the way out."""
    last = [Key("?", _("aiuto"), "help", 2), Key("esc", _("indice"), "back", 1), Key("q", _("esci"), "app.quit", 0)]
    if screen.busy:
        return last
    question = screen.taking.question
    if question is not None and screen.open_question:
        letters = " ".join("abcdef"[: len(texts(question))])
        return [
            Key(letters, _("scegli"), "none", 0),
            Key(_("invio"), _("conferma"), "onward", 0),
            Key("s", _("salta"), "skip", 1),
            *last,
        ]
    if screen.taking.stop.page.comparison is not None:
        return [Key(_("invio"), _("avanti"), "onward", 0), Key("p", _("confronto"), "lab", 0), *last]
    if screen.taking.trace is not None and screen.staged is None:
        return [Key(_("invio"), _("fai partire la traccia"), "onward", 0), *last]
    return [Key(_("invio"), _("avanti"), "onward", 0), *_trace_keys(screen), *last]


def _trace_keys(screen: "LessonScreen") -> list[Key]:
    found = screen.taking.trace
    if found is None or screen.staged is None:
        return []
    several = len(screen.query_one(TracePane).browsing.journeys) > 1
    return [
        Key("← →", _("passo"), "step(1)", 1),
        Key("+ -", _("dettaglio"), "level(1)", 3),
        *([Key("v", _("viaggio"), "journey", 2)] if several else []),
        *([Key("o", _("altro server"), "other", 2)] if len(found[1].places) > 1 else []),
        Key("r", _("ripeti"), "again", 4),
        *([Key("l", _("corsie"), "lanes", 3)] if several else []),
        Key("p", _("prova nel laboratorio"), "lab", 4),
        Key("g", _("glossario"), "glossary", 5),
    ]
