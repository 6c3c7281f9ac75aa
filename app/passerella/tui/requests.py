"""Requests sent from the screen: composing them, sending them, those already sent."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from passerella.client.draft import Draft, of_bytes, prepare
from passerella.errors import PasserellaError
from passerella.language import _
from passerella.tui.source import LiveSource, Phase
from passerella.views.visible import visible

if TYPE_CHECKING:
    from passerella.tui.lab import Lab

_FIRST = Draft(path="/")
_MOST = 200  # drafts that are remembered
_TOGETHER = 10


class Requests:
    """What was sent in this session, the newest first."""

    def __init__(self, live: LiveSource) -> None:
        self._live = live
        self.sent: list[Draft] = []
        self.under_way = False

    @property
    def ready(self) -> Sequence[Draft]:
        """The requests that go well with the scenario."""
        return self._live.ready

    @property
    def last(self) -> Draft:
        """The one to begin with."""
        return next(iter([*self.sent, *self.ready]), _FIRST)

    @property
    def together(self) -> int:
        """How many go at once, with one key: as many as the last time that several did."""
        return next((each.copies for each in self.sent if each.order == "together" and each.copies > 1), _TOGETHER)

    def send(self, draft: Draft, host: str) -> None:
        """:raises PasserellaError: it cannot be sent."""
        self._live.send(*prepare(draft, host))
        self.sent = [draft, *(each for each in self.sent if each != draft)][:_MOST]
        self.under_way = True


def compose(lab: "Lab", draft: Draft | None = None) -> None:
    """Open the composer, on ``draft`` or on what was sent last."""
    from passerella.tui.compose_request import ComposeRequest

    if lab.status.phase is not Phase.READY:
        lab.notify(_not_now(lab), markup=False)
        return
    if draft is None and lab.live.websocket:
        from passerella.tui.talking import offer

        offer(lab)
        return
    lab.app.push_screen(ComposeRequest(draft or lab.requests.last, lab.requests, lambda each: send(lab, each)))


def send(lab: "Lab", draft: Draft) -> None:
    """Send it, and look at the journey that comes of it.

    :raises PasserellaError: it cannot be sent.
    """
    lab.requests.send(draft, lab.status.url.partition("//")[2])
    lab.browsing.follow()
    lab.show_journeys()
    lab.show_status()


def send_together(lab: "Lab") -> bool:
    """Send the request of the journey in sight, or the last one, so many times at once; whether it went."""
    journey = lab.browsing.journey
    whole = journey is not None and 0 < journey.request_length == len(journey.request)
    draft = of_bytes(bytes(journey.request)) if journey is not None and whole else lab.requests.last
    if lab.status.phase is not Phase.READY:
        lab.notify(_not_now(lab), markup=False)
        return False
    try:
        send(lab, replace(draft, copies=lab.requests.together, order="together", piece=0, after="read"))
    except PasserellaError as error:
        lab.notify(visible(error.message), markup=False, severity="warning")
        return False
    return True


def _not_now(lab: "Lab") -> str:
    if lab.status.phase is Phase.RECORDED:
        return _("Questa è una registrazione: non c'è un server a cui mandare richieste.")
    return _("Il server non è pronto: non può ricevere richieste.")


def edit_journey(lab: "Lab") -> None:
    """Write again the request of the journey in sight, whoever had sent it."""
    journey = lab.browsing.journey
    if journey is None or not journey.request:
        lab.notify(_("Qui non c'è una richiesta da modificare."), markup=False)
    elif journey.request_length > len(journey.request):
        lab.notify(_("Il corpo era troppo lungo per conservarlo tutto: non si può rispedire uguale."), markup=False)
    else:
        compose(lab, of_bytes(bytes(journey.request)))


def copy_journey(lab: "Lab") -> None:
    """Choose how the request of the journey in sight is to be written, and copy it."""
    from passerella.errors import CommandError
    from passerella.tui.chooser import Choice, Chooser
    from passerella.tui.notice import Notice
    from passerella.views.copy_as import copy_as, forms

    journey = lab.browsing.journey
    if journey is None or not journey.request:
        lab.notify(_("Qui non c'è una richiesta da copiare."), markup=False)
        return
    data, host = bytes(journey.request), lab.status.url.partition("//")[2]

    def copy(form: str | None) -> None:
        if form is None:
            return
        try:
            text = copy_as(form, data, host)
        except CommandError as error:
            lab.notify(error.message, markup=False, severity="warning")
            return
        lab.app.copy_to_clipboard(text)
        shown = "\n".join(visible(line, 4_000) for line in text.splitlines())
        lab.app.push_screen(Notice(_("Copiato: {form}").format(form=forms()[form]), [(shown, "")]))

    lab.app.push_screen(Chooser(_("Copia la richiesta"), [Choice(form, name) for form, name in forms().items()]), copy)
