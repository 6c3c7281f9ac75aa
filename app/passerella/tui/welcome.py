"""What stands in the middle of the lab while there is nothing to walk through."""

from textual.content import Content

from passerella.language import _
from passerella.tui.source import Phase, Status
from passerella.views.visible import visible

_LAST_LINES = 12


def welcome(status: Status, mine: bool) -> Content:
    """``mine``: a request of ours is under way."""
    parts: list[tuple[str, str]] = []
    for text, style in _SAY[status.phase](status, mine):
        parts += [(text, style), ("\n", "")]
    return Content.assemble(*parts)


def banner(status: Status) -> Content | None:
    """Over the journeys, when the server is no more."""
    if status.phase in (Phase.READY, Phase.STARTING, Phase.RECORDED):
        return None
    sentence = visible(status.message, 300) or _("Il server è terminato.")
    parts = [(" ✖ " + sentence, "bold $wrong"), ("  " + _("Premi r per riavviarlo."), "$quiet")]
    words = last_words(status)
    if words:
        parts.append((f"\n   {words[-1]}", "$quiet"))
    return Content.assemble(*parts)


def last_words(status: Status) -> list[str]:
    """What the program said last, line by line."""
    lines = [line for line in status.details.splitlines() if line.strip()]
    return [visible(line, 300) for line in lines[-_LAST_LINES:]]


_Said = list[tuple[str, str]]


def _starting(status: Status, mine: bool) -> _Said:
    name = visible(status.server, 60) or _("il server")
    return [(_("Avvio {server}…").format(server=name), "bold $here")]


def _ready(status: Status, mine: bool) -> _Said:
    url = visible(status.url, 80)
    first = (_("{server} è pronto.").format(server=visible(status.server, 60) or _("Il server")), "bold $here")
    if mine:
        return [first, ("", ""), (_("Arriva il primo viaggio…"), "$quiet")]
    return [
        first,
        ("", ""),
        (_("Premi r per mandargli una richiesta,"), ""),
        (_("oppure apri {url} con curl o con il browser.").format(url=url), ""),
    ]


def _silent(status: Status, mine: bool) -> _Said:
    return [
        (visible(status.message, 300) or _("Il programma è partito, ma la sonda non risponde."), "bold $here"),
        ("", ""),
        (
            _("Può usare un altro Python, o stare in un container. Il programma continua, ma qui non si vede niente."),
            "",
        ),
    ]


def _failed(status: Status, mine: bool) -> _Said:
    said: _Said = [(visible(status.message, 600) or _("Il server è terminato."), "bold $wrong"), ("", "")]
    said += [(line, "$quiet") for line in last_words(status)]
    return [*said, ("", ""), (_("Premi r per riavviarlo, oppure : per scegliere un altro scenario."), "")]


def _recorded(status: Status, mine: bool) -> _Said:
    return [(visible(status.message, 100), "bold $here"), ("", ""), (_("Non contiene nessun viaggio."), "")]


_SAY = {
    Phase.STARTING: _starting,
    Phase.READY: _ready,
    Phase.SILENT: _silent,
    Phase.FAILED: _failed,
    Phase.ENDED: _failed,
    Phase.RECORDED: _recorded,
}
