"""Journeys and steps, as every reader of a trace sees them."""

from typing import TYPE_CHECKING, Any, Literal, Protocol

import msgspec

from passerella.events import Changes, Mark, Value

Span = tuple[int, int]
Origin = list[Span] | str  # byte ranges of the request, or a word: socket, server, process, middleware
Station = Literal["client", "proxy", "socket", "server", "gateway", "middleware", "framework", "view"]
Direction = Literal["inbound", "outbound"]


class Bytes(msgspec.Struct, frozen=True, array_like=True):
    """A piece of a journey's stream: positions count from that journey's own first byte, in its direction.

    ``data`` may be shorter than ``end - start``: the rest was counted, not kept.
    """

    start: int
    end: int
    data: bytes


class Source(msgspec.Struct, frozen=True, array_like=True):
    """Where the code of a step is. ``file`` is as short as it can be (``gunicorn/http/wsgi.py``); ``path`` is whole."""

    file: str
    line: int
    path: str
    name: str = ""


class Step(msgspec.Struct, array_like=True):
    """One thing that happened during a journey.

    :ivar n: position in the journey, from 1 without holes, in order of time.
    :ivar name: the kind of step; the key of its text and of its label.
    :ivar level: 2 when the walk shows it, 3 when only «tutti i passi» does.
    :ivar pair: ``n`` of the other end of the same call, or None.
    :ivar t: nanoseconds of the monotonic clock.
    :ivar moment: the process's own number of it, by which a held journey is resumed.
    :ivar hold: how it can be held here; once it was held, how it was.
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

    def held_by(self, t: int) -> int:
        """Nanoseconds held here until ``t``."""
        since = max(0, t - self.t)
        return since if self.holding else min(self.held, since)


class Suspension(msgspec.Struct, frozen=True, array_like=True):
    """The coroutine of an ASGI app gave the loop back: ``times`` times, ``waited`` nanoseconds in all.

    :ivar open: it is suspended now; ``end`` and ``waited`` say nothing yet.
    """

    start: int
    end: int
    waited: int
    times: int = 1
    open: bool = False


class Unseen(msgspec.Struct, frozen=True):
    """How the microscope did with a journey: what it only counted, or why it refused (``tracer``, ``tools``).

    :ivar done: it has nothing more to say, unless the app goes on.
    """

    calls: int = 0
    lines: int = 0
    refused: str = ""
    done: bool = False


class Upstream(msgspec.Struct, array_like=True, eq=False):
    """The second hop of a journey that came by a web server: what the app's server received, and what it answered.

    :ivar uncertain: others like it came at the same time: this may be one of those.
    """

    request: bytearray = msgspec.field(default_factory=bytearray)
    request_length: int = 0
    response: bytearray = msgspec.field(default_factory=bytearray)
    response_length: int = 0
    uncertain: bool = False


class Packed(Protocol):
    """What a journey keeps of its steps, bytes and origins when nobody looks at them."""

    stations: frozenset[str]
    errors: frozenset[str]

    def open(self, journey: "Journey") -> None:
        """Give ``journey`` back what it had."""


class Tracing(Protocol):
    """What the origins of a journey are found from."""

    def origins(self, journey: "Journey") -> dict[str, Origin]:
        """Where each key of ``environ`` or ``scope`` comes from."""


class Journey(msgspec.Struct, eq=False):
    """One request (or one WebSocket, or one lifespan), from its first byte on.

    Of a journey that ended a while ago ``steps``, ``request``, ``response`` and ``origins`` are ``packed``: reading any
    of them opens it again, for as long as not too many others are opened after it. The rest is always at hand.

    :ivar request: the bytes of the request that were kept; ``request_length`` counts all of them.
    :ivar server: name of the server table that recognised it (``gunicorn``), for origins and labels.
    :ivar answered: the last byte of the response was written.
    :ivar complete: the last byte was written and the callable returned (WSGI: the iterable was closed).
    :ivar steps_held: those of ``steps`` that are or were held.
    :ivar suspensions: of the callable's coroutine (ASGI), in order of time; see :mod:`passerella.journeys.spells`.
    :ivar seen: what the microscope saw, see :mod:`passerella.journeys.microscope`; ``unseen``: what it could not show.
    :ivar abandoned: its process ended before it did.
    :ivar quiet: nothing more is expected of it: every call returned and it is complete, the connection said what it does;
        or the connection ended before the response did.
    :ivar pid: the process that served it.
    :ivar summary: only its bytes were recorded, not its calls: there were too many at that moment.
    :ivar omitted: how many steps were counted and not kept, after step number ``omitted_after``.
    :ivar pinned: it is never let go, and once opened it stays so.
    :ivar front: the web server that it came by (``nginx``), or empty. Then ``request`` and ``response`` are what the
        client sent and received, as far as that is known, and ``upstream`` is the second hop, None when there was none;
        ``origins`` point into its request.
    :ivar rebuilt: ``request`` and ``response`` are not the client's own bytes but what the web server said of them.
    :ivar uncertain: its bytes and its calls were joined by their looks only, and others looked the same: the calls may be
        those of another one.
    :ivar tracing: what ``origins`` are found from when somebody asks for them.
    :ivar gone: it was let go: who still has it can look at it, but it is in no list any more.
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
    suspensions: list[Suspension] = msgspec.field(default_factory=list)
    seen: list[Mark] = msgspec.field(default_factory=list)
    unseen: Unseen | None = None
    abandoned: bool = False
    pid: int = 0
    summary: bool = False
    omitted: int = 0
    omitted_after: int = 0
    held_omitted: int = 0  # nanoseconds held at steps that were not kept
    pinned: bool = False
    gone: bool = False
    packed: Packed | None = None
    front: str = ""
    rebuilt: bool = False
    upstream: Upstream | None = None
    uncertain: bool = False
    tracing: Tracing | None = None

    if not TYPE_CHECKING:  # a checker would believe that any attribute exists

        def __getattr__(self, name: str) -> Any:
            """An attribute that is not there: it is packed, or to be found out, or it is no attribute at all."""
            if name == "origins" and self.tracing is not None:
                self.origins = self.tracing.origins(self)
                return self.origins
            if name not in PACKED or self.packed is None:
                raise AttributeError(name)
            self.packed.open(self)
            return getattr(self, name)

    def __repr__(self) -> str:
        return f"<Journey {self.number} {self.method} {self.target!r} {self.status}>"

    @property
    def stations(self) -> frozenset[str]:
        """Where it came by; known without opening it."""
        if self.packed is not None:
            return self.packed.stations
        return frozenset(step.station for step in self.steps)

    @property
    def origin_request(self) -> bytes:
        """The request whose bytes ``origins`` point into: the one that the app's server received."""
        return bytes(self.upstream.request if self.upstream is not None else self.request)

    @property
    def errors(self) -> frozenset[str]:
        """The types of the exceptions in it; known without opening it."""
        if self.packed is not None:
            return self.packed.errors
        return frozenset(step.error for step in self.steps if step.error)

    @property
    def duration(self) -> int:
        """Nanoseconds from the first to the last step that this journey has so far, time held left out."""
        return max(0, self.ended - self.started - self.held_by(self.ended))

    @property
    def held(self) -> int:
        """Nanoseconds spent held."""
        return self.held_omitted + sum(step.held for step in self.steps_held)

    def held_by(self, t: int) -> int:
        """Nanoseconds spent held until ``t``: while it is held others may go on, our client among them."""
        return self.held_omitted + sum(step.held_by(t) for step in self.steps_held)


PACKED = ("steps", "request", "response", "origins", "suspensions", "seen", "upstream")
