"""A session without a screen: requests go out, each journey is reported when it is over."""

import signal
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from passerella.cli.output import say
from passerella.cli.outside import hint
from passerella.cli.refusals import REFUSED
from passerella.cli.talking import Messages
from passerella.client.answer import Answer
from passerella.client.prepared import Prepared
from passerella.errors import PasserellaError
from passerella.events import Event
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey
from passerella.language import _
from passerella.session.channel import Hear
from passerella.session.live import Command, Session, State
from passerella.session.wanted import HoldRule, Look

Inbox = deque[tuple[int, Event]]

ANSWERED, UNANSWERED = 0, 4

_TICK = 0.02
_KEPT = 256  # journeys that stay in memory: each is told when it is over
_IDLE = 0.3  # seconds without news after which a complete journey is over, whatever its connection does
_PATIENCE = 5.0  # seconds after the answer that a journey has to complete


class Reporter(Protocol):
    """Who tells a person, or a program, what happened."""

    def begins(self, session: Session, assembler: Assembler) -> None: ...

    def tells(self, journey: Journey) -> None: ...


class Requests(Protocol):
    """The requests to send, once the address is known."""

    def __call__(self, host: str) -> Sequence[Prepared]: ...


def into(inbox: Inbox, listen: Hear | None) -> Hear:
    """What a session tells goes into ``inbox``, and to ``listen`` too if there is one."""

    def hear(batch: list[tuple[int, Event]]) -> None:
        inbox.extend(batch)
        if listen is not None:
            listen(batch)

    return hear


def follow(
    command: Command,
    requests: Requests | None,
    same_connection: bool,
    reporter: Reporter,
    holds: Sequence[HoldRule] = (),
    look: Look | None = None,
    listen: Hear | None = None,
) -> int:
    """Run, report, and give the exit code. Without ``requests`` it goes on until Ctrl+C. ``listen`` hears it all too."""
    interruption = _Interruption()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interruption)
    inbox: Inbox = deque()
    with Session(command, into(inbox, listen), holds, look) as session:
        follower = _Follower(session, inbox, reporter, interruption)
        try:
            return follower.run(requests, same_connection)
        except KeyboardInterrupt:
            follower.report_all()
            raise


class _Interruption:
    """Ctrl+C, put off while a journey is being told: its lines stand together."""

    def __init__(self) -> None:
        self._requested = False
        self._telling = False

    def __call__(self, number: int, frame: object) -> None:
        self._requested = True
        if not self._telling:
            raise KeyboardInterrupt

    @contextmanager
    def put_off(self) -> Iterator[None]:
        self._telling = True
        try:
            yield
        finally:
            self._telling = False
        if self._requested:
            self._requested = False
            raise KeyboardInterrupt


class _Follower:
    def __init__(self, session: Session, inbox: Inbox, reporter: Reporter, interruption: _Interruption) -> None:
        self._session = session
        self._inbox = inbox
        self._reporter = reporter
        self._interruption = interruption
        self._assembler = Assembler(_KEPT)
        self._growing: dict[int, Journey] = {}
        self._news: dict[int, float] = {}
        self._told = 0
        self._level = "full"
        self._told_refusals: set[str] = set()
        self._lifespans: list[Journey] = []  # those that began, to be told
        self._told_lifespans: set[int] = set()

    def run(self, requests: Requests | None, same_connection: bool) -> int:
        state = self._session.wait_ready()
        if state is State.SILENT:
            return self._without_probe(requests is not None)
        self._take_in()
        self._reporter.begins(self._session, self._assembler)
        if requests is None:
            say(hint(self._session.url))
            self._stream()
            return ANSWERED
        return self._send(requests, same_connection)

    def report_all(self) -> None:
        """Report what is left, whole or not."""
        self._take_in()
        for journey in sorted(self._growing.values(), key=lambda each: each.started):
            self._tell(journey)

    def _send(self, requests: Requests, same_connection: bool) -> int:
        host = self._session.url.partition("//")[2]
        prepared = requests(host)
        answers: list[Answer] = []
        failures: list[Exception] = []

        def send() -> None:
            try:
                if isinstance(requests, Messages):
                    answers.extend(requests.send(self._session))
                else:
                    answers.extend(self._session.send(prepared, same_connection=same_connection))
            except (OSError, PasserellaError) as error:
                failures.append(error)

        sender = threading.Thread(target=send, name="client", daemon=True)
        sender.start()
        while sender.is_alive() and self._session.state is not State.ENDED:
            self._report_ended()
            time.sleep(_TICK)
        sender.join(_IDLE)
        left = sum(not each.manner.wants_answer for each in prepared)
        self._report_until_quiet(max(left, sum(answer.length > 0 for answer in answers)))
        # Whoever wants no answer gives none, unless the request could not even be sent.
        expected = len(answers) or sum(len(each.methods) for each in prepared)
        answered = sum(answer.length > 0 for answer in answers)
        if answered < expected:
            say(_("Richieste senza risposta: {missing} su {all}.").format(missing=expected - answered, all=expected))
            self._say_why_it_ended()
        return ANSWERED if answered == expected else UNANSWERED

    def _stream(self) -> None:
        while self._session.state is not State.ENDED:
            self._report_ended()
            time.sleep(_TICK)
        self._report_until_quiet()
        self._say_why_it_ended()

    def _say_why_it_ended(self) -> None:
        if self._session.state is State.ENDED:
            say(_("Il server è terminato (codice {code}).").format(code=self._session.program.code))

    def _without_probe(self, asked: bool) -> int:
        say(
            _(
                "Il programma è partito, ma la sonda non risponde: forse usa un Python isolato, un altro Python "
                "o un contenitore. Il programma continua, ma qui non si vedrà nulla."
            )
        )
        if asked:
            say(_("Non so su quale porta ascolta: le richieste non sono state inviate."))
            return UNANSWERED
        while self._session.state is not State.ENDED:
            time.sleep(_TICK)
        return ANSWERED

    def _report_until_quiet(self, expected: int = 0) -> None:
        """``expected``: how many journeys there will be. They may still be on the way: an answer can reach our client
        before what the probe says of it, and a client can leave before the server takes its request."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            self._report_ended()
            if (not self._growing and self._told >= expected) or time.monotonic() > deadline:
                break
            time.sleep(_TICK)
        self.report_all()

    def _note_lifespan(self, journey: Journey) -> None:
        """A lifespan goes on until the server stops: it is told once, when the app has said that it is ready, or not."""
        answered = journey.complete or any(step.landmark == "asgi.send" for step in journey.steps)
        if answered and journey.number not in self._told_lifespans:
            self._told_lifespans.add(journey.number)
            self._lifespans.append(journey)

    def _tell_lifespans(self) -> None:
        lifespans, self._lifespans = self._lifespans, []
        for journey in lifespans:
            with self._interruption.put_off():
                self._reporter.tells(journey)

    def _report_ended(self) -> None:
        self._take_in()
        self._tell_lifespans()
        now = time.monotonic()
        ended = [journey for key, journey in self._growing.items() if _over(journey, now - self._news[key])]
        for journey in sorted(ended, key=lambda each: each.ended):
            self._tell(journey)

    def _take_in(self) -> None:
        while self._inbox:
            pid, event = self._inbox.popleft()
            self._assembler.feed(pid, event)
        now = time.monotonic()
        for journey in self._assembler.take_changed():
            if journey.protocol == "lifespan":
                self._note_lifespan(journey)
            else:
                self._growing[journey.number] = journey
                self._news[journey.number] = now
        self._say_load()
        self._say_refusals()

    def _say_load(self) -> None:
        """Not everything is recorded when there is too much of it."""
        level = self._assembler.level_at(time.monotonic_ns())
        if level == self._level:
            return
        self._level = level
        from passerella.views.load import counted_sentence, level_sentence

        said = " · ".join(filter(None, (level_sentence(level), counted_sentence(self._assembler.counted))))
        if said:
            say(said)

    def _say_refusals(self) -> None:
        while self._session.refusals:
            refusal = self._session.refusals.pop(0)
            if refusal.what not in self._told_refusals:
                self._told_refusals.add(refusal.what)
                say(_(REFUSED.get(refusal.what, refusal.what)).format(detail=refusal.detail))

    def _tell(self, journey: Journey) -> None:
        with self._interruption.put_off():
            self._tell_whole(journey)

    def _tell_whole(self, journey: Journey) -> None:
        self._growing.pop(journey.number, None)
        self._news.pop(journey.number, None)
        self._told += 1
        self._assembler.forget(journey)
        self._reporter.tells(journey)


def _over(journey: Journey, idle: float) -> bool:
    if journey.quiet or (journey.complete and idle > _IDLE):
        return True
    return journey.answered and idle > _PATIENCE
