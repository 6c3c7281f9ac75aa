"""A tour of one minute: five stops on a request that really travels. It can be left at any of them."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from passerella.client.draft import of_line
from passerella.errors import PasserellaError
from passerella.journeys.model import Journey
from passerella.language import _
from passerella.probe.vocabulary import GATEWAY, INBOUND
from passerella.tui import preferences, requests
from passerella.tui.inspector import BYTES, MAPPING
from passerella.tui.source import Change, Phase
from passerella.tui.tour_panel import TourPanel
from passerella.views.holding import held_step
from passerella.views.rows import PASSAGES

if TYPE_CHECKING:
    from passerella.tui.lab import Lab

_BEAT = 0.1  # seconds between two looks at how far the request is
_REQUEST = "GET /ciao?nome=Ada"
_HELD_TARGET = "/ciao?nome=Grace"
_HELD = f"GET {_HELD_TARGET}"
_KEY = "HTTP_HOST"
_OVER = (Phase.FAILED, Phase.ENDED, Phase.SILENT, Phase.RECORDED)


def scenario() -> str:
    """What the tour runs on: a server of this system, and Flask."""
    return "waitress-flask" if sys.platform == "win32" else "gunicorn-flask"


def begin(lab: "Lab") -> None:
    """On a lab whose server is starting."""
    preferences.remember(toured=True)
    Tour(lab)


def take_tour(lab: "Lab") -> None:
    """From the lab: on a server of its own, in place of the one that runs."""
    if lab.tour is not None:
        return
    lab.start(Change(scenario=scenario()))
    begin(lab)


class Stop(NamedTuple):
    """Somewhere to look.

    :ivar arrive: what is put in front of the user.
    :ivar leave: what «invio» does; it gives whether the next stop can be shown.
    :ivar waiting: what is said in place of ``text`` until there is a request held.
    """

    title: str
    text: str
    next_word: str
    arrive: "Callable[[Tour], None]"
    leave: "Callable[[Tour], bool]"
    waiting: str = ""


class Tour:
    """Looks at the lab ten times a second; goes on when the user says so."""

    def __init__(self, lab: "Lab") -> None:
        self.lab = lab
        self.panel = TourPanel(self)
        self.seen: Journey | None = None  # the request that is walked through
        self.held: Journey | None = None  # the one that is held
        self._index = -1
        self._asked = False
        self._stops = _stops()
        self._armed = False
        self._ended = False
        lab.call_after_refresh(self._mount)

    def _mount(self) -> None:
        lab = self.lab
        if not lab.is_attached:
            return
        lab.mount(self.panel, before="#keys")
        lab.add_class("-tour")
        self.panel.show("", _("si parte"), _("Avvio un server vero e gli mando una richiesta vera…"), _("avanti"))
        self.panel.focus()
        self._timer = lab.set_interval(_BEAT, self._look)

    def onward(self) -> None:
        """The user goes on, if there is where to go."""
        if self._index < 0 or not self._stops[self._index].leave(self):
            return
        if self._index + 1 == len(self._stops):
            self.end()
            self.lab.notify(
                _("Il laboratorio è tuo: r manda una richiesta, ? spiega che cosa hai davanti."), markup=False
            )
        else:
            self._stop_at(self._index + 1)

    def end(self) -> None:
        """Nothing of it is left: what it held goes on."""
        if self._ended:
            return
        self._ended = True
        self._timer.stop()
        self.let_go()
        self.panel.remove()
        self.lab.remove_class("-tour")
        self.lab.call_after_refresh(self.lab.show_status)
        self.lab.call_after_refresh(self.lab.query_one("#steps").focus)

    def hold(self) -> None:
        """Hold the next request at the «Ponte», and send it."""
        self._armed = not self.lab.holds.at(GATEWAY, INBOUND)
        if self._armed:
            self.lab.hold_at(GATEWAY, INBOUND)
        self.send(_HELD)

    def let_go(self) -> None:
        """What was held for the tour goes on, and no other is held for it."""
        if self._armed:
            self._armed = False
            self.lab.hold_at(GATEWAY, INBOUND)
        for journey in self.lab.browsing.newest:  # maybe it was held a moment ago, and nobody looked yet
            if journey is not self.seen and journey.target == _HELD_TARGET and self.lab.holds.sentence(journey):
                self.lab.holds.resume(journey)

    def send(self, line: str) -> None:
        try:
            requests.send(self.lab, of_line(line))
        except PasserellaError as error:
            self.lab.notify(error.message, markup=False, severity="warning")
            self.end()

    def walk_to(self, found: Callable[[Journey], int]) -> None:
        """Look at the first request, at one of its rows."""
        lab = self.lab
        if self.seen is not None:
            lab.look_at(self.seen)
            lab.go_to(found(self.seen))

    def _look(self) -> None:
        status, journeys = self.lab.status, self.lab.browsing.newest
        if status.phase in _OVER:
            self.end()
        elif not self._asked:
            if status.phase is Phase.READY:
                self._asked = True
                self.send(_REQUEST)
        elif self._index < 0:
            if journeys and (journeys[-1].quiet or journeys[-1].complete):
                self.seen = journeys[-1]
                self._stop_at(0)
        elif self._stops[self._index].waiting:
            self._follow_held(journeys)

    def _follow_held(self, journeys: list[Journey]) -> None:
        """The request that is held arrived; or, let go by whatever key, it came back."""
        if self.held is None and journeys and journeys[0] is not self.seen:
            self.held = journeys[0]
        if self.held is None:
            return
        if self.held.quiet or self.held.complete:
            self._stop_at(self._index + 1)
        elif held_step(self.held) is not None:
            self._tell(self._stops[self._index].text)

    def _stop_at(self, index: int) -> None:
        self._index = index
        stop = self._stops[index]
        stop.arrive(self)
        self._tell(stop.waiting or stop.text)
        self.panel.focus()
        self.lab.show_status()

    def _tell(self, text: str) -> None:
        stop = self._stops[self._index]
        where = _("{n} di {all}").format(n=self._index + 1, all=len(self._stops))
        self.panel.show(where, stop.title, text, stop.next_word)


def _stops() -> list[Stop]:
    onward = _("avanti")
    return [
        Stop(
            _("la mappa"),
            _(
                "Una richiesta vera è appena passata da un server vero. In alto c'è la sua strada: dal Client alla "
                "tua Vista sulla riga piena, e indietro su quella sotto. Il cerchio è dove sei."
            ),
            onward,
            _show_map,
            _go,
        ),
        Stop(
            _("i passi"),
            _(
                "Ogni riga è una cosa successa davvero, in quel processo e in quel momento. Prova → e ←: la mappa, i "
                "dati e la spiegazione ti seguono."
            ),
            onward,
            _show_steps,
            _go,
        ),
        Stop(
            _("environ e i suoi byte"),
            _(
                "Al Ponte il server passa all'app il dizionario environ. Dopo ◂ c'è da quali byte della richiesta "
                "viene ogni chiave: guarda HTTP_HOST. Con 2 vedi quei byte, con 1 torni qui."
            ),
            onward,
            _show_environ,
            _go,
        ),
        Stop(
            _("fermare il tempo"),
            _(
                "Ho mandato un'altra richiesta, ed è ferma al Ponte: il server aspetta davvero, finché vuoi. La vista "
                "non è ancora partita. Premi spazio, e riprende."
            ),
            _("riprendi"),
            _hold_another,
            _resume,
            _("Mando un'altra richiesta, e chiedo al server di fermarla al Ponte…"),
        ),
        Stop(
            _("la risposta"),
            _(
                "È ripartita, e la vista ha risposto: questi sono i byte tornati al client, e puoi sapere chi ha scritto "
                "ciascuno. Il giro è finito: lo ritrovi con i comandi, tasto :"
            ),
            _("fine"),
            _show_response,
            _go,
        ),
    ]


def _go(tour: Tour) -> bool:
    return True


def _show_map(tour: Tour) -> None:
    while tour.lab.browsing.level != PASSAGES:
        tour.lab.action_level(1 if tour.lab.browsing.level < PASSAGES else -1)
    tour.walk_to(lambda journey: 0)


def _show_steps(tour: Tour) -> None:
    tour.walk_to(lambda journey: 1)


def _show_environ(tour: Tour) -> None:
    rows = tour.lab.browsing.rows
    tour.walk_to(
        lambda journey: next(
            (at for at, row in enumerate(rows) if (row.step.station, row.step.direction) == (GATEWAY, INBOUND)), 0
        )
    )
    tour.lab.show_tab(MAPPING, _KEY)


def _hold_another(tour: Tour) -> None:
    tour.hold()


def _resume(tour: Tour) -> bool:
    """«invio» does what «spazio» does; the tour goes on when the request is back."""
    if tour.held is not None:
        tour.lab.holds.resume(tour.held)
    return False


def _show_response(tour: Tour) -> None:
    tour.let_go()
    lab = tour.lab
    lab.look_at(tour.held or lab.browsing.newest[0])
    lab.go_to(len(lab.browsing.rows) - 1)
    lab.show_tab(BYTES)
