"""A row of a landmark table: a function that requests really pass, and what is read there.

Expressions are Python, written by us in the tables, over the function's own parameters (and ``ret`` at its exit).
"""

from __future__ import annotations

from .vocabulary import DETAIL, FRAMEWORK, GATEWAY, INBOUND, MIDDLEWARE, OUTBOUND, THREAD, VIEW, WALK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

IN = (INBOUND, INBOUND)
OUT = (OUTBOUND, OUTBOUND)
THROUGH = (INBOUND, OUTBOUND)

# Levels of the two steps of a call: its entry and its exit.
BOTH = (WALK, WALK)
ENTRY = (WALK, DETAIL)
EXIT = (DETAIL, WALK)
DETAILS = (DETAIL, DETAIL)


class Landmark:
    """One row.

    :ivar target: ``module:Qual.name`` of the function, or a key of ours (``socket.recv``) for taps and boundaries.
    :ivar key: the row's own name, the target unless rows share one (then ``target#difference``).
    :ivar station: where it stands on the map.
    :ivar name: the kind of its entry step; ``back`` the kind of its exit step.
    :ivar way: directions of entry and exit: ``IN``, ``OUT`` or ``THROUGH`` (inbound, then outbound).
    :ivar levels: level of detail of entry and exit.
    :ivar hold: how a journey can be held here: ``await``, ``thread`` or ``loop``.
    :ivar takes: names to expressions, read at entry; ``gives`` at exit, over ``ret`` too.
    :ivar mapping: expression of the ``environ``/``scope`` here, at exit if it speaks of ``ret`` or starts with ``self``.
    :ivar connection: expression of what stands for the connection: it is current until the exit.
    :ivar begins: expression of the server's object for a request that begins here (at exit if it speaks of ``ret``).
    :ivar binds: expression of a further object that stands for the current request.
    :ivar of: expression of the object whose request is current until the exit.
    :ivar joins: expression of a further object that stands for the current connection.
    :ivar when: condition; where false the call passes unrecorded.
    :ivar point: condition over ``ret``: the call is one step, at its exit, where it holds, and none elsewhere.
    :ivar source: expression of the function whose code is shown instead of the target's.
    :ivar observes: name of the argument (or ``ret``) that is a callable to be observed itself, as row ``product``.
    :ivar product: ``wsgi``, ``asgi``, ``chain``, ``config``, or target of that row, or a dict from the last landmark entered to the target, "" for any other.
    :ivar keeps: ``(expression of an attribute, interface)``: the app that the server keeps there is observed.
    :ivar ready: reaching this function means that the server serves (with hold ``loop``: on this very thread's loop).
    :ivar listens: with ``ready``: expression of the host and port, where no socket of Python's says them.
    :ivar beats: with ``ready``: expression of what has a ``notify()`` to be called while a thread of it is held.
    :ivar refuses: reaching this function means something that is not traced (``tls``, ``gevent``).
    """

    __slots__ = (
        "back",
        "beats",
        "begins",
        "binds",
        "connection",
        "gives",
        "hold",
        "joins",
        "keeps",
        "key",
        "levels",
        "listens",
        "mapping",
        "name",
        "observes",
        "of",
        "point",
        "product",
        "ready",
        "refuses",
        "source",
        "station",
        "takes",
        "target",
        "way",
        "when",
    )

    def __init__(
        self,
        target: str,
        station: str = "server",
        name: str = "server_step",
        way: tuple[str, str] = IN,
        levels: tuple[int, int] = DETAILS,
        hold: str = THREAD,
        *,
        key: str = "",
        back: str = "",
        takes: dict[str, str] | None = None,
        gives: dict[str, str] | None = None,
        mapping: Any = "",
        connection: str = "",
        begins: str = "",
        binds: str = "",
        of: str = "",
        joins: str = "",
        when: str = "",
        point: str = "",
        source: str = "",
        observes: str = "",
        product: Any = "",
        keeps: tuple[str, str, str] | None = None,
        ready: str = "",
        listens: str = "",
        beats: str = "",
        refuses: str = "",
    ) -> None:
        self.target = target
        self.key = key or target
        self.station = station
        self.name = name
        self.back = back or name
        self.way = way
        self.levels = levels
        self.hold = hold
        self.takes = takes or {}
        self.gives = gives or {}
        self.mapping = mapping
        self.connection = connection
        self.begins = begins
        self.binds = binds
        self.of = of
        self.joins = joins
        self.when = when
        self.point = point
        self.source = source
        self.observes = observes
        self.product = product
        self.keeps = keeps
        self.ready = ready
        self.listens = listens
        self.beats = beats
        self.refuses = refuses

    @property
    def silent(self) -> bool:
        """True for rows that only prepare the tracing and make no step of a journey."""
        return bool(self.ready or self.refuses or self.keeps or self.observes)

    @property
    def around(self) -> bool:
        """True for a function around another callable: its code is its own, whatever it says that it wraps."""
        return self.key in ("wsgi.middleware", "asgi.middleware")

    @property
    def looks(self) -> tuple[bool, bool]:
        """Whether ``environ`` or ``scope`` is looked at, at the entry and at the exit, also where no text names it.

        To look costs: it is done where the walk passes on its way in, and wherever the student's code has just run.
        """
        theirs = self.station in (MIDDLEWARE, VIEW) or (self.station == GATEWAY and self.way == THROUGH)
        entry, exit_ = (level == WALK for level in self.levels)
        inbound, back = (way == INBOUND for way in self.way)
        mapped = theirs or self.station in (GATEWAY, FRAMEWORK)
        return entry and mapped and (inbound or theirs), exit_ and mapped and (back or theirs)

    @property
    def finds(self) -> bool:
        """True for rows by which a connection or a request is found or begins, or that count only at times."""
        return bool(
            self.connection
            or self.of
            or self.begins
            or self.binds
            or self.joins
            or self.when
            or self.point
            or self.source
        )


class Table:
    """The landmarks of one library. ``distribution`` names it among the installed packages, for its version."""

    __slots__ = ("distribution", "library", "role", "rows")

    def __init__(self, library: str, role: str, rows: tuple[Landmark, ...], distribution: str = "") -> None:
        self.library = library
        self.role = role
        self.rows = rows
        self.distribution = distribution or library
