"""The WSGI boundary: the callable, ``start_response``, the iterable and its ``close()``.

What the server would have seen it still sees: lists, tuples and file wrappers pass untouched, other iterables keep
exactly the methods they had, nothing is iterated, measured or closed but by the server.
"""

from .attribution import CURRENT, Request
from .channel import armed
from .freeze import freeze, type_name
from .middleware import observe_chain
from .record import enter, failed, leave, put_back, strip
from .sockets import caller

_GENERATOR = 0x20
_UNTOUCHED = {list, tuple, str, bytes, type(None), dict, set, frozenset, bytearray}


def observed_wsgi(app):
    """The app, with its boundary recorded; called exactly as it would be."""
    chain = None

    def application(environ, start_response):
        nonlocal chain
        if not armed():
            return app(environ, start_response)
        if chain is None:
            chain = observe_chain(app)
        token = None
        owner = CURRENT.get()
        if type(owner) is not Request:
            owner = _unattributed(owner)
            token = CURRENT.set(owner)
        call = enter(owner, caller("wsgi.call"), "gateway", {"app": chain.name}, environ)
        view = _View(owner, chain.view)
        view.starts()
        try:
            iterable = app(environ, _observed_start_response(owner, start_response))
        except BaseException as error:
            strip(error)
            view.fails(error)
            failed(call, "gateway", error)
            put_back(token)
            raise
        view.returned(iterable)
        seen = _observed_iterable(iterable, environ, owner, view)
        closes = isinstance(seen, _Closing)
        leave(call, "gateway", {"iterable": type_name(type(iterable)), "closes": closes, **_sizes(iterable)})
        put_back(token)
        return seen

    return application


def _unattributed(connection):
    """A request that no table recognised: the boundary still shows it."""
    return Request(connection.connection if connection is not None else None)


def _sizes(iterable):
    """The lengths of the blocks of a list that is already whole."""
    if type(iterable) in (list, tuple):
        return {"blocks": [len(block) if type(block) is bytes else None for block in iterable[:64]]}
    return {}


class _View:
    """With a bare callable, the callable itself is the view. A generator function starts at the first block."""

    __slots__ = ("call", "code", "late", "owner")

    def __init__(self, owner, view):
        self.owner = owner
        self.call = None
        self.code = view
        self.late = view is not None and bool(view.code.co_flags & _GENERATOR)

    def starts(self, late=False):
        if self.code is not None and self.late == late and self.call is None:
            self.call = enter(self.owner, self.code.site("wsgi.view"), "view", {})

    def returned(self, iterable):
        if self.call is not None and not self.late:
            leave(self.call, "view", {"result": freeze(iterable, 1)})

    def ended(self):
        if self.call is not None and self.late:
            leave(self.call, "view", {})
            self.late = False

    def fails(self, error):
        if self.call is not None:
            failed(self.call, "view", error)


def _observed_start_response(owner, real):
    def start_response(*arguments, **keywords):
        value = {}
        if len(arguments) >= 2:
            value = {"status": arguments[0], "headers": arguments[1], "exc_info": len(arguments) > 2}
        call = enter(owner, caller("wsgi.start_response"), "gateway", value)
        try:
            write = real(*arguments, **keywords)
        except BaseException as error:
            strip(error)
            failed(call, "gateway", error)
            raise
        leave(call, "gateway", {})
        return _observed_write(owner, write) if callable(write) else write

    return start_response


def _observed_write(owner, real):
    def write(*arguments, **keywords):
        length = len(arguments[0]) if arguments and type(arguments[0]) is bytes else None
        call = enter(owner, caller("wsgi.write"), "gateway", {"length": length})
        try:
            result = real(*arguments, **keywords)
        except BaseException as error:
            strip(error)
            failed(call, "gateway", error)
            raise
        leave(call, "gateway", {})
        return result

    return write


def _observed_iterable(iterable, environ, owner, view):
    kind = type(iterable)
    order = _order_of_type(kind)
    if not _UNTOUCHED.isdisjoint(order) or (type(environ) is dict and environ.get("wsgi.file_wrapper") in order):
        return iterable
    if not _defines(kind, "__iter__"):
        return iterable
    closes = _defines(kind, "close") or "close" in _own_attributes(iterable)
    return _ITERABLES[closes, _defines(kind, "__len__")](iterable, owner, view)


def _defines(kind, name):
    """Whether a type has a method, without asking the type to make one up."""
    return any(name in _attributes_of_type(base) for base in _order_of_type(kind))


def _own_attributes(thing):
    """The instance dictionary, or nothing where there is none."""
    try:
        return object.__getattribute__(thing, "__dict__")
    except AttributeError:
        return ()


_attributes_of_type = type.__dict__["__dict__"].__get__
_order_of_type = type.__dict__["__mro__"].__get__


class _Iterable:
    """An iterable seen block by block."""

    __slots__ = ("__weakref__", "_inner", "_iterator", "_owner", "_view")

    def __init__(self, inner, owner, view):
        self._inner = inner
        self._iterator = None
        self._owner = owner
        self._view = view

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def __iter__(self):
        try:
            iterator = iter(self._inner)
        except BaseException as error:
            strip(error)
            raise
        if iterator is self._inner:
            self._iterator = iterator
            return self
        other = _Iterable(self._inner, self._owner, self._view)
        other._iterator = iterator
        return other

    def __next__(self):
        if self._iterator is None:
            self._iterator = self._inner
        owner = self._owner
        token = CURRENT.set(owner)
        self._view.starts(late=True)
        call = enter(owner, caller("wsgi.chunk"), "gateway", {})
        try:
            block = next(self._iterator)
        except StopIteration as error:
            strip(error)
            self._view.ended()
            leave(call, "gateway", {"end": True})
            raise
        except BaseException as error:
            strip(error)
            self._view.fails(error)
            failed(call, "gateway", error)
            raise
        finally:
            put_back(token)
        leave(call, "gateway", {"length": len(block) if type(block) is bytes else None})
        return block


class _Closing(_Iterable):
    __slots__ = ()

    def close(self):
        owner = self._owner
        token = CURRENT.set(owner)
        call = enter(owner, caller("wsgi.close"), "gateway", {})
        try:
            result = self._inner.close()
        except BaseException as error:
            strip(error)
            failed(call, "gateway", error)
            raise
        finally:
            put_back(token)
        leave(call, "gateway", {})
        return result


class _Measured(_Iterable):
    __slots__ = ()

    def __len__(self):
        return len(self._inner)


class _ClosingMeasured(_Closing):
    __slots__ = ()

    def __len__(self):
        return len(self._inner)


_ITERABLES = {
    (False, False): _Iterable,
    (True, False): _Closing,
    (False, True): _Measured,
    (True, True): _ClosingMeasured,
}
