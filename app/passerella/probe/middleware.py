"""Which callables stand between the server and the view: the student's middleware, told apart where they can be.

They can be where the outer one keeps the inner one: an object in an attribute, a function in its closure. Nothing of
theirs is run to find out.
"""

from __future__ import annotations

import _thread

from .functions import shown_function
from .placing import put_in_place
from .record import site_of_code
from .vocabulary import MIDDLEWARE, VIEW
from .wrap import observed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from .landmark import Landmark

_INNER = ("app", "wsgi_app", "application", "asgi_app", "inner", "_app", "next_app", "get_response")
_CONTENTS = "cell_contents"
_FRAMEWORKS = ("flask", "starlette", "fastapi", "django", "werkzeug", "a2wsgi", "asgiref", "uvicorn")
_SERVERS = ("uvicorn",)  # those that put something of their own around the app
_LONGEST = 32
_COROUTINE, _GENERATORS = 0x80, 0x20 | 0x200  # of a code's flags

_CLASS = "middleware.call"
_ROWS = (_CLASS, *(f"{interface}.{what}" for interface in ("wsgi", "asgi") for what in (MIDDLEWARE, VIEW)))

_FUNCTION: Any = type(observed)
_SETATTR: Any = object.__setattr__
_rows: dict[str, Landmark] = {}
_patched: set[type] = set()
_wrapped: dict[Any, Any] = {}  # the functions that were put in place of theirs
_turn = _thread.allocate_lock()  # a server may call the app for the first time in several threads at once


class Bare:
    """The code of a callable that the server itself calls, or a framework that keeps it."""

    def __init__(self, code: CodeType, what: str) -> None:
        """``what``: ``view``, or ``middleware`` where it is around another callable."""
        self.code = code
        self.what = what

    def site(self, interface: str) -> int:
        return site_of_code(f"{interface}.{self.what}", self.code)


_METHOD: Any = type(Bare.site.__get__(object()))


class Chain:
    """The app that is given to the server: its name, and what the boundary itself records of it.

    :ivar bares: what begins when the app is called, outermost first. Not what a framework tells, nor what is observed
        where another one keeps it, and begins when that calls it.
    """

    def __init__(self, name: str, bares: tuple[Bare, ...]) -> None:
        self.name = name
        self.bares = bares


class _Link:
    """A callable of a chain, and who keeps it under which name: an object, or a cell of a function's closure."""

    def __init__(self, kept: Any, keeper: Any = None, name: str = "") -> None:
        self.seen = type(kept) is _FUNCTION and kept in _wrapped
        self.app = _wrapped[kept] if self.seen else kept
        self.keeper = keeper
        self.name = name
        self.framework = _is_framework(self.app)
        self.function = type(self.app) is _FUNCTION


def use_rows(rows: dict[str, Landmark]) -> None:
    """The landmark rows that observed middleware, and the callable inside them, are recorded as."""
    _rows.update({key: rows[key] for key in _ROWS})


def observe_chain(app: Any) -> Chain:
    """Walk from the server's app inwards; observe each middleware met; tell what the app is."""
    with _turn:
        for walk in (_links, _alone):
            try:
                return _observed_chain(walk(app))
            except Exception:  # something of theirs does not let itself be looked at: then it is not
                continue
    return Chain("", ())


def observe_function(app: Any) -> Any:
    """A middleware that a framework is about to call: a function is observed in its own place."""
    if type(app) is not _FUNCTION or app in _wrapped or _is_framework(app):
        return app
    row = _row_of(app, MIDDLEWARE)
    return _around(row, app) if row is not None else app


def _observed_chain(links: list[_Link]) -> Chain:
    last = links[-1]
    own = [link for link in links if not link.framework and _waits(link.app) == _waits(links[0].app)]
    bares = []
    if own and own[0] is links[0] and (own[0].function or own[0] is last):  # the server itself calls it
        outermost = own.pop(0)
        bares.append(_bare(outermost.app, VIEW if outermost is last else MIDDLEWARE))
    for link in own:
        if link is not last and not link.function:
            observe_call(type(link.app))
        elif not _observe_kept(link, VIEW if link is last else MIDDLEWARE) and (link is last or link is own[0]):
            bares.append(_bare(link.app, VIEW if link is last else MIDDLEWARE))
    called = next((link.app for link in links if not _is_of(link.app, _SERVERS)), last.app)
    return Chain(name_of(called), tuple(bare for bare in bares if bare is not None))


def _links(app: Any) -> list[_Link]:
    """``app``, what it keeps inside, what that keeps, and so on."""
    links = [_Link(app)]
    for _ in range(_LONGEST):
        outer = links[-1]
        inner = _in_closure(outer.app) if outer.function else _in_attribute(outer.app)
        if inner is None or any(inner.app is link.app for link in links):
            break
        links.append(inner)
    return links


def _alone(app: Any) -> list[_Link]:
    return [_Link(app)]


def _in_attribute(app: Any) -> _Link | None:
    held = getattr(app, "__dict__", None)
    if type(held) is not dict:
        return None
    for name in _INNER:
        inner = held.get(name)
        if inner is not None and callable(inner):
            return _Link(inner, app, name)
    return None


def _in_closure(function: Any) -> _Link | None:
    """The only thing in its closure that can be the app inside."""
    found = []
    for number, name in enumerate(function.__code__.co_freevars):
        cell = function.__closure__[number]
        try:
            link = _Link(cell.cell_contents, cell, _CONTENTS)
        except ValueError:  # nothing is in it yet
            continue
        if link.app is not function and _is_inside(link, name, function):
            found.append(link)
    return found[0] if len(found) == 1 else None


def _is_inside(link: _Link, name: str, function: Any) -> bool:
    """Called as ``function`` is, and no helper of it: named as apps are, or a framework's, or with the same parameters."""
    ours, theirs = _parameters(function), _parameters(link.app)
    if ours is None or theirs is None or len(ours) != len(theirs) or _waits(function) != _waits(link.app):
        return False
    if link.function and _is_beside(link.app, function):
        return False
    return name in _INNER or link.framework or ours == theirs


def _is_beside(inner: Any, outer: Any) -> bool:
    """Written inside the same function as ``outer``: a helper. Not ``outer`` again, made by another call of that."""
    place = _written_in(outer)
    return bool(place) and place == _written_in(inner) and inner.__code__ is not outer.__code__


def _written_in(function: Any) -> str:
    """The function in which this one is written, with its module; empty at the top of one."""
    name = getattr(function.__code__, "co_qualname", function.__qualname__)  # the code has one from Python 3.11 on
    place = str(name).rpartition(".<locals>.")[0]
    return f"{function.__globals__.get('__name__')}:{place}" if place else ""


def _parameters(app: Any) -> tuple[str, ...] | None:
    """The names of what it is called with; None where there is no Python code."""
    function = _code_called(app)
    if function is None:
        return None
    code = function.__code__
    return tuple(code.co_varnames[0 if function is app else 1 : code.co_argcount])


def _waits(app: Any) -> bool:
    function = _code_called(app)
    return function is not None and bool(function.__code__.co_flags & _COROUTINE)


def _code_called(app: Any) -> Any:
    """The function whose code runs when ``app`` is called."""
    function = app if type(app) is _FUNCTION else app.__func__ if type(app) is _METHOD else _call_of(type(app))
    return function if type(function) is _FUNCTION else None


def _call_of(cls: Any) -> Any:
    """What ``__call__`` is in a class, or in the base that has it."""
    return next((base.__dict__["__call__"] for base in cls.__mro__ if "__call__" in base.__dict__), None)


def _observe_kept(link: _Link, what: str) -> bool:
    """Observe a callable where another one keeps it, if it can be done without running anything of theirs."""
    found = None if link.seen else _where_called(link)
    if found is None:
        return link.seen
    where, name, function = found
    if type(function) is _FUNCTION and function in _wrapped:
        return True
    row = _row_of(function, what)
    if row is None:
        return False
    try:
        put_in_place(where, name, _around(row, function))
    except Exception:
        return False
    return True


def _row_of(function: Any, what: str) -> Landmark | None:
    if type(function) is not _FUNCTION or function.__code__.co_flags & _GENERATORS:
        return None  # a generator begins at its first block: that is the iterable's to tell
    return _rows.get(f"{'asgi' if function.__code__.co_flags & _COROUTINE else 'wsgi'}.{what}")


def _around(row: Landmark, function: Any) -> Any:
    """Observed, with the very attributes of ``function``: what is written on one is read on the other."""
    ours = observed(row, function)
    ours.__dict__ = function.__dict__
    _wrapped[ours] = function
    return ours


def _where_called(link: _Link) -> tuple[Any, str, Any] | None:
    """``(object, attribute, function)`` by which the call passes: its class's, or that of who keeps it."""
    if link.function:
        plain = link.name == _CONTENTS or type(link.keeper).__setattr__ is _SETATTR
        return (link.keeper, link.name, link.app) if plain else None
    base = next((base for base in type(link.app).__mro__ if "__call__" in base.__dict__), None)
    return (base, "__call__", base.__dict__["__call__"]) if base is not None and base not in _patched else None


def observe_call(cls: Any) -> None:
    """Observe ``__call__`` where ``cls`` or one of its bases defines it, once."""
    for base in cls.__mro__:
        function = base.__dict__.get("__call__")
        if function is None:
            continue
        ours = type(function) is not _FUNCTION or function in _wrapped or base in _patched
        if _rows and not ours and base.__module__.partition(".")[0] not in _FRAMEWORKS:
            _patched.add(base)
            put_in_place(base, "__call__", observed(_rows[_CLASS], function))
        return


def _is_framework(app: Any) -> bool:
    return _is_of(app, _FRAMEWORKS)


def _is_of(app: Any, libraries: tuple[str, ...]) -> bool:
    if type(app) is _FUNCTION:
        module = app.__globals__.get("__name__")  # where it is written, whatever it says that it wraps
    else:
        module = (type(app.__self__) if type(app) is _METHOD else type(app)).__module__
    return type(module) is str and module.partition(".")[0] in libraries


def name_of(app: Any) -> str:
    if type(app) is _FUNCTION:
        return str(app.__qualname__)
    kind = type(app.__self__) if type(app) is _METHOD else type(app)
    return kind.__module__ + "." + kind.__qualname__


def _bare(app: Any, what: str) -> Bare | None:
    """The code that runs when it is called, or None when it is not Python code."""
    if what == MIDDLEWARE:
        return Bare(app.__code__, what)  # what it says that it wraps is the app inside it
    function = shown_function(app)
    if type(function) is not _FUNCTION:
        function = shown_function(_call_of(type(app)))
    return Bare(function.__code__, what) if type(function) is _FUNCTION else None
