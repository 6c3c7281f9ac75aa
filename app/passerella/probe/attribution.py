"""Which request a moment belongs to.

Contextvars alone are not enough: with pipelining a server starts the second request from the first one's task. So a
request is also found by the server's own object for it, and each wrapper puts back what it changed.
"""

from __future__ import annotations

from _contextvars import ContextVar
from _weakref import ref
from itertools import count

from .channel import clock, in_child, place, pressed, put, sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Owner: TypeAlias = "Connection | Request"

CURRENT: ContextVar[Owner | None] = ContextVar("passerella_current", default=None)

# What is not recorded when the viewer does not keep up is whole, so that what is recorded stays true: of a new
# request the calls, and when the queue is half full new connections altogether.
_BRIEF = 4
_SILENT = 2

_numbers = count(1)
_by_object: dict[
    int, tuple[Owner, Any]
] = {}  # id of a foreign object -> (its Connection or Request, weak reference that forgets it)


class Connection:
    """An accepted connection: how many bytes went each way, and how many requests were recognised.

    ``silent``: nothing of it is recorded, only counted. ``brief``: its calls are not. ``held_by``: the numbers of the
    rules that held it; ``latest``: the request that began here and that no object stands for yet; ``moved``: the rule that is to hold it at its next step; ``waiter``: what it is to await.
    """

    __slots__ = (
        "brief", "held_by", "id", "kept_in", "kept_out", "latest", "moved", "number", "peer", "read", "requests", "silent", "turn",
        "waiter", "written",
    )  # fmt: skip

    def __init__(self, peer: Any) -> None:
        self.number = next(_numbers)
        self.id = (self.number, 0)
        self.peer = peer
        self.read = 0
        self.written = 0
        self.kept_in = 0
        self.kept_out = 0
        self.turn = ""
        self.requests = 0
        self.latest: Request | None = None
        self.held_by: set[int] = set()
        self.moved: Any = None
        self.waiter: Any = None
        self.brief = self.silent = pressed(_SILENT)

    @property
    def connection(self) -> Connection:
        return self


class Request:
    """A request that the server recognised; ``known`` is the last snapshot of its ``environ`` or ``scope``."""

    __slots__ = (
        "brief", "connection", "held_by", "id", "kind", "known", "last", "mapping", "moved", "number", "silent", "waiter",
    )  # fmt: skip

    def __init__(self, connection: Connection | None) -> None:
        self.number = next(_numbers)
        self.connection = connection
        self.id = (connection.number if connection is not None else 0, self.number)
        self.known: dict[str, Any] = {}
        self.mapping: Any = None
        self.kind = ""
        self.last: str | None = None
        self.silent = connection is not None and connection.silent
        self.brief = self.silent or pressed(_BRIEF)
        self.held_by = set()
        self.moved: Any = None
        self.waiter: Any = None
        if connection is not None:
            connection.requests += 1
            connection.latest = self
            self.held_by = connection.held_by  # shared: what is only of the connection is the request's too
            self.moved, connection.moved = connection.moved, None
        if not self.silent:
            put(("begin", next(sequence), clock(), *place(), *self.id, 0))


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
