"""The WSGI boundary: the callable, ``start_response``, the iterable and its ``close()``.

What the server would have seen it still sees: lists, tuples and file wrappers pass untouched, other iterables keep
exactly the methods they had, nothing is iterated, measured or closed but by the server.
"""

from __future__ import annotations

from .attribution import CURRENT, Request
from .channel import armed
from .freeze import freeze, type_name
from .middleware import observe_chain
from .record import enter, failed, leave, put_back, strip
from .sockets import caller

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .attribution import Owner
    from .middleware import Bare
    from .record import Call

_GENERATOR = 0x20
_UNTOUCHED = {list, tuple, str, bytes, type(None), dict, set, frozenset, bytearray}


def observed_wsgi(app: Any) -> Callable[..., Any]:
    """The app, with its boundary recorded; called exactly as it would be."""
    chain = None

    def application(environ: Any, start_response: Callable[..., Any]) -> Any:
        nonlocal chain
        owner = CURRENT.get()
        if not armed() or (owner is not None and owner.brief):
            try:
                return app(environ, start_response)
            except BaseException as error:
                strip(error)
                raise
        if chain is None:
            chain = observe_chain(app)
        token = None
        if type(owner) is not Request:
            owner = _unattributed(owner)
            token = CURRENT.set(owner)
        call = enter(owner, caller("wsgi.call"), {"app": chain.name}, environ)
        views = [_View(owner, bare) for bare in chain.bares]
        for view in views:
            view.starts()
        try:
            iterable = app(environ, _observed_start_response(owner, start_response))
        except BaseException as error:
            strip(error)
            for view in reversed(views):
                view.fails(error)
            failed(call, error)
            put_back(token)
            raise
        for view in reversed(views):
            view.returned(iterable)
        seen = _observed_iterable(iterable, environ, owner, views)
        closes = isinstance(seen, _Closing)
        leave(call, {"iterable": type_name(type(iterable)), "closes": closes, **_sizes(iterable)})
        put_back(token)
        return seen

    return application


def _unattributed(connection: Owner | None) -> Request:
    """A request that no table recognised: the boundary still shows it."""
    return Request(connection.connection if connection is not None else None)


def _sizes(iterable: Any) -> dict[str, Any]:
    """The lengths of the blocks of a list that is already whole."""
    if type(iterable) in (list, tuple):
        return {"blocks": [len(block) if type(block) is bytes else None for block in iterable[:64]]}
    return {}


class _View:
    """A bare callable: the view itself, or what is around it. A generator function starts at the first block."""

    __slots__ = ("bare", "call", "late", "owner")

    def __init__(self, owner: Owner, bare: Bare) -> None:
        self.owner = owner
        self.call: Call | None = None
        self.bare = bare
        self.late = bool(bare.code.co_flags & _GENERATOR)

    def starts(self, late: bool = False) -> None:
        if self.late == late and self.call is None:
            self.call = enter(self.owner, self.bare.site("wsgi"), {})

    def returned(self, iterable: Any) -> None:
        if self.call is not None and not self.late:
            leave(self.call, {"result": freeze(iterable, 1)})

    def ended(self) -> None:
        if self.call is not None and self.late:
            leave(self.call, {})
            self.late = False

    def fails(self, error: BaseException) -> None:
        if self.call is not None:
            failed(self.call, error)


def _observed_start_response(owner: Owner, real: Callable[..., Any]) -> Any:
    def start_response(*arguments: Any, **keywords: Any) -> Any:
        value = {}
        if len(arguments) >= 2:
            value = {"status": arguments[0], "headers": arguments[1], "exc_info": len(arguments) > 2}
        call = enter(owner, caller("wsgi.start_response"), value)
        try:
            write = real(*arguments, **keywords)
        except BaseException as error:
            strip(error)
            failed(call, error)
            raise
        leave(call, {})
        return _observed_write(owner, write) if callable(write) else write

    return start_response


def _observed_write(owner: Owner, real: Callable[..., Any]) -> Any:
    def write(*arguments: Any, **keywords: Any) -> Any:
        length = len(arguments[0]) if arguments and type(arguments[0]) is bytes else None
        call = enter(owner, caller("wsgi.write"), {"length": length})
        try:
            result = real(*arguments, **keywords)
        except BaseException as error:
            strip(error)
            failed(call, error)
            raise
        leave(call, {})
        return result

    return write


def _observed_iterable(iterable: Any, environ: Any, owner: Owner, views: list[_View]) -> Any:
    kind = type(iterable)
    order = _order_of_type(kind)
    if not _UNTOUCHED.isdisjoint(order) or (type(environ) is dict and environ.get("wsgi.file_wrapper") in order):
        return iterable
    if not _defines(kind, "__iter__"):
        return iterable
    closes = _defines(kind, "close") or "close" in _own_attributes(iterable)
    return _ITERABLES[closes, _defines(kind, "__len__")](iterable, owner, views)


def _defines(kind: type, name: str) -> bool:
    """Whether a type has a method, without asking the type to make one up."""
    return any(name in _attributes_of_type(base) for base in _order_of_type(kind))


def _own_attributes(thing: Any) -> Any:
    """The instance dictionary, or nothing where there is none."""
    try:
        return object.__getattribute__(thing, "__dict__")
    except AttributeError:
        return ()


_attributes_of_type = type.__dict__["__dict__"].__get__
_order_of_type = type.__dict__["__mro__"].__get__


class _Iterable:
    """An iterable seen block by block."""

    __slots__ = ("__weakref__", "_inner", "_iterator", "_owner", "_views")

    def __init__(self, inner: Any, owner: Owner, views: list[_View]) -> None:
        self._inner = inner
        self._iterator: Any = None
        self._owner = owner
        self._views = views

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def __iter__(self) -> Any:
        try:
            iterator = iter(self._inner)
        except BaseException as error:
            strip(error)
            raise
        if iterator is self._inner:
            self._iterator = iterator
            return self
        other = _Iterable(self._inner, self._owner, self._views)
        other._iterator = iterator
        return other

    def __next__(self) -> Any:
        if self._iterator is None:
            self._iterator = self._inner
        owner = self._owner
        token = CURRENT.set(owner)
        for view in self._views:
            view.starts(late=True)
        call = enter(owner, caller("wsgi.chunk"), {})
        try:
            block = next(self._iterator)
        except StopIteration as error:
            strip(error)
            for view in reversed(self._views):
                view.ended()
            leave(call, {"end": True})
            raise
        except BaseException as error:
            strip(error)
            for view in reversed(self._views):
                view.fails(error)
            failed(call, error)
            raise
        finally:
            put_back(token)
        leave(call, {"length": len(block) if type(block) is bytes else None})
        return block


class _Closing(_Iterable):
    __slots__ = ()

    def close(self) -> Any:
        owner = self._owner
        token = CURRENT.set(owner)
        call = enter(owner, caller("wsgi.close"), {})
        try:
            result = self._inner.close()
        except BaseException as error:
            strip(error)
            failed(call, error)
            raise
        finally:
            put_back(token)
        leave(call, {})
        return result


class _Measured(_Iterable):
    __slots__ = ()

    def __len__(self) -> int:
        return len(self._inner)


class _ClosingMeasured(_Closing):
    __slots__ = ()

    def __len__(self) -> int:
        return len(self._inner)


_ITERABLES = {
    (False, False): _Iterable,
    (True, False): _Closing,
    (False, True): _Measured,
    (True, True): _ClosingMeasured,
}
