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

_FUNCTION: Any = type(observed)
_row: Landmark | None = None
_patched: set[type] = set()


class View:
    """The code of a bare callable."""

    def __init__(self, code: CodeType) -> None:
        self.code = code

    def site(self, key: str) -> int:
        return site_of_code(key, self.code)


_METHOD: Any = type(View.site.__get__(object()))


class Chain:
    """The app that the server calls: the innermost callable found, and the view when nothing but a callable is there."""

    def __init__(self, name: str, view: View | None) -> None:
        self.name = name
        self.view = view


def use_row(row: Landmark) -> None:
    """The landmark row that observed middleware are recorded as."""
    global _row
    _row = row


def observe_chain(app: Any) -> Chain:
    """Walk from the server's app inwards; observe each middleware class met; tell what the app is."""
    for _ in range(_LONGEST):
        inner = _inner_of(app)
        if inner is None:
            break
        if not _is_framework(app):
            observe_call(type(app))
        app = inner
    return Chain(name_of(app), _view_of(app) if not _is_framework(app) else None)


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
