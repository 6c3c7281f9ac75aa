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
    """How many messages the probe could not keep since the last time it said so."""

    count: int


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
    """A connection was accepted; ``peer`` and ``local`` are ``host:port``."""

    peer: str
    local: str


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

    value: dict[str, Value]
    mapping: str = ""
    changes: Changes | None = None


class Left(Moment, frozen=True, array_like=True, tag="leave"):
    """A landmark was left; ``entry`` is the ``n`` of its :class:`Entered`. ``error`` is the exception's type, or empty."""

    entry: int
    value: dict[str, Value]
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
    | ClientSent
    | ClientReceived
)
