"""Which callables stand between the server and the view: the student's middleware, told apart where they can be.

They can be where an attribute of the object holds the inner callable. A middleware that is a function keeps the
inner one in a closure, and closures are not looked into.
"""

from __future__ import annotations

from .functions import shown_function
from .placing import put_in_place
from .record import site_of_code
from .wrap import observed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from .landmark import Landmark

_INNER = ("app", "wsgi_app", "application", "asgi_app", "inner", "_app", "next_app", "get_response")
_FRAMEWORKS = ("flask", "starlette", "fastapi", "django", "werkzeug", "a2wsgi", "asgiref", "uvicorn")
_LONGEST = 32
_COROUTINE, _GENERATORS = 0x80, 0x20 | 0x200  # of a code's flags

_FUNCTION: Any = type(observed)
_SETATTR: Any = object.__setattr__
_row: Landmark | None = None
_views: dict[str, Landmark] = {}
_patched: set[type] = set()


class View:
    """The code of a bare callable."""

    def __init__(self, code: CodeType) -> None:
        self.code = code

    def site(self, key: str) -> int:
        return site_of_code(key, self.code)


_METHOD: Any = type(View.site.__get__(object()))


class Chain:
    """The app that the server calls: the innermost callable found, and the view when nothing but a callable is there.

    With middleware around it that can be told apart, the view is observed where the innermost of them keeps it: it
    begins when that calls it, and ``view`` is None.
    """

    def __init__(self, name: str, view: View | None) -> None:
        self.name = name
        self.view = view


def use_rows(rows: dict[str, Landmark]) -> None:
    """The landmark rows that observed middleware, and the callable inside them, are recorded as."""
    global _row
    _row = rows["middleware.call"]
    _views.update({key: rows[key] for key in ("wsgi.view", "asgi.view")})


def observe_chain(app: Any) -> Chain:
    """Walk from the server's app inwards; observe each middleware class met; tell what the app is."""
    holder = None
    for _ in range(_LONGEST):
        inner = _inner_of(app)
        if inner is None:
            break
        holder = app if not _is_framework(app) else None
        if holder is not None:
            observe_call(type(app))
        app = inner
    view = _view_of(app) if not _is_framework(app) else None
    return Chain(name_of(app), None if holder is not None and view is not None and _observe_held(holder, app) else view)


def _observe_held(holder: Any, app: Any) -> bool:
    """Observe the callable that a middleware calls, if it can be done without running anything of theirs."""
    found = _where_called(holder, app)
    if found is None:
        return False
    where, name, function = found
    if type(function) is not _FUNCTION or "__wrapped__" in function.__dict__:
        return False
    flags = function.__code__.co_flags
    row = _views.get("asgi.view" if flags & _COROUTINE else "wsgi.view")
    if row is None or flags & _GENERATORS:  # a generator begins at its first block: that is the iterable's to tell
        return False
    try:
        put_in_place(where, name, observed(row, function))
    except Exception:
        return False
    return True


def _where_called(holder: Any, app: Any) -> tuple[Any, str, Any] | None:
    """``(object, attribute, function)`` by which the call of ``app`` passes: its class's, or that of who keeps it."""
    if type(app) is _FUNCTION:
        name = next((name for name in _INNER if holder.__dict__.get(name) is app), "")
        return (holder, name, app) if name and type(holder).__setattr__ is _SETATTR else None
    base = next((base for base in type(app).__mro__ if "__call__" in base.__dict__), None)
    return (base, "__call__", base.__dict__["__call__"]) if base is not None and base not in _patched else None


def observe_call(cls: Any) -> None:
    """Observe ``__call__`` where ``cls`` or one of its bases defines it, once."""
    for base in cls.__mro__:
        function = base.__dict__.get("__call__")
        if function is None:
            continue
        ours = type(function) is not _FUNCTION or "__wrapped__" in function.__dict__ or base in _patched
        if _row is not None and not ours and base.__module__.partition(".")[0] not in _FRAMEWORKS:
            _patched.add(base)
            put_in_place(base, "__call__", observed(_row, function))
        return


def _inner_of(app: Any) -> Any:
    held = getattr(app, "__dict__", None)
    if type(app) is _FUNCTION or type(held) is not dict:
        return None
    for name in _INNER:
        inner = held.get(name)
        if inner is not None and callable(inner):
            return inner
    return None


def _is_framework(app: Any) -> bool:
    module = type(app).__module__
    if type(app) is _METHOD:
        module = type(app.__self__).__module__
    return type(module) is str and module.partition(".")[0] in _FRAMEWORKS


def name_of(app: Any) -> str:
    kind = type(app)
    if kind is _FUNCTION:
        return str(app.__qualname__)
    return kind.__module__ + "." + kind.__qualname__


def _view_of(app: Any) -> View | None:
    """The code that runs when a bare callable is called, or None when it is not Python code."""
    function = shown_function(app)
    if type(function) is not _FUNCTION:
        for base in type(app).__mro__:
            function = base.__dict__.get("__call__")
            if function is not None:
                break
        function = shown_function(function)
    return View(function.__code__) if type(function) is _FUNCTION else None
