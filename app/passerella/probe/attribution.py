"""Which request a moment belongs to.

Contextvars alone are not enough: with pipelining a server starts the second request from the first one's task. So a
request is also found by the server's own object for it, and each wrapper puts back what it changed.
"""

from __future__ import annotations

from _contextvars import ContextVar
from _weakref import ref
from itertools import count

from . import levels
from .channel import armed, clock, count_request, in_child, put, sequence
from .freeze import Known
from .places import where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Owner: TypeAlias = "Connection | Request"

CURRENT: ContextVar[Owner | None] = ContextVar("passerella_current", default=None)

_numbers = count(1)
_by_object: dict[
    int, tuple[Owner, Any]
] = {}  # id of a foreign object -> (its Connection or Request, weak reference that forgets it)


class Connection:
    """An accepted connection: how many bytes went each way, and how many requests were recognised.

    ``silent``: nothing of it is recorded, only counted; ``brief``: its calls are not; both can change when the other
    side begins a new request. ``accepted``: the moment that told the viewer of it, 0 when none did. ``held_by``: the numbers of the rules that held it;
    ``latest``: the request that began here and that no object stands for yet; ``moved``: the rule that is to hold it
    at its next step; ``waiter``: what it is to await. ``thread``, ``task``, ``place``, ``places``: see :mod:`places`.
    """

    __slots__ = (
        "accepted", "brief", "held_by", "id", "kept_in", "kept_out", "last", "latest", "local", "moved", "newest", "number", "peer", "place", "places",
        "read", "requests", "silent", "site", "t", "task", "thread", "turn", "waiter", "watch", "written",
    )  # fmt: skip

    def __init__(self, peer: str, local: str, site: int) -> None:
        self.number = next(_numbers)
        self.id = (self.number, 0)
        self.peer = peer
        self.local = local
        self.site = site
        self.t = clock()
        self.read = 0
        self.written = 0
        self.kept_in = 0
        self.kept_out = 0
        self.turn = ""
        self.requests = 0
        self.last: str | None = None
        self.latest: Request | None = None
        self.newest: Request | None = None
        self.held_by: set[int] = set()
        self.moved: Any = None
        self.waiter: Any = None
        self.place = 0
        self.thread: Any = None
        self.task: Any = None
        self.places: dict[Any, int] | None = None
        self.accepted = 0
        self.silent = True
        self.watch = levels.watch if armed() else -1
        self.set_level()

    @property
    def known(self) -> dict[str, Any]:
        """No ``environ`` or ``scope`` belongs to a connection."""
        return {}

    @property
    def connection(self) -> Connection:
        return self

    def set_level(self) -> None:
        """Decide how much is recorded of the journey that begins now; after a silence the viewer meets it anew."""
        was_silent = self.silent
        level = levels.level_of(self)
        self.silent = level == levels.COUNTED
        self.brief = level != levels.FULL
        if was_silent and not self.silent:
            again = self.accepted > 0 or self.read > 0
            self.accepted = next(sequence)
            self.read = self.written = 0
            put(("accept", self.accepted, self.t, where(self), self.site, self.peer, self.local, again))

    def turn_to(self, turn: str) -> None:
        """The other side speaks (``in``), or is answered (``out``)."""
        if turn == "in" and self.turn == "out":
            self.places = self.thread = None
            self.held_by = set()  # a new request begins: it can be held as the one before was
            self.set_level()
        elif turn == "in" and self.brief and levels.is_ours(self):
            self.set_level()
        if turn == "in" and self.silent:
            count_request()
        self.turn = turn
        self.kept_in = self.kept_out = 0

    def forget_environ(self) -> None:
        """The newest request is over: its ``environ`` may lead back to the objects that stand for it, and keep them."""
        if self.newest is not None and self.newest.kind == "environ":
            self.newest.mapping = None

    def meet_again(self, data: bytes) -> None:
        """While nobody looked it went on: it is followed again from where a request begins."""
        line = data.partition(b"\r\n")[0]
        if line.endswith((b" HTTP/1.1", b" HTTP/1.0")):
            self.watch = levels.watch
            self.silent = True
            self.turn = ""
            self.set_level()


class Request:
    """A request that the server recognised; ``seen`` is the last look at its ``environ`` or ``scope``.

    Where an app of one interface is inside one of the other it has both: ``other`` is the last look at the other one.
    """

    __slots__ = (
        "brief", "connection", "held_by", "id", "kind", "last", "mapping", "moved", "number", "other", "place", "places",
        "seen", "silent", "task", "thread", "waiter",
    )  # fmt: skip

    def __init__(self, connection: Connection | None) -> None:
        self.number = next(_numbers)
        self.connection = connection
        self.seen = Known()
        self.other: Known | None = None
        self.mapping: Any = None
        self.kind = ""
        self.last: str | None = None
        self.waiter: Any = None
        self.place = 0
        self.thread: Any = None
        self.task: Any = None
        self.places: dict[Any, int] | None = None
        if connection is not None:
            self.id = (connection.number, self.number)
            self.silent = connection.silent
            self.brief = connection.brief
            connection.requests += 1
            connection.forget_environ()
            connection.latest = connection.newest = self
            self.held_by = connection.held_by  # shared: what is only of the connection is the request's too
            self.moved, connection.moved = connection.moved, None
        else:
            self.id = (0, self.number)
            level = levels.level_of(None)
            self.silent = level == levels.COUNTED
            self.brief = level != levels.FULL
            self.held_by = set()
            self.moved = None
        if not self.silent:
            put(("begin", next(sequence), clock(), where(self), 0))

    def turn_to(self, kind: str) -> None:
        """From now on the mapping is of this kind: ``environ`` or ``scope``."""
        if self.kind:
            self.seen, self.other = self.other or Known(), self.seen
        self.kind = kind

    @property
    def known(self) -> dict[str, Any]:
        """What is known of its ``environ`` or ``scope`` by now: plain values, and the frozen form of others."""
        return self.seen.values


def bind(thing: Any, owner: Owner) -> bool:
    """Remember that ``thing``, an object of the server, stands for ``owner``; forgotten when ``thing`` dies."""
    key = id(thing)

    def forget(_: Any, key: int = key, table: dict[int, Any] = _by_object) -> None:
        table.pop(key, None)

    try:
        _by_object[key] = (owner, ref(thing, forget))
    except TypeError:  # no weak references to it: better not to know than to keep it alive
        return False
    return True


def unbind(thing: Any) -> None:
    _by_object.pop(id(thing), None)


def found(thing: Any) -> Owner | None:
    """The Connection or Request that ``thing`` stands for, or None."""
    entry = _by_object.get(id(thing))
    return entry[0] if entry is not None else None


def connection_of(thing: Any) -> Connection | None:
    """The connection of a socket, an asyncio transport, or any object bound to it."""
    owner = found(thing)
    if owner is None:
        inner = getattr(thing, "_sock", None)  # asyncio's selector transports
        owner = found(inner) if inner is not None else None
    return owner.connection if owner is not None else None


def begin(current: Owner | None, thing: Any) -> Owner | None:
    """A new request on the current connection, known from now on by ``thing``; the same thing begins only once."""
    if current is None or thing is None:
        return current
    connection = current.connection
    owner = found(thing)
    if type(owner) is Request and owner.connection is connection:
        return owner
    request = Request(connection)
    if not bind(thing, request) and connection is not None:
        connection.latest = request
    CURRENT.set(request)
    return request


in_child(_by_object.clear)  # nothing of the parent's is ours
