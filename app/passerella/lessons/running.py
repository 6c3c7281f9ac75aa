"""One run of a trace on one server: start it, do what the trace asks, stop it, and keep what happened."""

import threading
import time
from collections.abc import Callable

from passerella.errors import StartError
from passerella.events import Event, Hello, Ready
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey
from passerella.language import _
from passerella.lessons.model import Lesson, Trace
from passerella.lessons.outcome import LIFESPAN, Outcome, Received, outcome_of
from passerella.lessons.performing import Performer
from passerella.lessons.places import command_of, read_place
from passerella.lessons.services import service
from passerella.session.live import Session, State

_SETTLING = 3.0  # seconds that the journeys have to complete after the last answer
_TICK = 0.02
_CLOSED = frozenset(("socket.close", "transport.close", "protocol.connection_lost"))
_CALL = "call"
_WORKERS = "worker"  # the choice that says how many processes serve
_CALM = 0.15  # seconds without news after which nothing more is expected
_LONG_CALM = 0.5  # the same of a journey that is complete, but whose connection may still say something

Batch = list[tuple[int, Event]]
Listen = Callable[[Batch], None]


def _nobody(_batch: Batch) -> None:
    pass


def run_trace(lesson: Lesson, trace: Trace, place: str, listen: Listen = _nobody) -> Outcome:
    """Run ``trace`` of ``lesson`` at one of its places, from a fresh start; ``listen`` is told every event.

    :raises StartError: it does not start, or nothing can be seen of it.
    :raises ContentError: the trace asks for something that cannot be.
    """
    return Run(lesson, trace, place, listen).run()


class Run:
    """See :func:`run_trace`; it can be stopped from another thread."""

    def __init__(self, lesson: Lesson, trace: Trace, place: str, listen: Listen = _nobody) -> None:
        self._lesson, self._trace, self._place = lesson, trace, place
        self._performer = Performer(trace)
        self._heard = _Heard(self._performer, listen)

    def stop(self) -> None:
        """Wait for nothing any more: what comes out is of no use."""
        self._performer.stop()

    def run(self) -> Outcome:
        """Do it. Once."""
        heard = self._heard
        with service(self._trace.service, self._lesson.folder) as environment:
            command = command_of(self._lesson, self._trace, self._place)
            command.environment = environment
            with Session(command, heard.take_in) as session:
                if session.wait_ready() is State.SILENT:
                    raise StartError(_("Il programma è partito, ma la sonda non risponde: qui non si vedrà nulla."))
                heard.wait_for_workers(int(read_place(self._place)[1].get(_WORKERS, 1)))
                received = self._performer.run(session)
                heard.settle()
            heard.settle()
        return heard.outcome(self._place, received, session.last_words)


class _Heard:
    """What the probe and our client say, from their own threads."""

    def __init__(self, performer: Performer, listen: Listen) -> None:
        self._performer = performer
        self._listen = listen
        self._assembler = Assembler()
        self._lock = threading.Lock()
        self._latest = time.monotonic()
        self._ready: set[int] = set()  # the processes that serve

    def take_in(self, batch: Batch) -> None:
        with self._lock:
            self._listen(batch)
            self._latest = time.monotonic()
            for pid, event in batch:
                if isinstance(event, Hello) and not self._performer.pid:
                    self._performer.pid = pid
                elif isinstance(event, Ready):
                    self._ready.add(pid)
                self._performer.hear(pid, event)
                self._assembler.feed(pid, event)

    def wait_for_workers(self, count: int) -> None:
        """A server is ready with its first worker; the others come a moment later, and the trace is about all of them."""
        deadline = time.monotonic() + _SETTLING
        while len(self._ready) < count and time.monotonic() < deadline:
            time.sleep(_TICK)

    def settle(self) -> None:
        """Wait until every journey is over, or nothing was heard for a moment."""
        deadline = time.monotonic() + _SETTLING
        while time.monotonic() < deadline:
            with self._lock:
                self._assembler.take_changed()
                silent = time.monotonic() - self._latest
                patient = silent > _LONG_CALM
                over = all(each.quiet or each.abandoned or (patient and _ended(each)) for each in self._requests())
            if over and silent > _CALM:
                return
            time.sleep(_TICK)

    def _requests(self) -> list[Journey]:
        return [each for each in self._assembler.journeys if each.protocol != LIFESPAN]

    def outcome(self, place: str, received: list[Received], words: str) -> Outcome:
        with self._lock:
            self._assembler.take_changed()
            journeys = [*self._assembler.lifespans, *self._assembler.journeys]
        return outcome_of(place, journeys, received, self._performer.heard, words.splitlines())


def _ended(journey: Journey) -> bool:
    """It is complete; or its connection was closed, and the app, if it was called, returned."""
    if journey.complete:
        return True
    closed = any(step.landmark in _CLOSED for step in journey.steps[-6:])
    return closed and all(step.pair is not None for step in journey.steps if step.name == _CALL)
