"""Observing callables that pass through a landmark: views, middleware chains, apps, functions for a thread."""

from __future__ import annotations

from .asgi import ObservedApp
from .attribution import CURRENT, Request
from .channel import armed, say
from .functions import shown_function
from .holds import pause
from .middleware import name_of, observe_chain, observe_function
from .record import enter, failed, leave, put_back, site_of_code, strip
from .wsgi import observed_wsgi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from .landmark import Landmark
    from .record import Call

_COROUTINE = 0x80
_FUNCTION: Any = type(shown_function)


class _Holder:
    def method(self) -> None:
        """Only for its type."""


_METHOD: Any = type(_Holder().method)


def app_observer(interface: str) -> Any:
    """How an app of ``interface`` is observed."""
    return ObservedApp if interface == "asgi" else observed_wsgi


def dress_app(interface: str) -> Any:
    """An observer of the apps that a server is given or about to call; each is named to the viewer once."""
    if interface not in _dressers:
        _dressers[interface] = _dresser(interface)
    return _dressers[interface]


def _dresser(interface: str) -> Any:
    """A server has one app and asks for it at every connection: the latest is observed once."""
    observe = app_observer(interface)
    named = set()
    latest: tuple[Any, Any] = (None, None)

    def dress(app: Any, values: tuple[Any, ...] | None = None) -> Any:
        nonlocal latest
        if app is None or type(app) is ObservedApp:
            return app
        known, seen = latest
        if known is not app:
            if id(app) not in named:
                named.add(id(app))
                say("app", interface, name_of(app))
            seen = observe(app)
            latest = (app, seen)
        return seen

    return dress


_dressers: dict[str, Any] = {}


class _Config:
    """Stands for a server's configuration where the app is read from it; the configuration itself keeps the real one."""

    __slots__ = ("_config",)

    def __init__(self, config: Any) -> None:
        self._config = config

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._config, name)
        return dress_app("asgi")(value) if name == "loaded_app" else value


def dress_config(config: Any, values: tuple[Any, ...]) -> Any:
    """A server reads the app from its configuration, and calls it at once."""
    return _Config(config)


def dress_chain(app: Any, values: tuple[Any, ...]) -> Any:
    """A framework built its middleware chain: each of the student's is observed."""
    observe_chain(app)
    return observe_function(app)


def dress_callable(rows: dict[str, Landmark], products: Any) -> Any:
    """An observer of callables: which row they are recorded as depends on the last landmark entered, or is fixed.

    ``rows`` maps a target to its Landmark; ``products`` is a target, or a dict as in the row's ``product``.
    """

    def dress(function: Any, values: tuple[Any, ...]) -> Any:
        current = CURRENT.get()
        if type(products) is str:
            target = products
        else:
            last = current.last if type(current) is Request else None
            target = products.get(last, products.get("", ""))
        row = rows.get(target)
        return _observed_callable(row, function) if row is not None else function

    return dress


def _observed_callable(row: Landmark, function: Any) -> Any:
    """A stand-in that is a coroutine function where ``function`` is, and passes everything on."""
    shown = shown_function(function)
    if type(shown) is not _FUNCTION:
        return function
    code = shown.__code__
    called = function.__func__ if type(function) is _METHOD else function
    if type(called) is not _FUNCTION and type(called).__name__ not in ("partial", "AsyncToSync"):
        return function

    if _is_coroutine_function(called):

        async def observed_function(*arguments: Any, **keywords: Any) -> Any:
            call = _entered(row, code)
            try:
                if call is not None and call.owner.waiter is not None:
                    await pause(call.owner)
                result = await function(*arguments, **keywords)
            except BaseException as error:
                strip(error)
                _failed(call, row, error)
                raise
            _returned(call, row, result)
            if call is not None and call.owner.waiter is not None:
                await pause(call.owner)
            return result

    else:

        def observed_function(*arguments: Any, **keywords: Any) -> Any:  # type: ignore[misc]
            call = _entered(row, code)
            try:
                result = function(*arguments, **keywords)
            except BaseException as error:
                strip(error)
                _failed(call, row, error)
                raise
            _returned(call, row, result)
            return result

    observed_function.__name__ = code.co_name
    if type(called) is _FUNCTION:  # marks put on it, such as "this is a coroutine function"
        observed_function.__dict__.update(called.__dict__)
    observed_function.__wrapped__ = function  # type: ignore[attr-defined]
    return observed_function


def _is_coroutine_function(function: Any) -> bool:
    """As frameworks ask it: through ``functools.partial``, but not through decorators."""
    while type(function).__name__ == "partial":
        function = function.func
    if type(function) is _METHOD:
        function = function.__func__
    return type(function) is _FUNCTION and bool(function.__code__.co_flags & _COROUTINE)


def _entered(row: Landmark, code: CodeType) -> Call | None:
    current = CURRENT.get()
    if type(current) is not Request or not armed():
        return None
    current.last = row.key
    return enter(current, site_of_code(row.key, code), {})


def _returned(call: Call | None, row: Landmark, result: Any) -> None:
    if call is not None:
        leave(call, {"result": result})
        put_back(call.token)


def _failed(call: Call | None, row: Landmark, error: BaseException) -> None:
    if call is not None:
        failed(call, error)
        put_back(call.token)
