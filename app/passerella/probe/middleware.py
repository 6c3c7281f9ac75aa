"""Which callables stand between the server and the view: the student's middleware, told apart where they can be.

They can be where the outer one keeps the inner one: an object in an attribute, a function in its closure. Nothing of
theirs is run to find out.
"""

from __future__ import annotations

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
_LONGEST = 32
_COROUTINE, _GENERATORS = 0x80, 0x20 | 0x200  # of a code's flags

_CLASS = "middleware.call"
_ROWS = (_CLASS, *(f"{interface}.{what}" for interface in ("wsgi", "asgi") for what in (MIDDLEWARE, VIEW)))

_FUNCTION: Any = type(observed)
_SETATTR: Any = object.__setattr__
_rows: dict[str, Landmark] = {}
_patched: set[type] = set()
_wrapped: dict[Any, Any] = {}  # the functions that were put in place of theirs


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
    """The app that the server calls: the name of the innermost callable found, and what the boundary itself records.

    :ivar bare: what begins when the app is called. None: it is a framework's to tell, or what is called is observed
        where another one keeps it, and begins when that calls it.
    """

    def __init__(self, name: str, bare: Bare | None) -> None:
        self.name = name
        self.bare = bare


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
    links = _links(app)
    last = links[-1]
    own = [link for link in links if not link.framework]
    bare = None
    if own and (own[0].function or own[0] is last):
        outermost = own.pop(0)
        bare = _bare(outermost.app, VIEW if outermost is last else MIDDLEWARE)
    for link in own:
        if link is last:
            if not _observe_kept(link, VIEW) and bare is None:
                bare = _bare(link.app, VIEW)
        elif link.function:
            _observe_kept(link, MIDDLEWARE)
        else:
            observe_call(type(link.app))
    return Chain(name_of(last.app), bare)


def _links(app: Any) -> list[_Link]:
    """``app``, what it keeps inside, what that keeps, and so on."""
    links = [_Link(app)]
    for _ in range(_LONGEST):
        outer = links[-1]
        inner = _in_closure(outer.app) if outer.function else _in_attribute(outer.app)
        if inner is None:
            break
        links.append(inner)
    return links


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
        if _is_inside(link, name, function):
            found.append(link)
    return found[0] if len(found) == 1 else None


def _is_inside(link: _Link, name: str, function: Any) -> bool:
    """Called as ``function`` is, and no helper of it: named as apps are, or a framework's, or with the same parameters."""
    ours, theirs = _parameters(function), _parameters(link.app)
    if ours is None or theirs is None or len(ours) != len(theirs) or _waits(function) != _waits(link.app):
        return False
    return name in _INNER or link.framework or ours == theirs


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
    if link.seen:
        return True
    found = _where_called(link)
    if found is None:
        return False
    where, name, function = found
    if type(function) is not _FUNCTION or "__wrapped__" in function.__dict__:
        return False
    flags = function.__code__.co_flags
    row = _rows.get(f"{'asgi' if flags & _COROUTINE else 'wsgi'}.{what}")
    if row is None or flags & _GENERATORS:  # a generator begins at its first block: that is the iterable's to tell
        return False
    try:
        ours = observed(row, function)
        put_in_place(where, name, ours)
    except Exception:
        return False
    _wrapped[ours] = function
    return True


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
        ours = type(function) is not _FUNCTION or "__wrapped__" in function.__dict__ or base in _patched
        if _rows and not ours and base.__module__.partition(".")[0] not in _FRAMEWORKS:
            _patched.add(base)
            put_in_place(base, "__call__", observed(_rows[_CLASS], function))
        return


def _is_framework(app: Any) -> bool:
    module = type(app).__module__
    if type(app) is _METHOD:
        module = type(app.__self__).__module__
    return type(module) is str and module.partition(".")[0] in _FRAMEWORKS


def name_of(app: Any) -> str:
    if type(app) is _FUNCTION:
        return str(app.__qualname__)
    kind = type(app.__self__) if type(app) is _METHOD else type(app)
    return kind.__module__ + "." + kind.__qualname__


def _bare(app: Any, what: str) -> Bare | None:
    """The code that runs when it is called, or None when it is not Python code."""
    function = shown_function(app)
    if type(function) is not _FUNCTION:
        function = shown_function(_call_of(type(app)))
    return Bare(function.__code__, what) if type(function) is _FUNCTION else None
