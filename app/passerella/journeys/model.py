"""Journeys and steps, as every reader of a trace sees them."""

from typing import Literal

import msgspec

from passerella.events import Changes, Value

Span = tuple[int, int]
Origin = list[Span] | str  # byte ranges of the request, or a word: socket, server, process, middleware
Station = Literal["client", "proxy", "socket", "server", "gateway", "middleware", "framework", "view"]
Direction = Literal["inbound", "outbound"]


class Bytes(msgspec.Struct, frozen=True):
    """A piece of a journey's stream: positions count from that journey's own first byte, in its direction.

    ``data`` may be shorter than ``end - start``: the rest was counted, not kept.
    """

    start: int
    end: int
    data: bytes


class Source(msgspec.Struct, frozen=True):
    """Where the code of a step is. ``file`` is as short as it can be (``gunicorn/http/wsgi.py``); ``path`` is whole."""

    file: str
    line: int
    path: str
    name: str = ""


class Step(msgspec.Struct):
    """One thing that happened during a journey.

    :ivar n: position in the journey, from 1 without holes, in order of time.
    :ivar name: the kind of step; the key of its text and of its label.
    :ivar level: 2 when the walk shows it, 3 when only «tutti i passi» does.
    :ivar pair: ``n`` of the other end of the same call, or None.
    :ivar t: nanoseconds of the monotonic clock.
    :ivar moment: the process's own number of it, by which a held journey is resumed.
    :ivar held: nanoseconds held here; ``holding``: it is held now; ``moved``: the hold was asked at an earlier step.
    :ivar depth: how many calls of the same thread or task are open around it.
    """

    n: int
    station: Station
    direction: Direction
    level: int
    name: str
    landmark: str
    t: int
    pid: int
    tid: int
    thread: str
    hold: str | None = None
    pair: int | None = None
    held: int = 0
    task: str | None = None
    hop: int = 1
    connection: str = ""
    bytes: Bytes | None = None
    mapping: str = ""
    changes: Changes | None = None
    value: dict[str, Value] = {}
    source: Source | None = None
    error: str = ""
    depth: int = 0
    moment: int = 0
    holding: bool = False
    moved: bool = False
    key: int = 0  # identity of the step while the journey grows: n may move, key does not


class Journey(msgspec.Struct):
    """One request (or one WebSocket, or one lifespan), from its first byte on.

    :ivar request: the bytes of the request that were kept; ``request_length`` counts all of them.
    :ivar server: name of the server table that recognised it (``gunicorn``), for origins and labels.
    :ivar answered: the last byte of the response was written.
    :ivar complete: the last byte was written and the callable returned (WSGI: the iterable was closed).
    :ivar steps_held: those of ``steps`` that are or were held.
    :ivar quiet: complete, and nothing more is expected of it: every call returned, the connection said what it does.
    """

    number: int
    connection: str
    ordinal: int
    protocol: str = "http"
    interface: str | None = None
    method: str | None = None
    target: str | None = None
    status: int | None = None
    steps: list[Step] = msgspec.field(default_factory=list)
    request: bytearray = msgspec.field(default_factory=bytearray)
    request_length: int = 0
    response: bytearray = msgspec.field(default_factory=bytearray)
    response_length: int = 0
    origins: dict[str, Origin] = {}
    server: str = ""
    started: int = 0
    ended: int = 0
    dropped: int = 0
    answered: bool = False
    complete: bool = False
    quiet: bool = False
    steps_held: list[Step] = msgspec.field(default_factory=list)

    @property
    def duration(self) -> int:
        """Nanoseconds from the first to the last step that this journey has so far, time held left out."""
        return max(0, self.ended - self.started - self.held)

    @property
    def held(self) -> int:
        """Nanoseconds spent held."""
        return sum(step.held for step in self.steps_held)
