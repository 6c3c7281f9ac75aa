"""The lab's door to a live session."""

import shlex
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from passerella.cli.refusals import REFUSED
from passerella.cli.talking import Messages
from passerella.cli.target import Target, of_change
from passerella.client.answer import Answer
from passerella.client.draft import Draft
from passerella.client.prepared import Prepared
from passerella.errors import CommandError, PasserellaError
from passerella.events import Event, Library, Refused
from passerella.journeys.model import Journey
from passerella.language import _
from passerella.language.system_words import refusal
from passerella.session.asking import is_free
from passerella.session.live import Session, State
from passerella.session.offered import drafts_of
from passerella.session.recovery import Keeper
from passerella.session.wanted import HoldRule, Look
from passerella.tui.source import Batch, Change, Listener, Phase, Status

if TYPE_CHECKING:
    from passerella.session.talks import Talk

Requests = Callable[[str], Sequence[Prepared]]
_OURS = "aborted"  # the session ended because somebody asked for it
_FAILURES = {
    "refused": "il server non accetta connessioni",
    "reset": "il server ha interrotto la connessione",
    "": "il server ha chiuso senza rispondere",
}


class _Waiting:
    """A listener that keeps what it hears until the real one is there: the server starts before the screen."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: list[Callable[[Listener], None]] = []
        self._listener: Listener | None = None

    def attach(self, listener: Listener) -> None:
        with self._lock:
            self._listener = listener
            for tell in self._kept:
                tell(listener)
            self._kept.clear()

    def tell(self, tell: Callable[[Listener], None]) -> None:
        with self._lock:
            if self._listener is None:
                self._kept.append(tell)
            else:
                tell(self._listener)


class SessionSource:
    """Runs one target at a time, each in a session of its own; see :class:`passerella.tui.source.LiveSource`."""

    def __init__(
        self,
        target: Target,
        requests: Requests | None = None,
        same_connection: bool = False,
        rules: Sequence[HoldRule] = (),
        look: Look | None = None,
        at_end: Callable[[Path], None] | None = None,
    ) -> None:
        self._target = target
        self._rules = tuple(rules)
        self._look = look
        self._at_end = at_end
        self._keeper: Keeper | None = None
        self._first_requests = requests
        self._same_connection = same_connection
        self._listening = _Waiting()
        self._turn = threading.Lock()  # one session starts or ends at a time
        self._session: Session | None = None
        self._attached = False
        self._closed = False
        self._run = 0
        self._port = 0  # the last one
        self._talked = 0  # WebSockets that were opened from here
        self._launch()

    @property
    def ready(self) -> Sequence[Draft]:
        return drafts_of(self._target.scenario) if self._target.scenario is not None else [Draft()]

    @property
    def websocket(self) -> str:
        return self._target.scenario.websocket if self._target.scenario is not None else ""

    def talk(self, line: str, changed: Callable[[], None]) -> "Sequence[Talk]":
        session = self._session
        if session is None or session.state is not State.READY:
            raise CommandError(_("Il server non è pronto: non può ricevere richieste."))
        clients = self._target.scenario.clients if self._target.scenario is not None else 1
        talks = session.talks(line, clients, changed, first=self._talked + 1)
        self._talked += clients
        return talks

    @property
    def rules(self) -> Sequence[HoldRule]:
        return self._rules

    @property
    def folder(self) -> str:
        """A ready scenario does not change under us."""
        return "" if self._target.scenario is not None else str(self._target.command.cwd)

    @property
    def running(self) -> Change:
        return self._target.change

    def start(self, listener: Listener, change: Change | None = None) -> None:
        """The first start only attaches: the server is already on its way."""
        attached = self._attached
        self._attached = True
        self._listening.attach(listener)
        if attached or change is not None:
            self._launch(change)

    def send(self, requests: Sequence[Prepared], same_connection: bool = False) -> None:
        session = self._session
        if session is None or session.state is not State.READY:
            self._say(_("Il server non è pronto: la richiesta non è partita."))
            return
        threading.Thread(target=self._send, args=(session, requests, same_connection), daemon=True).start()

    def hold(self, rules: Sequence[HoldRule]) -> None:
        self._rules = tuple(rules)
        if self._session is not None:
            self._session.hold(rules)

    def microscope(self, look: Look | None, pid: int | None = None) -> None:
        """Put the next request that matches under the microscope; None: none any more."""
        self._look = look if look is not None and look.again else None
        if self._session is not None:
            self._session.microscope(look, pid)

    def resume(self, pid: int, moment: int) -> None:
        if self._session is not None:
            self._session.resume(pid, moment)

    def release_all(self) -> None:
        self._rules = ()
        if self._session is not None:
            self._session.release_all()

    def save(self, path: Path, journeys: Iterable[Journey], *, with_secrets: bool = False) -> None:
        """Save what the session that runs has seen; ``journeys`` are those that it has by now.

        :raises PasserellaError: it cannot be written.
        """
        self._kept().save(path, journeys, with_secrets=with_secrets)

    def export(self, kind: str, path: Path, journeys: Sequence[Journey]) -> None:
        """Write some journeys with their secrets covered, to be shown to others.

        :raises PasserellaError: it cannot be written.
        """
        from passerella.cli.saving import export_file  # most sessions export nothing

        keeper = self._kept()
        with keeper.recording() as recording:
            export_file(kind, path, keeper.covered(journeys), recording)

    def elsewhere(self, change: Change, draft: Draft) -> Journey:
        """The journey of a request on something else, which runs only for that."""
        from passerella.cli.elsewhere import journey_elsewhere  # it puts journeys together: not before the first screen

        return journey_elsewhere(change, draft)

    def close(self, *, failed: bool = False) -> None:
        self._closed = True
        with self._turn:
            if self._session is not None:
                self._session.close()
                self._session = None
            keeper, self._keeper = self._keeper, None
        if keeper is not None:
            try:
                if self._at_end is not None:
                    self._at_end(keeper.finish())
            finally:
                keeper.close(leave=failed)

    def _kept(self) -> Keeper:
        if self._keeper is None:
            raise PasserellaError(_("Il server non è ancora partito: non c'è niente da salvare."))
        return self._keeper

    def _launch(self, change: Change | None = None) -> None:
        self._run += 1
        threading.Thread(target=self._start, args=(change, self._run), name="avvio", daemon=True).start()

    def _start(self, change: Change | None, run: int) -> None:
        if change is not None:
            try:
                before = self._target.command
                self._target = of_change(change, before.marks)
                self._target.command.limits = before.limits
            except PasserellaError as error:
                self._refuse(error, run)
                return
        self._run_target(self._target, run, again=change is None)

    def _refuse(self, error: PasserellaError, run: int) -> None:
        """What was asked for cannot start: nothing runs, and why is said."""
        with self._turn:
            previous, self._session = self._session, None
            if previous is not None:
                previous.close()
        if run == self._run:
            status = Status(Phase.FAILED, message=error.message, details=error.details)
            self._listening.tell(lambda listener: listener.became(status))

    def _run_target(self, target: Target, run: int, *, again: bool = False) -> None:
        """Start ``target`` in place of what ran before, and follow it to its end. ``again``: it is the same, and who has
        its page open finds it where it was."""
        follow = _Followed(target, lambda tell: self._listening.tell(tell) if run == self._run else None)
        with self._turn:
            if self._closed or run != self._run:
                return
            previous, self._session = self._session, None
            if previous is not None:
                previous.close()
                self._port = previous.port or (self._port if again else 0)  # one that did not start has none
                if again and target.at_port is not None and is_free(self._port):
                    target.command.argv = target.at_port(self._port)
            if self._keeper is not None:
                self._keeper.close()
            follow.keeper = self._keeper = Keeper()
            follow.became(Phase.STARTING)
            rules = self._rules
            session = self._session = Session(target.command, follow.heard, rules, self._look)
            if self._rules is not rules:  # changed meanwhile
                session.hold(self._rules)
        if follow.until_ready(session):
            self._send_first(session)
            follow.until_end(session)

    def _send_first(self, session: Session) -> None:
        requests, self._first_requests = self._first_requests, None
        if isinstance(requests, Messages):
            threading.Thread(target=requests.send, args=(session,), daemon=True).start()
        elif requests is not None:
            self._send(session, requests(session.url.partition("//")[2]), self._same_connection)

    def _send(self, session: Session, requests: Sequence[Prepared], same_connection: bool) -> None:
        try:
            answers = session.send(requests, same_connection=same_connection)
        except (OSError, PasserellaError) as error:
            self._say(_("La richiesta non è partita: {error}").format(error=refusal(error)))
            return
        for answer in answers:
            if not answer.length and not self._closed and answer.failure != _OURS:
                self._say(_unanswered(answer))

    def _say(self, sentence: str) -> None:
        self._listening.tell(lambda listener: listener.said(sentence))


def _unanswered(answer: Answer) -> str:
    return _("La richiesta non ha avuto risposta: {why}.").format(why=_(_FAILURES.get(answer.failure, "")))


def _fronted(session: Session | None, server: str) -> str:
    """«nginx 1.22.1 → gunicorn 27.0.1»."""
    front = session.front if session is not None else None
    if front is None or not front.ready:
        return server
    joint = "·" if front.front.runs else "→"
    return f"{front.front.called} {front.version} {joint} {server}"


def _directives(session: Session | None) -> list[tuple[str, str]]:
    """The lines of the configuration of the web server in front, each with its reason."""
    front = session.front if session is not None else None
    return front.front.explained(front.place) if front is not None and front.place is not None else []


class _Followed:
    """One session as its listener hears of it."""

    def __init__(self, target: Target, tell: Callable[[Callable[[Listener], None]], None]) -> None:
        self._target = target
        self._tell = tell
        self._versions: dict[str, str] = {}
        self.keeper: Keeper | None = None

    def heard(self, batch: Batch) -> None:
        if self.keeper is not None:
            self.keeper.hear(batch)
        for _pid, event in batch:
            self._note(event)
        self._tell(lambda listener: listener.heard(batch))

    def until_ready(self, session: Session) -> bool:
        """Tell how the start went; True when there is something that serves."""
        try:
            state = session.wait_ready()
        except PasserellaError as error:
            self.became(Phase.FAILED, session, error.message, error.details)
            return False
        if state is State.SILENT:
            sentence = _("Il programma è partito, ma la sonda non risponde: qui non si vedrà nulla.")
            self.became(Phase.SILENT, session, sentence)
            return False
        self.became(Phase.READY, session)
        return True

    def until_end(self, session: Session) -> None:
        session.program.ended.wait()
        sentence = _("Il server è terminato (codice {code}).").format(code=session.program.code)
        self.became(Phase.ENDED, session, sentence, session.program.words(4096))

    def became(self, phase: Phase, session: Session | None = None, message: str = "", details: str = "") -> None:
        target = self._target
        name = (session.server if session is not None else "") or (
            target.scenario.server if target.scenario else target.title
        )
        status = Status(
            phase=phase,
            server=_fronted(session, f"{name} {self._versions.get(name, '')}".strip()),
            app=target.app,
            url=session.url if session is not None else "",
            message=message,
            details=details,
            command="\n".join(
                (
                    shlex.join(target.command.argv),
                    *(f"{words}\n    {why}" for words, why in [*target.added, *_directives(session)]),
                )
            ),
        )
        if self.keeper is not None and phase is Phase.READY:
            self.keeper.about(status.server, status.app, status.url, target.command.argv)
        self._tell(lambda listener: listener.became(status))

    def _note(self, event: Event) -> None:
        if isinstance(event, Library):
            self._versions[event.name] = event.version
        elif isinstance(event, Refused):
            sentence = _(REFUSED.get(event.what, event.what)).format(detail=event.detail)
            self._tell(lambda listener: listener.said(sentence))
