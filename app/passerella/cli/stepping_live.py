"""``passerella traccia … --testo --passo-passo``: journeys held and stepped by typed words (design §5, «Holds are real»).

Every journey stops where it arrives and waits for its turn. Whoever leaves, by a word, by the end of the input or by
Ctrl+C, lets all of them go.
"""

import shlex
import signal
import time
from collections import deque
from collections.abc import Sequence

from passerella.cli import stepping_words as words
from passerella.cli.following import ANSWERED, UNANSWERED, Inbox, Reporter, Requests, into
from passerella.cli.output import say
from passerella.cli.outside import hint
from passerella.cli.refusals import REFUSED
from passerella.cli.reporting import TextReporter
from passerella.cli.stepping import Looking, tell
from passerella.cli.stepping_holds import ARRIVALS, SteppingHolds
from passerella.cli.stepping_input import EndOfInputError, Lines
from passerella.cli.stepping_sending import Sent
from passerella.cli.stepping_told import row_told
from passerella.cli.talking import Messages
from passerella.client.prepared import Prepared
from passerella.client.request import compose
from passerella.errors import PasserellaError
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey, Step
from passerella.language import _
from passerella.session.channel import Hear
from passerella.session.live import Command, Session, State
from passerella.views.holding import held_step
from passerella.views.visible import visible

_TICK = 0.02
_IDLE = 0.3  # seconds without news after which a complete journey is over
_PATIENCE = 5.0  # seconds that journeys let go have to end
_AT_PROMPT = 2.0  # seconds after which whoever types has the prompt again, whatever goes on
_KEPT = 256


def step_by_words(
    command: Command,
    requests: Requests | None,
    same_connection: bool,
    level: int,
    reporter: Reporter,
    listen: Hear | None = None,
) -> int:
    """Run the server, converse, and give the exit code. ``listen`` hears all that the probe says."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupted)
    inbox: Inbox = deque()
    with Session(command, into(inbox, listen), ARRIVALS) as session:
        return _Stepping(session, inbox, level, reporter).run(requests, same_connection)


class SteppingReporter(TextReporter):
    """Says where the server is; the journeys were told while they were stepped."""

    def tells(self, journey: Journey) -> None:
        """It was said."""


def _interrupted(number: int, frame: object) -> None:
    raise KeyboardInterrupt


class _Stepping(Looking):
    recorded = False

    def __init__(self, session: Session, inbox: Inbox, level: int, reporter: Reporter) -> None:
        super().__init__(Lines(), level)
        self._reporter = reporter
        self._session = session
        self._inbox = inbox
        self._assembler = Assembler(_KEPT)
        self._holds = SteppingHolds(session)
        self._sent = Sent(session)
        self._known: dict[int, Journey] = {}
        self._news: dict[int, float] = {}  # when each journey last grew
        self._over: set[int] = set()
        self._announced: set[int] = set()
        self._moving = False  # the journey in sight was let go, and has not come to its next stop

    def run(self, requests: Requests | None, same_connection: bool) -> int:
        if self._session.wait_ready() is State.SILENT:
            say(_("Il programma è partito, ma la sonda non risponde: qui non si vedrà nulla."))
            return UNANSWERED
        self._take_in()
        self._reporter.begins(self._session, self._assembler)
        self._begin(requests, same_connection)
        self.converse()
        return self._end()

    def journeys(self) -> Sequence[Journey]:
        return sorted(self._known.values(), key=lambda journey: journey.number)

    def held(self, journey: Journey) -> Step | None:
        return self._holds.step(journey)

    def wait_line(self) -> str:
        """Meanwhile what happens is said as it happens."""
        while True:
            line = self._lines.next(_TICK)
            if line is not None:
                return line
            if self._session.state is State.ENDED and not self._inbox:
                raise EndOfInputError
            if self._happened(fresh_line=True):
                self.prompt()

    def forward(self, _argument: str) -> None:
        place = self.place
        if place is None:
            self._to_next()
        elif place.move(1):
            self.tell_row()
        elif self.held(place.journey) is not None:
            self._let_go(place.journey)
        elif place.journey.number in self._over:
            self._to_next()
        else:
            tell([_("Il viaggio {n} non è fermo: sta andando avanti.").format(n=place.journey.number)])

    def release(self, _argument: str) -> None:
        journey = self.place.journey if self.place is not None else None
        if journey is None or self.held(journey) is None:
            tell([_("Nessun viaggio è fermo.") if not self._waiting() else self._who_waits()])
            return
        self._holds.release(journey)
        self._moving = True
        self._wait()

    def request(self, argument: str) -> None:
        try:
            prepared = self._composed(argument)
        except PasserellaError as error:
            tell([error.message])
            return
        self._sent.send([prepared])
        if self.place is None or self.place.journey.number in self._over:
            self.place = None
            self._wait()
        else:
            tell(
                [
                    _("Inviata: diventa un viaggio quando il server la prende. Resti nel viaggio {n}.").format(
                        n=self.place.journey.number
                    )
                ]
            )

    def nothing(self) -> str:
        return _(
            'Nessun viaggio, per ora. Scrivi «{word} "GET /"» o invia una richiesta da un\'altra finestra.'
        ).format(word=words.name(words.REQUEST))

    def find(self, number: str) -> Journey | None:
        """Whoever wrote it in a file knows of a request that is still on its way."""
        deadline = time.monotonic() + _AT_PROMPT
        found = super().find(number)
        while found is None and self._sent.under_way and time.monotonic() < deadline:
            self._happened()
            time.sleep(_TICK)
            found = super().find(number)
        return found

    def _begin(self, requests: Requests | None, same_connection: bool) -> None:
        tell([_("Ogni viaggio si ferma dove arriva. «{forward}» lo fa proseguire, «{help}» dice tutte le parole.").format(
            forward=words.name(words.FORWARD), help=words.name(words.HELP)
        )])  # fmt: skip
        if requests is None:
            say(hint(self._session.url))
        elif isinstance(requests, Messages):
            self._sent.talk(requests)
            self._wait()
        else:
            self._sent.send(requests(self._session.url.partition("//")[2]), same_connection)
            self._wait()

    def _composed(self, argument: str) -> Prepared:
        """``"POST /x" "corpo"``, or a line as it is."""
        parts = [argument]
        if argument.startswith(('"', "'")):
            try:
                parts = shlex.split(argument)
            except ValueError:  # a quotation mark is missing: the request says what is wrong with it
                parts = [argument]
        body = parts[1].encode() if len(parts) > 1 else None
        host = self._session.url.partition("//")[2]
        return Prepared.of(compose(parts[0] or "/", host=host, body=body, keep_alive=False))

    def _let_go(self, journey: Journey) -> None:
        self._holds.onward(journey, self._level)
        self._moving = True
        self._wait()

    def _to_next(self) -> None:
        """The journey that waits longest comes in sight."""
        if not self._waiting() and self._sent.under_way:
            self.place = None
            if self._wait():
                return
        waiting = self._waiting()
        if waiting:
            self.arrive(waiting[0])
        elif self.place is None:
            tell([self.nothing()])
        else:
            tell([_("Il viaggio {n} è finito, e nessun altro è fermo.").format(n=self.place.journey.number)])

    def arrive(self, journey: Journey) -> None:
        self._moving = self.held(journey) is None and journey.number not in self._over
        self._announced.add(journey.number)
        super().arrive(journey)

    def _waiting(self) -> list[Journey]:
        return [journey for journey in self.journeys() if self.held(journey) is not None]

    def _who_waits(self) -> str:
        return _("Fermi: {numbers}. Scrivi «{word} {n}».").format(
            numbers=", ".join(str(journey.number) for journey in self._waiting()),
            word=words.name(words.JOURNEY),
            n=self._waiting()[0].number,
        )

    def _wait(self) -> bool:
        """Wait for something to say. Whoever types can type before; a pipe waits as long as there is something to wait for."""
        deadline = time.monotonic() + _AT_PROMPT if self._lines.typed else float("inf")
        quiet_since = time.monotonic()
        while time.monotonic() < deadline and self._session.state is not State.ENDED:
            if self._happened():
                return True
            if self._moving or self._sent.under_way:
                quiet_since = time.monotonic()
            elif time.monotonic() - quiet_since > _IDLE * 2:
                return False
            time.sleep(_TICK)
        return self._happened()

    def _happened(self, fresh_line: bool = False) -> bool:
        """Say what is new; whether anything was."""
        self._take_in()
        lines = [*self._refused(), *self._of_place(), *self._arrived()]
        if lines:
            tell(["", *lines] if fresh_line and self._lines.typed else lines)
        return bool(lines)

    def _of_place(self) -> list[str]:
        """The journey in sight, that was let go, came to its next stop or to its end."""
        place = self.place
        if place is None or not self._moving:
            return []
        journey = place.journey
        held = self.held(journey) is not None
        if not held and journey.number not in self._over:
            return []
        self._moving = False
        lines = [line for row in place.untold() for line in row_told(journey, row)]
        place.to_end()
        return [
            *lines,
            *(self.stop_told(journey) if held else [_("Finito. {journey}").format(journey=self.told(journey))]),
        ]

    def _arrived(self) -> list[str]:
        """Journeys held for the first time: one comes in sight if none is, the others wait."""
        lines: list[str] = []
        for journey in self._waiting():
            if journey.number in self._announced:
                continue
            self._announced.add(journey.number)
            lines.append(self.told(journey))
            if self.place is not None:
                lines.append(_("È fermo e aspetta: «{word} {n}» per andarci.").format(
                    word=words.name(words.JOURNEY), n=journey.number
                ))  # fmt: skip
                continue
            place = self.see(journey)
            lines += [line for row in place.untold() for line in row_told(journey, row)]
            place.to_end()
            lines += self.stop_told(journey)
        return lines

    def _refused(self) -> list[str]:
        lines = [visible(failure) for failure in self._sent.failures]
        self._sent.failures.clear()
        while self._session.refusals:
            refusal = self._session.refusals.pop(0)
            lines.append(_(REFUSED.get(refusal.what, refusal.what)).format(detail=refusal.detail))
        return lines

    def _take_in(self) -> None:
        while self._inbox:
            pid, event = self._inbox.popleft()
            self._holds.feed(pid, event)
            self._assembler.feed(pid, event)
        now = time.monotonic()
        for journey in self._assembler.take_changed():
            if journey.protocol != "lifespan" and not journey.gone:
                self._known[journey.number] = journey
                self._news[journey.number] = now
        for number, when in list(self._news.items()):
            self._note_over(self._known[number], now - when)

    def _note_over(self, journey: Journey, idle: float) -> None:
        ended = journey.complete or (journey.answered and idle > _PATIENCE) or self._session.state is State.ENDED
        going = held_step(journey) is not None and idle < _IDLE  # it was let go, and has not said so yet
        if journey.abandoned or ((journey.quiet or (ended and idle > _IDLE)) and not going):
            self._news.pop(journey.number)
            self._over.add(journey.number)
            self._holds.forget(journey)
            self._reporter.tells(journey)

    def _end(self) -> int:
        """Let everybody go, and see them go."""
        ended = self._session.state is State.ENDED
        self._session.release_all()
        if not ended:
            self._sent.wait(_PATIENCE)
        self._happened()
        if ended:
            say(_("Il server è terminato (codice {code}).").format(code=self._session.program.code))
        if self._sent.missing:
            say(
                _("Richieste senza risposta: {missing} su {all}.").format(
                    missing=self._sent.missing, all=self._sent.expected
                )
            )
        return UNANSWERED if self._sent.missing else ANSWERED
