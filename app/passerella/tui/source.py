"""What the lab needs from whoever runs the server: a door small enough to be played by a test."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Protocol

import msgspec

from passerella.events import Event
from passerella.session.live import HoldRule

Batch = list[tuple[int, Event]]


class Phase(Enum):
    """Where the traced server is."""

    STARTING = "starting"
    READY = "ready"
    SILENT = "silent"  # it runs, but no probe speaks from it
    FAILED = "failed"  # it did not start
    ENDED = "ended"  # it served, and is no more


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


class Listener(Protocol):
    """What a source tells, from any thread."""

    def heard(self, batch: Batch) -> None:
        """Some events of the traced processes, or of our client."""

    def became(self, status: Status) -> None:
        """The server started, serves, ended…"""

    def said(self, sentence: str) -> None:
        """An Italian sentence worth a notice: a request that got no answer."""


class LiveSource(Protocol):
    """Runs a server under the probe. No method waits for the server."""

    @property
    def requests(self) -> Sequence[str]:
        """Request lines ready to be sent."""

    @property
    def bodies(self) -> Mapping[str, str]:
        """The body that goes with some of them."""

    @property
    def rules(self) -> Sequence[HoldRule]:
        """Where journeys are held from the very start."""

    def start(self, listener: Listener, scenario: str = "") -> None:
        """Start in the background, after ending what ran before; ``scenario`` is another one to run from now on."""

    def send(self, line: str, headers: Sequence[tuple[str, str]], body: bytes | None) -> None:
        """Send a request in the background.

        :raises CommandError: it cannot be composed.
        """

    def hold(self, rules: Sequence[HoldRule]) -> None:
        """Where journeys are held from now on, by this server and by those that take its place."""

    def resume(self, pid: int, moment: int) -> None:
        """The journey held at that moment of process ``pid`` goes on."""

    def release_all(self) -> None:
        """Every journey goes on, and no other is held."""

    def close(self) -> None:
        """End everything. Called once, at the end."""
