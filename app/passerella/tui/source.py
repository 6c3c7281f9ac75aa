"""What the lab needs from whoever runs the server: a door small enough to be played by a test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from passerella.events import Event

if TYPE_CHECKING:  # a recording is opened without what runs a server
    from passerella.client.draft import Draft
    from passerella.client.prepared import Prepared
    from passerella.journeys.model import Journey
    from passerella.session.talks import Talk
    from passerella.session.wanted import HoldRule, Look

Batch = list[tuple[int, Event]]


class Phase(Enum):
    """Where the traced server is."""

    STARTING = "starting"
    READY = "ready"
    SILENT = "silent"  # it runs, but no probe speaks from it
    FAILED = "failed"  # it did not start
    ENDED = "ended"  # it served, and is no more
    RECORDED = "recorded"  # there is none: a recording is open


GONE = frozenset((Phase.FAILED, Phase.ENDED))


class Status(msgspec.Struct, frozen=True):
    """What there is to say of the traced server.

    :ivar server: its name and version, «gunicorn 27.0.1»; while it starts, the name is enough.
    :ivar message: one Italian sentence, for the phases in which something is wrong.
    :ivar details: the last words of the program, as they came.
    :ivar command: the exact command line, one part a line, with the reason of what was added.
    """

    phase: Phase
    server: str = ""
    app: str = ""
    url: str = ""
    message: str = ""
    details: str = ""
    command: str = ""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What is to run from now on: a ready scenario, or an app of the student's.

    :ivar app: «module:attribute», found from ``folder``.
    :ivar server: instead of the one that goes with it; ``choices``: its options, by name.
    """

    scenario: str = ""
    app: str = ""
    folder: str = ""
    server: str = ""
    choices: Mapping[str, str] = {}


class Listener(Protocol):
    """What a source tells, from any thread."""

    def heard(self, batch: Batch) -> None:
        """Some events of the traced processes, or of our client."""

    def recorded(self, journeys: Sequence[Journey]) -> None:
        """Some journeys of a recording, packed: each opens itself when it is looked at."""

    def became(self, status: Status) -> None:
        """The server started, serves, ended…"""

    def said(self, sentence: str) -> None:
        """An Italian sentence worth a notice: a request that got no answer."""


class LiveSource(Protocol):
    """Runs a server under the probe. No method waits for the server."""

    @property
    def ready(self) -> Sequence[Draft]:
        """The requests that go well with what runs."""

    @property
    def websocket(self) -> str:
        """Where what runs has a WebSocket, «/eco»; empty when it has none that is known."""

    def talk(self, line: str, changed: Callable[[], None]) -> Sequence[Talk]:
        """Open a WebSocket there in the background, or one for each client that the scenario is about.

        :param changed: called from any thread when one of them opened or ended.
        :raises PasserellaError: the server is not there, or ``line`` is no path.
        """

    @property
    def rules(self) -> Sequence[HoldRule]:
        """Where journeys are held from the very start."""

    @property
    def folder(self) -> str:
        """Where the files of the student's app are; empty when nothing there is to be waited for."""

    @property
    def running(self) -> Change:
        """What runs, as far as it can be chosen here."""

    def start(self, listener: Listener, change: Change | None = None) -> None:
        """Start in the background, after ending what ran before; ``change`` is another thing to run from now on."""

    def send(self, requests: Sequence[Prepared], same_connection: bool = False) -> None:
        """Send requests in the background."""

    def hold(self, rules: Sequence[HoldRule]) -> None:
        """Where journeys are held from now on, by this server and by those that take its place."""

    def resume(self, pid: int, moment: int) -> None:
        """The journey held at that moment of process ``pid`` goes on."""

    def release_all(self) -> None:
        """Every journey goes on, and no other is held."""

    def microscope(self, look: Look | None, pid: int | None = None) -> None:
        """Put the next request that matches under the microscope; None: none any more."""

    def save(self, path: Path, journeys: Iterable[Journey], *, with_secrets: bool = False) -> None:
        """Save what the session that runs has seen; ``journeys`` are those that it has by now.

        :raises PasserellaError: it cannot be written.
        """

    def export(self, kind: str, path: Path, journeys: Sequence[Journey]) -> None:
        """Write journeys, their secrets covered, as ``kind``: one of ``passerella.export.writing.FORMATS``.

        :raises PasserellaError: it cannot be written.
        """

    def elsewhere(self, change: Change, draft: Draft) -> Journey:
        """The journey of a request on something else, which runs only for that. This one waits: not on the screen's
        thread.

        :raises PasserellaError: it does not start, or does not answer.
        """

    def close(self, *, failed: bool = False) -> None:
        """End everything. Called once, at the end. ``failed``: the screen broke down, and what was seen is to stay."""
