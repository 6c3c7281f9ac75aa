"""Opening WebSockets from the lab, and going back to those that are open."""

from typing import TYPE_CHECKING

from passerella.language import _
from passerella.tui.ask import Ask
from passerella.tui.chooser import Choice, Chooser
from passerella.tui.source import Phase
from passerella.tui.talk_bar import TalkBar

if TYPE_CHECKING:
    from passerella.tui.lab import Lab

_OPEN, _HTTP = "open", "http"


def offer(lab: "Lab") -> None:
    """What runs has a WebSocket: to open it, to write in one that is open, or to send a request as anywhere."""
    from passerella.tui.requests import compose

    path = lab.live.websocket
    open_ones = {str(talk.number): talk for bar in lab.query(TalkBar) for talk in bar.talks if not talk.over}
    choices = [
        *(Choice(name, _("Scrivi nel WebSocket {n}").format(n=name), talk.line) for name, talk in open_ones.items()),
        Choice(_OPEN, _("Apri un WebSocket"), path),
        Choice(_HTTP, _("Manda una richiesta HTTP")),
    ]

    def chosen(name: str | None) -> None:
        if name == _OPEN:
            start(lab, path)
        elif name == _HTTP:
            compose(lab, lab.requests.last)
        elif name is not None:
            lab.query_one(TalkBar).speak_to(open_ones[name])

    lab.app.push_screen(Chooser(_("Che cosa mandi?"), choices), chosen)


def ask_where(lab: "Lab") -> None:
    """Open one at a path that is asked for."""
    if lab.status.phase is not Phase.READY:
        lab.notify(_("Il server non è pronto: non può ricevere richieste."), markup=False)
        return
    hint = _("Il percorso, per esempio «/chat».")
    lab.app.push_screen(Ask(_("Apri un WebSocket"), hint, lambda line: start(lab, line), lab.live.websocket or "/"))


def start(lab: "Lab", line: str) -> None:
    """Open it, and write in it while its journey grows.

    :raises CommandError: it cannot be asked for.
    """
    talks = lab.live.talk(line, lambda: _changed(lab))
    bars = list(lab.query(TalkBar))
    bar = bars[0] if bars else TalkBar()
    bar.add(talks)
    if not bars:
        lab.mount(bar, before="#keys")
    lab.browsing.follow()
    lab.show_journeys()
    lab.show_status()


def _changed(lab: "Lab") -> None:
    """Called by the thread of a dialog."""

    def show() -> None:
        for bar in lab.query(TalkBar):
            bar.show()

    if lab.is_attached:
        lab.app.call_later(show)
