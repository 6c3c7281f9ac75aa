"""What a wrapped function records at its entry and exit, from its row."""

from __future__ import annotations

from .attribution import CURRENT, Connection, Request, begin, bind, connection_of, found
from .channel import armed
from .expressions import captures, expression
from .freeze import type_name
from .functions import shown_function
from .record import Call, entered, left, put_back, site_of_code, told_by

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .attribution import Owner
    from .landmark import Landmark

_FUNCTION: Any = type(shown_function)
_NOTHING: dict[str, Any] = {}


class Observer:
    """A call of the journey that is current already: nothing is to be found out, and it costs the least."""

    def __init__(self, row: Landmark, function: Any, arguments: list[str], module: Any) -> None:
        at_exit = ("ret",)
        self.row = row
        self.key = row.key
        self.code = function.__code__ if row.around else shown_function(function).__code__
        self.site = 0
        self.takes = captures(row.takes, arguments, module)
        self.gives = captures(row.gives, arguments, module, at_exit)
        built = "ret" in row.mapping or row.mapping.startswith("self")
        self.mapping = None if built else expression(row.mapping, arguments, module)
        self.mapping_late = expression(row.mapping, arguments, module, at_exit) if built else None
        looks, looks_late = row.looks
        self.looks = looks or self.mapping is not None
        self.looks_late = looks_late or self.mapping_late is not None

    def enter(self, owner: Owner, values: tuple[Any, ...], site: int = 0) -> int:
        """Record the entry of ``owner``; its number."""
        owner.last = self.key
        return entered(
            owner,
            site or self.site or self.place(values),
            self.takes(values) if self.takes is not None else _NOTHING,
            self.looks,
            self.mapping(values) if self.mapping is not None else None,
        )

    def leave(self, owner: Owner, entry: int, result: Any, values: tuple[Any, ...], site: int = 0) -> None:
        """Record the exit of the call that was entered as ``entry``."""
        left(
            owner,
            site or self.site,
            entry,
            self.gives((*values, result)) if self.gives is not None else _NOTHING,
            self.looks_late,
            self.mapping_late((*values, result)) if self.mapping_late is not None else None,
        )

    def fail(self, owner: Owner, entry: int, error: BaseException, site: int = 0) -> None:
        """Record that the call ended by an exception."""
        left(owner, site or self.site, entry, told_by(error), self.looks_late, None, type_name(type(error)))

    def place(self, values: tuple[Any, ...]) -> int:
        """The number of the place in the code."""
        if not self.site:
            self.site = site_of_code(self.key, self.code)
        return self.site


class Finder(Observer):
    """A call by which a connection or a request is found or begins, or that counts only at times."""

    def __init__(self, row: Landmark, function: Any, arguments: list[str], module: Any) -> None:
        super().__init__(row, function, arguments, module)
        at_exit = ("ret",)
        self.when = expression(row.when, arguments, module)
        self.connection = expression(row.connection, arguments, module)
        self.of = expression(row.of, arguments, module)
        self.binds = expression(row.binds, arguments, module)
        self.joins = expression(row.joins, arguments, module)
        self.source = expression(row.source, arguments, module)
        late = "ret" in row.begins
        self.begins = None if late else expression(row.begins, arguments, module)
        self.begins_late = expression(row.begins, arguments, module, at_exit) if late else None
        self.point = expression(row.point, arguments, module, at_exit)
        self.plain = not (self.connection or self.of or self.begins or self.begins_late)

    def find(self, values: tuple[Any, ...]) -> Call | None:
        """Whose call this is, and its entry recorded; None when it is nobody's, or not to be recorded."""
        current = CURRENT.get()
        if (current is None and self.plain) or not armed():
            return None
        if self.when is not None and not self.when(values):
            return None
        token = None
        if self.connection is not None:
            connection = connection_of(self.connection(values))
            if connection is not None:
                current = connection
                token = CURRENT.set(connection)
        if self.of is not None:
            owner = found(self.of(values))
            if owner is not None:
                current = owner
                token = CURRENT.set(owner)
        if self.joins is not None and current is not None:
            bind(self.joins(values), current.connection or current)
        if self.begins is not None:
            current = begin(current, self.begins(values))
        if current is None or self.point is not None:
            put_back(token)
            return None
        if self.binds is not None:
            current = _begun(current)
            if type(current) is Request:
                bind(self.binds(values), current)
        if current.brief:
            return Call(0, current, 0, token)
        site = self.place(values)
        return Call(self.enter(current, values, site), current, site, token)

    def place(self, values: tuple[Any, ...]) -> int:
        if self.source is not None:
            function = shown_function(self.source(values))
            if type(function) is _FUNCTION:
                return site_of_code(self.key, function.__code__)
        return super().place(values)

    def end(self, call: Call | None, result: Any, values: tuple[Any, ...]) -> None:
        """Record the exit of a call; it may be only now that a request begins, or that the call counts."""
        if self.begins_late is not None and not self.is_begun(values):
            started = self.begins_late((*values, result))
            if started is not None:
                owner = begin(CURRENT.get(), started)
                if call is not None and owner is not None:
                    call.owner = owner
        if self.point is not None and self.point((*values, result)):
            self.mark(values, result)
        if call is not None:
            if call.number:
                self.leave(call.owner, call.number, result, values, call.site)
            put_back(call.token)

    def is_begun(self, values: tuple[Any, ...]) -> bool:
        """Whether what the call is of stands for a request already: its bytes are read again."""
        return self.of is not None and type(found(self.of(values))) is Request

    def mark(self, values: tuple[Any, ...], result: Any) -> None:
        """The one step of a call that counts only by its result."""
        current = CURRENT.get()
        if current is not None and not current.brief and armed():
            value = self.gives((*values, result)) if self.gives is not None else _NOTHING
            entered(current, self.place(values), value, self.looks)

    def fail_call(self, call: Call | None, error: BaseException) -> None:
        """Record that the call ended by an exception."""
        if call is not None:
            if call.number:
                self.fail(call.owner, call.number, error, call.site)
            put_back(call.token)


def _begun(current: Connection | Request) -> Connection | Request:
    """The request that began on a connection in an earlier read, and that nothing stands for yet."""
    if type(current) is not Connection or current.latest is None:
        return current
    request, current.latest = current.latest, None
    CURRENT.set(request)
    return request
