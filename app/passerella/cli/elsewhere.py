"""One request on something that is started only for it: the other side of a comparison."""

import threading
import time

from passerella.cli.target import of_change
from passerella.client.draft import Draft, prepare
from passerella.errors import StartError
from passerella.events import Event
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey
from passerella.language import _
from passerella.session.live import Session, State
from passerella.tui.source import Change

_PATIENCE = 5.0  # seconds after the answer that a journey has to complete
_TICK = 0.02


def journey_elsewhere(change: Change, draft: Draft) -> Journey:
    """The journey of ``draft``, sent once.

    :raises PasserellaError: it does not start, or nothing is seen of the request.
    """
    target = of_change(change)
    heard = _Heard()
    with Session(target.command, heard.take_in) as session:
        if session.wait_ready() is State.SILENT:
            raise StartError(_("Il programma è partito, ma la sonda non risponde: qui non si vedrà nulla."))
        session.send(prepare(draft, session.url.partition("//")[2])[0][:1])
        found = heard.first()
    if found is None:
        raise StartError(_("{title}: della richiesta non si è visto niente.").format(title=target.title))
    return found


class _Heard:
    """What the probe says, from its own thread."""

    def __init__(self) -> None:
        self._assembler = Assembler()
        self._lock = threading.Lock()

    def take_in(self, batch: list[tuple[int, Event]]) -> None:
        with self._lock:
            for pid, event in batch:
                self._assembler.feed(pid, event)

    def first(self) -> Journey | None:
        """The first request, whole if it gets whole in time."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            with self._lock:
                self._assembler.take_changed()
                found = next((each for each in self._assembler.journeys if each.protocol != "lifespan"), None)
            if (found is not None and (found.complete or found.quiet)) or time.monotonic() > deadline:
                return found
            time.sleep(_TICK)
