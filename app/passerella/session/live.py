"""A live session: a server under the probe, its events, requests sent to it."""

import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from passerella.client.abort import Abort
from passerella.client.answer import Answer
from passerella.client.prepared import Prepared
from passerella.client.request import parse_line
from passerella.errors import StartError
from passerella.events import (
    ClientClosed,
    ClientConnected,
    ClientReceived,
    ClientSent,
    Event,
    Hello,
    Library,
    Listening,
    Magnified,
    Ready,
    Refused,
)
from passerella.language import _
from passerella.probe.vocabulary import ADDRESS_VARIABLE, MARKS_VARIABLE, PATH_VARIABLE
from passerella.session.channel import Channel, Hear
from passerella.session.failures import explain
from passerella.session.guard import Guard, Program
from passerella.session.last_words import last_words
from passerella.session.wanted import HoldRule, Look

if TYPE_CHECKING:  # WebSockets are slow to import, and few sessions have any
    from passerella.client.websocket import Dialog, Outcome
    from passerella.session.hosting import Hosted
    from passerella.session.in_front import InFront
    from passerella.session.talks import Talk

FOLDER = "{passerella}"  # in the words of a command: the session's private folder
GREETING = 10.0  # seconds within which the probe must speak
_READY = 60.0  # seconds within which a server that the probe speaks from must serve
_SETTLED = 0.3  # seconds after which a listening server without a table counts as ready
_UNSEEN = frozenset(("granian",))  # servers whose sockets no tap sees
_ASKING = 0.2  # seconds that one of those has to take a connection
_INJECT = Path(__file__).parent.parent / "probe" / "inject"


class State(Enum):
    """Where a session is."""

    STARTING = "starting"
    READY = "ready"
    SILENT = "silent"  # the program runs, but no probe speaks from it
    ENDED = "ended"


class WebServer(msgspec.Struct, frozen=True):
    """A web server to put in front: its name among the fronts, its configuration, the folder that it serves by itself.

    :ivar hosted: the app that it runs inside itself; None: it forwards to the program that is started.
    """

    name: str
    configuration: str
    files: Path
    hosted: "Hosted | None" = None


class Command:
    """What to run: the words, the folder, what to add to the environment, and who stands in front.

    :ivar limits: journeys a second, in each process, recorded in full and recorded at all; None: the probe's defaults.
    :ivar environment: variables added to those that the program inherits.
    """

    limits: tuple[int, int] | None = None
    environment: Mapping[str, str] = MappingProxyType({})

    def __init__(
        self,
        argv: Sequence[str],
        cwd: Path,
        marks: Sequence[str] = (),
        front: WebServer | None = None,
    ) -> None:
        self.argv = list(argv)
        self.cwd = cwd
        self.marks = list(marks)
        self.front = front


class Session:
    """One server at a time. Events come to ``hear`` on threads of ours, in batches."""

    def __init__(self, command: Command, hear: Hear, holds: Sequence[HoldRule] = (), look: Look | None = None) -> None:
        self.command = command
        self.origin = time.monotonic_ns()
        self.started_at = time.time()
        self.state = State.STARTING
        self.host = ""
        self.port = 0
        self.server = ""
        self.refusals: list[Refused] = []
        self.last_words = ""  # what the program wrote, once it was stopped
        self._hear = hear
        self._changed = threading.Condition()
        self._greeted = False
        self._untold = False
        self._listening = 0.0
        self._libraries: set[str] = set()
        self._relay = 0  # the process of a relay of ours
        self._look: Look | None = None
        self._folder = Path(tempfile.mkdtemp(prefix="passerella-"))
        self._guard = Guard(self._folder)  # at once: if we are killed from here on, it takes the folder away
        self._channel = Channel(self._folder, self._heard)
        self.hold(holds)
        if look is not None:
            self.microscope(look)
        if command.limits is not None:
            self.limit(*command.limits)
        self._abort = Abort()
        self._upstream = ""
        self._front = self._prepare_front()
        self.program: Program = self._start()
        threading.Thread(target=self._watch, name="sorveglianza", daemon=True).start()

    @property
    def _hosts(self) -> bool:
        """Whether the web server runs the app inside itself."""
        return self._front is not None and bool(self._front.front.runs)

    def _start(self) -> Program:
        hosted = self.command.front.hosted if self.command.front is not None else None
        if self._front is not None and hosted is not None:
            return self._front.start_with(self._guard, hosted, self._environment())
        return self._guard.start(self._words(), self.command.cwd, self._environment())

    def _words(self) -> list[str]:
        return [word.replace(FOLDER, str(self._folder)) for word in self.command.argv]

    def _prepare_front(self) -> "InFront | None":
        """The web server that will stand in front. :class:`StartError` when it is not installed: nothing runs then."""
        wanted = self.command.front
        if wanted is None:
            return None
        from passerella.servers.fronts.every import FRONTS
        from passerella.session.in_front import InFront

        try:
            return InFront(
                FRONTS[wanted.name], wanted.configuration, wanted.files, self._folder, self._hear, self._front_serves
            )
        except StartError:
            self._guard.close()
            self._channel.close()
            self._abort.close()
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    @property
    def upstream(self) -> str:
        """Where the web server in front reaches the traced one, or empty."""
        return self._upstream

    @property
    def front(self) -> "InFront | None":
        """The web server in front, if there is one."""
        return self._front

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}" if self.port else self.host

    def wait_ready(self) -> State:
        """Wait until the server serves. :class:`StartError` when it ends before."""
        deadline = time.monotonic() + _READY
        with self._changed:
            while self.state is State.STARTING and time.monotonic() < deadline:
                self._changed.wait(0.05)
                self._decide()
            state = self.state
        if state is State.ENDED:
            raise self.failure()
        if state is State.STARTING:
            raise StartError(
                _("Il programma è partito, ma dopo {seconds} secondi non è ancora in ascolto su una porta.").format(
                    seconds=int(_READY)
                ),
                last_words(self.program.words()),
            )
        return state

    def failure(self) -> StartError:
        """Why the program ended, in Italian, with its last words."""
        if self._front is not None and self._front.ended and (self._hosts or not self.program.ended.is_set()):
            return self._front.failure()
        words = self.program.words()
        if self.program.error:
            return StartError(
                _(
                    "Non riesco ad avviare «{program}»: {error}. Controlla che il comando sia scritto bene e installato."
                ).format(program=self.command.argv[0], error=self.program.error)
            )
        sentence = explain(words, self.command.cwd)
        if not sentence:
            sentence = _(
                "Il server è terminato (codice {code}) senza mettersi in ascolto. Queste sono le sue ultime parole."
            ).format(code=self.program.code)
        return StartError(sentence, last_words(words))

    def send(
        self, requests: Sequence[Prepared], *, same_connection: bool = False, abort: Abort | None = None
    ) -> list[Answer]:
        """Send requests and wait for the answers, without a time limit: a journey can be held.

        ``abort`` ends the wait; without one it ends with the session.
        """
        from passerella.client.exchange import run  # nothing is sent before somebody asks for it

        return run(requests, self._own_host, self.port, self._log, same_connection, abort or self._abort)

    def chat(
        self, line: str, messages: Sequence[str | bytes], headers: Sequence[tuple[str, str]] = (), clients: int = 1
    ) -> "list[Outcome]":
        """Open a WebSocket at ``line``, or several, who speak in turn and all listen; each message waits for the answer
        to the one before. How it went, for each client.
        """
        from passerella.client.chat import chat

        return chat(
            self._own_host, self.port, line, messages, self._log, clients=clients, headers=headers, abort=self._abort
        )

    def talks(self, line: str, clients: int, changed: Callable[[], None], *, first: int = 1) -> "list[Talk]":
        """WebSockets that stay open, each on a thread of its own; ``first`` is the number of the first."""
        parse_line(line)
        from passerella.session.talks import Talk

        return [Talk(first + index, line, partial(self.dialog, line), changed) for index in range(clients)]

    def dialog(self, line: str, headers: Sequence[tuple[str, str]] = (), subprotocols: Sequence[str] = ()) -> "Dialog":
        """A WebSocket opened at ``line``, to be used by one thread; the session ends it when it ends."""
        from passerella.client.websocket import Dialog

        return Dialog.open(
            self._own_host,
            self.port,
            line,
            self._log,
            headers=headers,
            subprotocols=subprotocols,
            abort=self._abort,
        )

    @property
    def _own_host(self) -> str:
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)

    def hold(self, rules: Sequence[HoldRule]) -> None:
        """Set where journeys are held from now on; those already held stay so."""
        self._channel.hold([msgspec.to_builtins(rule) for rule in rules])

    def resume(self, pid: int, moment: int) -> None:
        """Let the journey held at that moment of process ``pid`` go on."""
        self._channel.command(["resume", moment], pid)

    def release_all(self) -> None:
        """Nobody is held any more, and nobody will be."""
        self._channel.hold([])
        self._channel.command(["release"])

    def close(self) -> None:
        """Stop everything: requests under way, the server, the guardian, the channel, the folder."""
        self.release_all()
        self._abort.request()
        if self._front is not None and self._front.program is not None:
            self._guard.stop(self._front.program, signal.SIGTERM)
        self._guard.stop(self.program, signal.SIGTERM)
        self.last_words = self.program.words()
        self._guard.close()
        if self._front is not None:
            self._front.close()
        self._channel.close()
        self._abort.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _environment(self) -> Mapping[str, str]:
        env = {**os.environ, **self.command.environment}
        before = env.get("PYTHONPATH", "")
        env[PATH_VARIABLE] = before
        env["PYTHONPATH"] = os.pathsep.join(part for part in (str(_INJECT), before) if part)
        env[ADDRESS_VARIABLE] = f"{self._channel.address}|{self._channel.token}"
        if self.command.marks:
            env[MARKS_VARIABLE] = ",".join(self.command.marks)
        return env

    def limit(self, full: int, recorded: int) -> None:
        """Journeys a second, in each process, that are recorded in full, and recorded at all; the others are counted."""
        self._channel.standing("limit", full, recorded)

    def watch(self, watching: bool) -> None:
        """Whether anybody looks: while nobody does, nothing is recorded and the landmarks are taken away."""
        self._channel.standing("watch", watching)

    def microscope(self, look: Look | None, pid: int | None = None) -> None:
        """Put the next request that matches under the microscope, in one process or in all; None: none any more."""
        asked = msgspec.to_builtins(look)
        self._look = look
        if pid is None:
            self._channel.standing("microscope", asked)
        else:
            self._channel.command(["microscope", asked], pid)

    def _log(self, event: ClientConnected | ClientClosed | ClientSent | ClientReceived) -> None:
        if isinstance(event, ClientConnected):  # what we send is always recorded in full
            self._channel.command(["expect", int(event.local.rpartition(":")[2])])
        self._hear([(os.getpid(), event)])

    def _heard(self, batch: list[tuple[int, Event]]) -> None:
        self._hear(batch)
        with self._changed:
            for pid, event in batch:
                self._note(pid, event)
            self._decide()
            self._changed.notify_all()

    def _note(self, pid: int, event: Event) -> None:
        match event:
            case Hello():
                self._greeted = True
            case Library():
                self._libraries.add(event.name)
                if event.name == "relay":
                    self._relay = pid
            case Listening() if not self.host:
                self.host, self.port = event.host, event.port
                self._listening = time.monotonic()
            case Ready() if self._relay in (0, pid):  # a relay knows better than the server behind it
                self.server = event.server
            case Magnified() if self._look is not None and not self._look.again:
                self._look = None  # one request, whichever process serves it
                self._channel.withdraw(["microscope", None], pid)
            case Refused():
                self.refusals.append(event)
                self._untold = self._untold or event.what == "gevent"

    def _decide(self) -> None:
        """Bring ``state`` up to date with what is known by now."""
        if self.program.ended.is_set() or (self._front is not None and self._front.ended):
            self.state = State.ENDED
        elif self.state is State.STARTING and self.host and (self.server or self._settled()) and self._takes():
            self.state = State.READY if self._front is None or self._in_front(self._front) else State.STARTING
        elif self.state is State.STARTING and self._inside_serves:
            self.state = State.READY
        elif self.state is State.STARTING and not self._greeted and self._seconds() > GREETING:
            self.state = State.SILENT

    def _takes(self) -> bool:
        """Whether a server that does not listen in Python takes connections by now. It is asked: the probe does not see."""
        if self.server not in _UNSEEN or self._relay:
            return True
        try:
            socket.create_connection((self._own_host, self.port), _ASKING).close()
        except OSError:
            return False
        return True

    def _in_front(self, front: "InFront") -> bool:
        """Put the web server in front of the one that serves by now; True when it serves too: requests go to it."""
        if not self._upstream:
            self._upstream = f"{self.host}:{self.port}" if self.port else self.host
            front.start(self._guard, self._upstream)
        if front.ready:
            self.host, self.port = front.host, front.port
        return front.ready

    @property
    def _inside_serves(self) -> bool:
        """Whether the web server serves, and in it the app that it runs itself."""
        if self._front is None or not self._hosts or not self._front.ready or not self.server:
            return False
        self.host, self.port = self._front.host, self._front.port
        return True

    def _front_serves(self) -> None:
        with self._changed:
            self._decide()
            self._changed.notify_all()

    def _settled(self) -> bool:
        """A server that no table knows, or that will say no more, listens since a moment."""
        unknown = not (self._libraries & _known_servers()) and not self._relay
        return (self._untold or unknown) and time.monotonic() - self._listening > _SETTLED

    def _seconds(self) -> float:
        return (time.monotonic_ns() - self.origin) / 1e9

    def _watch(self) -> None:
        """Tell when the program ends."""
        self.program.ended.wait()
        with self._changed:
            self._decide()
            self._changed.notify_all()


@cache
def _known_servers() -> frozenset[str]:
    """The libraries that serve, and tell when."""
    from passerella.probe.landmarks.every import TABLES  # long to read: not before the first screen is there

    return frozenset(table.library for table in TABLES if table.role == "server")


def own_python() -> str:
    """The interpreter that runs Passerella."""
    return sys.executable
