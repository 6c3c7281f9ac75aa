"""Wrappers with the exact signature of what they wrap, made from a landmark row.

Exact, because servers and frameworks decide by it: Uvicorn calls an app without arguments and relies on the
TypeError; ``iscoroutinefunction`` must answer as before. A wrapper that cannot be made leaves the function alone.
The text of a wrapper is as short as its row allows: it runs at every request, recorded or not.
"""

from __future__ import annotations

from .attribution import CURRENT
from .functions import parameters
from .holds import pause
from .observer import Finder, Observer
from .record import strip
from .signals import keep, signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .landmark import Landmark

_COROUTINE = 0x80

# A call of the journey that is current already.
_PLAIN = """
{kind} {name}({signature}):
    _owner = _current()
    if _owner is None or _owner.brief:
        try:
            return {wait}_function({forward})
        except _BaseException as _error:
            _strip(_error)
            raise
    _entry = _enter(_owner, ({taken}))
    try:
        {pause}
        _result = {wait}_function({forward})
    except _BaseException as _error:
        _strip(_error)
        _fail(_owner, _entry, _error)
        raise
    _leave(_owner, _entry, _result, ({given}))
    {pause}
    return _result
"""

# A call by which a connection or a request is found or begins.
_FINDING = """
{kind} {name}({signature}):
    _call = _find(({arguments}))
    try:
        {pause_call}
        _result = {wait}_function({forward})
    except _BaseException as _error:
        _strip(_error)
        _fail(_call, _error)
        raise
    _end(_call, _result, ({arguments}))
    {pause_call}
    return _result
"""

# A call that is no step: what it was given, or gives, may be observed.
_SILENT = """
{kind} {name}({signature}):
    _signal(({arguments}))
    {dress_argument}
    try:
        _result = {wait}_function({forward})
    except _BaseException as _error:
        _strip(_error)
        raise
    _keep(({arguments}))
    {dress_result}
    return _result
"""


def observed(row: Landmark, function: Any, module: Any = None, dress: Callable[..., Any] | None = None) -> Any:
    """A wrapper of ``function`` (a plain function) that records what ``row`` says.

    ``dress(value, values)`` observes the argument or the result that the row names.
    """
    signature, arguments, forward = parameters(function)
    scope: dict[str, Any] = {"_function": function, "_strip": strip, "_pause": pause, "_BaseException": BaseException}
    if row.silent:
        template = _SILENT
        scope |= {"_signal": signal(row, arguments, module), "_keep": keep(row, arguments, module, dress)}
        scope["_dress"] = dress
    elif row.finds:
        template = _FINDING
        finder = Finder(row, function, arguments, module)
        scope |= {"_find": finder.find, "_end": finder.end, "_fail": finder.fail_call}
    else:
        template = _PLAIN
        observer = Observer(row, function, arguments, module)
        scope |= {"_enter": observer.enter, "_leave": observer.leave, "_fail": observer.fail}
        scope["_current"] = CURRENT.get
    name = function.__name__ if function.__name__.isidentifier() else "wrapper"
    exec(compile(_text(template, row, function, name, signature, arguments, forward), __file__, "exec"), scope)  # noqa: S102 - source made here, from names of parameters
    return _alike(scope[name], function)


def _text(
    template: str, row: Landmark, function: Any, name: str, signature: str, arguments: list[str], forward: str
) -> str:
    """The source of a wrapper."""
    asynchronous = bool(function.__code__.co_flags & _COROUTINE)
    listed = "".join([argument + ", " for argument in arguments])
    argument = row.observes if row.observes and row.observes != "ret" else ""
    return template.format(
        kind="async def" if asynchronous else "def",
        name=name,
        signature=signature,
        arguments=listed,
        taken=listed if row.takes or row.mapping else "",
        given=listed if row.gives or row.mapping else "",
        forward=forward,
        wait="await " if asynchronous else "",
        pause="if _owner.waiter is not None: await _pause(_owner)" if asynchronous else "",
        pause_call="if _call is not None and _call.owner.waiter is not None: await _pause(_call.owner)"
        if asynchronous
        else "",
        dress_argument=f"{argument} = _dress({argument}, ({listed}))" if argument else "",
        dress_result=f"_result = _dress(_result, ({listed}))" if row.observes == "ret" else "",
    )


def _alike(wrapper: Any, function: Any) -> Any:
    """The wrapper, with all that can be asked of the function."""
    wrapper.__defaults__ = function.__defaults__
    wrapper.__kwdefaults__ = function.__kwdefaults__
    wrapper.__name__ = function.__name__
    wrapper.__qualname__ = function.__qualname__
    wrapper.__module__ = function.__module__
    wrapper.__doc__ = function.__doc__
    if hasattr(function, "__annotate__"):  # 3.14: to read the annotations would run them
        wrapper.__annotate__ = function.__annotate__
    else:
        wrapper.__annotations__ = function.__annotations__
    wrapper.__dict__.update(function.__dict__)
    wrapper.__wrapped__ = function
    return wrapper
