"""What the probe and our client tell, typed: one frozen struct a message.

Times are nanoseconds of the machine's monotonic clock, the same for every process.
A message does not say which process sent it: the reader knows, from the connection it came by, and hands
``(pid, message)`` on.
Values are plain data in the notation of :mod:`passerella.probe.freeze`.
"""

from typing import Any

import msgspec

Value = Any  # str, int, float, bool, None, list, dict: already frozen by the probe


class Changes(msgspec.Struct, frozen=True, array_like=True):
    """What changed in ``environ`` or ``scope`` since the snapshot before.

    ``added`` and ``changed`` map a key (or an inner path, ``headers[2]``) to its value and to ``[old, new]``.
    """

    added: dict[str, Value] = {}
    changed: dict[str, tuple[Value, Value]] = {}
    removed: list[str] = []

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


class Event(msgspec.Struct, frozen=True, array_like=True, tag_field="kind"):
    """A message of the wire."""


class Hello(Event, frozen=True, array_like=True, tag="hello"):
    """First message of each traced process."""

    protocol: int
    token: str
    pid: int
    ppid: int
    python: str
    executable: str
    argv: list[str]
    virtual: str = ""


class Library(Event, frozen=True, array_like=True, tag="library"):
    """A library with a landmark table was imported. ``resolved`` rows of ``total`` were found, ``missing`` were not."""

    name: str
    version: str
    total: int = 0
    missing: list[str] = []


class Environment(Event, frozen=True, array_like=True, tag="environment"):
    """The names of the process variables, to recognise those that a server copies into ``environ``."""

    keys: list[str]


class Thread(Event, frozen=True, array_like=True, tag="thread"):
    """Names the thread whose native id is ``tid``; said again when the id is used by another thread."""

    tid: int
    name: str


class Site(Event, frozen=True, array_like=True, tag="site"):
    """A place in the code: which landmark row, the function's own name, file and line.

    ``landmark`` is the row's key (``gunicorn.http.wsgi:create``, ``socket.recv``, ``wsgi.call``).
    """

    site: int
    landmark: str
    name: str
    file: str
    line: int


class App(Event, frozen=True, array_like=True, tag="app"):
    """The server keeps an app: ``interface`` is ``wsgi`` or ``asgi``."""

    interface: str
    name: str


class Listening(Event, frozen=True, array_like=True, tag="listening"):
    """A socket listens. ``host`` is a path for a Unix socket, and then ``port`` is 0."""

    host: str
    port: int
    t: int = 0


class Ready(Event, frozen=True, array_like=True, tag="ready"):
    """The server reached the point where it serves requests. ``server`` is the table's name."""

    server: str
    t: int = 0


class Refused(Event, frozen=True, array_like=True, tag="refused"):
    """Something that the probe does not trace: ``what`` is python, gevent, tls, http2."""

    what: str
    detail: str = ""


class Dropped(Event, frozen=True, array_like=True, tag="dropped"):
    """How many moments the probe could not keep since the last time it said so: of a request, of what is only its
    connection's (``request`` 0), or of nobody (both 0)."""

    count: int
    connection: int = 0
    request: int = 0


class Level(Event, frozen=True, array_like=True, tag="level"):
    """How much is recorded of new journeys from now on: ``full``, ``summary`` (their bytes only) or ``counted``."""

    t: int
    what: str


class Counted(Event, frozen=True, array_like=True, tag="counted"):
    """How many requests came, since the last time it was said, of which nothing but this is recorded."""

    n: int


class Goodbye(Event, frozen=True, array_like=True, tag="goodbye"):
    """The connection of a process ended: said by the reader."""


class Moment(Event, frozen=True, array_like=True):
    """What every traced moment carries.

    ``n`` orders the moments of a process. ``task`` is the asyncio task's name, or empty. ``connection`` and
    ``request`` are numbers of the process; 0 is none.
    """

    n: int
    t: int
    tid: int
    task: str
    connection: int
    request: int
    site: int


class Accepted(Moment, frozen=True, array_like=True, tag="accept"):
    """A connection was accepted; ``peer`` and ``local`` are ``host:port``.

    ``again``: it was accepted before, at this ``t``, and nothing was recorded of it, or of its last requests.
    """

    peer: str
    local: str
    again: bool = False


class Received(Moment, frozen=True, array_like=True, tag="recv"):
    """Bytes read; ``offset`` counts from the connection's first inbound byte. Length 0: the other side will send no more.

    ``data`` (latin-1) may be shorter than ``length``: the rest was counted, not kept.
    """

    offset: int
    length: int
    data: str


class Sent(Moment, frozen=True, array_like=True, tag="send"):
    """Bytes written, or (``handed``) given to an event loop that writes them by itself."""

    offset: int
    length: int
    data: str
    handed: bool = False


class Closed(Moment, frozen=True, array_like=True, tag="close"):
    """The connection's end: ``how`` is ``shutdown``, ``close`` or ``lost``."""

    how: str


class Began(Moment, frozen=True, array_like=True, tag="begin"):
    """The server recognised a new request on ``connection``: the first, the second… by the order of these messages."""


class Entered(Moment, frozen=True, array_like=True, tag="enter"):
    """A landmark was entered. ``value`` holds its captures; ``mapping`` is ``environ``, ``scope`` or empty."""

    value: dict[str, Value] = {}
    mapping: str = ""
    changes: Changes | None = None


class Left(Moment, frozen=True, array_like=True, tag="leave"):
    """A landmark was left; ``entry`` is the ``n`` of its :class:`Entered`. ``error`` is the exception's type, or empty."""

    entry: int
    value: dict[str, Value] = {}
    mapping: str = ""
    changes: Changes | None = None
    error: str = ""


class Held(Moment, frozen=True, array_like=True, tag="held"):
    """A journey is held at ``moment`` (the ``n`` of another message) from now on.

    ``how`` is ``await``, ``thread`` or ``loop``; ``moved``: it was asked for at an earlier step, which cannot be held.
    """

    moment: int
    how: str
    moved: bool


class Resumed(Moment, frozen=True, array_like=True, tag="resumed"):
    """The journey held at ``moment`` goes on after ``duration`` nanoseconds."""

    moment: int
    duration: int


class Suspended(Moment, frozen=True, array_like=True, tag="suspended"):
    """The coroutine of an ASGI app waits from now on: it gave the loop back at the callable's boundary."""


class Continued(Moment, frozen=True, array_like=True, tag="continued"):
    """The app's coroutine runs again: since ``since`` it was suspended ``times`` times, ``waited`` nanoseconds in all.

    More than once when suspensions crowd: those were not told by themselves.
    """

    waited: int
    times: int = 1
    since: int = 0


class ClientConnected(Event, frozen=True, array_like=True, tag="client-connect"):
    """Our client has a connection, ``local`` is its own end."""

    t: int
    local: str
    tid: int = 0


class ClientClosed(Event, frozen=True, array_like=True, tag="client-close"):
    """Our client closed its connection."""

    t: int
    local: str
    tid: int = 0


class Seen(msgspec.Struct, frozen=True, array_like=True, tag_field="kind"):
    """A thing that the microscope saw."""


class FunctionSeen(Seen, frozen=True, array_like=True, tag="function"):
    """A function that will be spoken of by ``number``; ``own``: it is in the student's own code."""

    number: int
    name: str
    file: str
    line: int
    own: bool


class CallSeen(Seen, frozen=True, array_like=True, tag="call"):
    """A call began, made by the call ``parent`` (0: by none that was seen; then ``tid`` and ``task`` tell where)."""

    call: int
    parent: int
    function: int
    t: int
    tid: int = 0
    task: str = ""
    arguments: dict[str, Value] = {}


class LineSeen(Seen, frozen=True, array_like=True, tag="line"):
    """A line of the student's is about to run; ``changed`` and ``removed`` are locals, and the line before did it."""

    call: int
    t: int
    line: int
    changed: dict[str, Value] = {}
    removed: list[str] = []


class ReturnSeen(Seen, frozen=True, array_like=True, tag="return"):
    """A call ended: with a value, or with an exception of type ``error``.

    ``ours``: nanoseconds that the microscope itself took. ``waited``: nanoseconds that it was suspended, ``times`` times.
    ``missed``: how many calls inside it were not shown.
    """

    call: int
    t: int
    ours: int
    waited: int
    times: int
    value: Value = None
    error: str = ""
    missed: int = 0
    changed: dict[str, Value] = {}
    removed: list[str] = []


Mark = FunctionSeen | CallSeen | LineSeen | ReturnSeen


class Magnified(Moment, frozen=True, array_like=True, tag="magnified"):
    """What the microscope saw of a request since it last said so; at first, nothing."""

    seen: list[Mark]


class MagnifiedEnd(Moment, frozen=True, array_like=True, tag="magnified_end"):
    """The microscope is done with a request, or could not begin. The last one that is said of a request counts.

    ``calls`` and ``lines`` were not shown. ``refused``: ``tracer``, ``tools``: something of the program is in its place.
    """

    calls: int
    lines: int
    refused: str = ""


class ClientSent(Event, frozen=True, array_like=True, tag="client-send"):
    """Our client sent bytes on ``local`` (its own ``host:port``, which is the server's peer)."""

    t: int
    local: str
    offset: int
    length: int
    data: str
    tid: int = 0


class ClientReceived(Event, frozen=True, array_like=True, tag="client-recv"):
    """Our client received bytes on ``local``; length 0 means that the server closed."""

    t: int
    local: str
    offset: int
    length: int
    data: str
    tid: int = 0


class FrontReady(Event, frozen=True, array_like=True, tag="front"):
    """A web server serves in front of the traced one, at ``address``, and forwards to ``upstream``.

    ``sees``: what its log tells: ``stages``, each thing as it does it, or only the ``ends`` of requests.
    """

    t: int
    name: str
    version: str
    address: str
    upstream: str
    sees: str


class FrontSaid(Event, frozen=True, array_like=True, tag="front-said"):
    """A line of the log of the web server in front.

    ``what`` is the stage, ``connection`` its own name of the client's connection and ``peer`` that client's address.
    ``data`` (latin-1) are bytes that it shows: of a head that it forwards, all of them unless ``cut``.
    """

    t: int
    tid: int
    connection: str
    peer: str
    what: str
    data: str = ""
    cut: bool = False
    value: dict[str, Value] = {}


Message = (
    Hello
    | Library
    | Environment
    | Thread
    | Site
    | App
    | Listening
    | Ready
    | Refused
    | Dropped
    | Level
    | Counted
    | Goodbye
    | Accepted
    | Received
    | Sent
    | Closed
    | Began
    | Entered
    | Left
    | Held
    | Resumed
    | ClientConnected
    | ClientClosed
    | ClientSent
    | ClientReceived
    | Suspended
    | Continued
    | Magnified
    | MagnifiedEnd
    | FrontReady
    | FrontSaid
)
