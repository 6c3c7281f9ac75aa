"""Which request a moment belongs to.

Contextvars alone are not enough: with pipelining a server starts the second request from the first one's task. So a
request is also found by the server's own object for it, and each wrapper puts back what it changed.
"""

from _contextvars import ContextVar
from _weakref import ref
from itertools import count

from .channel import clock, in_child, place, pressed, put, sequence

CURRENT = ContextVar("passerella_current", default=None)

# What is not recorded when the viewer does not keep up is whole, so that what is recorded stays true: of a new
# request the calls, and when the queue is half full new connections altogether.
_BRIEF = 4
_SILENT = 2

_numbers = count(1)
_by_object = {}  # id of a foreign object -> (its Connection or Request, weak reference that forgets it)


class Connection:
    """An accepted connection: how many bytes went each way, and how many requests were recognised.

    ``silent``: nothing of it is recorded, only counted. ``brief``: its calls are not.
    """

    __slots__ = ("brief", "id", "kept_in", "kept_out", "number", "peer", "read", "requests", "silent", "turn", "written")

    def __init__(self, peer):
        self.number = next(_numbers)
        self.id = (self.number, 0)
        self.peer = peer
        self.read = 0
        self.written = 0
        self.kept_in = 0
        self.kept_out = 0
        self.turn = ""
        self.requests = 0
        self.brief = self.silent = pressed(_SILENT)

    @property
    def connection(self):
        return self


class Request:
    """A request that the server recognised; ``known`` is the last snapshot of its ``environ`` or ``scope``."""

    __slots__ = ("brief", "connection", "id", "kind", "known", "last", "mapping", "number", "silent")

    def __init__(self, connection):
        self.number = next(_numbers)
        self.connection = connection
        self.id = (connection.number if connection is not None else 0, self.number)
        self.known = {}
        self.mapping = None
        self.kind = ""
        self.last = None
        self.silent = connection is not None and connection.silent
        self.brief = self.silent or pressed(_BRIEF)
        if connection is not None:
            connection.requests += 1
        if not self.silent:
            put(("begin", next(sequence), clock(), *place(), *self.id, 0))


def bind(thing, owner):
    """Remember that ``thing``, an object of the server, stands for ``owner``; forgotten when ``thing`` dies."""
    key = id(thing)

    def forget(_, key=key, table=_by_object):
        table.pop(key, None)

    try:
        _by_object[key] = (owner, ref(thing, forget))
    except TypeError:  # no weak references to it: better not to know than to keep it alive
        return


def unbind(thing):
    _by_object.pop(id(thing), None)


def found(thing):
    """The Connection or Request that ``thing`` stands for, or None."""
    entry = _by_object.get(id(thing))
    return entry[0] if entry is not None else None


def connection_of(thing):
    """The connection of a socket, an asyncio transport, or any object bound to it."""
    owner = found(thing)
    if owner is None:
        inner = getattr(thing, "_sock", None)  # asyncio's selector transports
        owner = found(inner) if inner is not None else None
    return owner.connection if owner is not None else None


def begin(current, thing):
    """A new request on the current connection, known from now on by ``thing``; the same thing begins only once."""
    if current is None or thing is None:
        return current
    connection = current.connection
    owner = found(thing)
    if type(owner) is Request and owner.connection is connection:
        return owner
    request = Request(connection)
    bind(thing, request)
    CURRENT.set(request)
    return request


in_child(_by_object.clear)  # nothing of the parent's is ours
