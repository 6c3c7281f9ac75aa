"""Wrappers with the exact signature of what they wrap, made from a landmark row.

Exact, because servers and frameworks decide by it: Uvicorn calls an app without arguments and relies on the
TypeError; ``iscoroutinefunction`` must answer as before. A wrapper that cannot be made leaves the function alone.
"""

from __future__ import annotations

from .attribution import CURRENT, Connection, Request, begin, bind, connection_of, found
from .channel import armed, clock, say, stop
from .holds import beat_with, pause, this_thread_runs_a_loop
from .record import enter, failed, leave, put_back, site_of_code, strip
from .vocabulary import LOOP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from .landmark import Landmark
    from .record import Call

    Read = Callable[[tuple[Any, ...]], Any]

_VARARGS, _VARKEYWORDS, _COROUTINE = 0x04, 0x08, 0x80

_BODY = """
{kind} {name}({signature}):
    _call = _enter(({arguments}))
    {dress_argument}
    try:
        {pause}
        _result = {wait}_function({forward})
    except _BaseException as _error:
        _strip(_error)
        _fail(_call, _error)
        raise
    _leave(_call, _result, ({arguments}))
    {pause}
    {dress_result}
    return _result
"""


def parameters(function: Any) -> tuple[str, list[str], str]:
    """``(signature, arguments, forward)`` of a plain function, as source text.

    Defaults keep their objects: they are put on the wrapper, so the source only marks where they are.
    """
    code = function.__code__
    positional = code.co_argcount
    names = code.co_varnames
    count = positional + code.co_kwonlyargcount
    listed = list(names[:positional])
    with_default = len(function.__defaults__ or ())
    shown = [name + "=None" if index >= positional - with_default else name for index, name in enumerate(listed)]
    if code.co_posonlyargcount:
        shown.insert(code.co_posonlyargcount, "/")
    forward = list(listed)
    arguments = list(listed)
    keywords = list(names[positional:count])
    if code.co_flags & _VARARGS:
        star = names[count]
        shown.append("*" + star)
        forward.append("*" + star)
        count += 1
        arguments.append(star)
    elif keywords:
        shown.append("*")
    optional = function.__kwdefaults__ or {}
    for name in keywords:
        shown.append(name + "=None" if name in optional else name)
        forward.append(name + "=" + name)
        arguments.append(name)
    if code.co_flags & _VARKEYWORDS:
        shown.append("**" + names[count])
        forward.append("**" + names[count])
        arguments.append(names[count])
    return ", ".join(shown), arguments, ", ".join(forward)


def expression(text: str, arguments: list[str], module: Any, extra: Sequence[str] = ()) -> Read | None:
    """A function of the call's arguments that gives the value of ``text``, or None when it cannot be told."""
    if not text:
        return None
    names = [*arguments, *extra]
    value = eval(  # noqa: S307 - the text is ours, from a table
        "lambda " + ", ".join(names) + ": " + text, module.__dict__ if module else {}
    )

    def read(values: tuple[Any, ...]) -> Any:
        try:
            return value(*values)
        except Exception:
            return None

    return read


def captures(
    table: dict[str, str], arguments: list[str], module: Any, extra: Sequence[str] = ()
) -> Callable[[tuple[Any, ...]], dict[str, Any]] | None:
    """A function of the call's arguments that gives the dict of the row's captures."""
    readers: list[tuple[str, Any]] = [
        (name, expression(text, arguments, module, extra)) for name, text in table.items()
    ]
    if not readers:
        return None
    return lambda values: {name: read(values) for name, read in readers}


def shown_function(function: Any) -> Any:
    """The function whose code a person would call theirs: through decorators that say what they wrap, and methods."""
    for _ in range(16):
        kind = type(function)
        if kind is _METHOD:
            function = function.__func__
        elif kind is _FUNCTION and "__wrapped__" in function.__dict__:
            function = function.__dict__["__wrapped__"]
        elif "partial" in kind.__name__ and kind.__module__ == "functools":
            function = function.func
        else:
            break
    return function


class _Example:
    def method(self) -> None:
        """Only for its type."""


_FUNCTION: Any = type(parameters)
_METHOD: Any = type(_Example().method)


class Observer:
    """What one wrapped function does at entry and exit, from its row."""

    def __init__(self, row: Landmark, function: Any, arguments: list[str], module: Any) -> None:
        self.row = row
        self.code = shown_function(function).__code__
        self.site = 0
        at_exit = ("ret",)
        self.takes = captures(row.takes, arguments, module)
        self.gives = captures(row.gives, arguments, module, at_exit)
        self.when = expression(row.when, arguments, module)
        self.connection = expression(row.connection, arguments, module)
        self.of = expression(row.of, arguments, module)
        self.binds = expression(row.binds, arguments, module)
        self.joins = expression(row.joins, arguments, module)
        self.source = expression(row.source, arguments, module)
        late = "ret" in row.begins
        self.begins = None if late else expression(row.begins, arguments, module)
        self.begins_late = expression(row.begins, arguments, module, at_exit) if late else None
        built = "ret" in row.mapping or row.mapping.startswith("self")
        self.mapping = None if built else expression(row.mapping, arguments, module)
        self.mapping_late = expression(row.mapping, arguments, module, at_exit) if built else None
        self.beats = expression(row.beats, arguments, module)
        self.point = expression(row.point, arguments, module, at_exit)
        self.plain = not (self.connection or self.of or self.begins or self.begins_late)

    def enter(self, values: tuple[Any, ...]) -> Call | None:
        current = CURRENT.get()
        if (current is None and self.plain) or not armed():
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
        if current is None or self.point is not None or (self.when is not None and not self.when(values)):
            put_back(token)
            return None
        if self.binds is not None:
            current = _begun(current)
            if type(current) is Request:
                bind(self.binds(values), current)
        row = self.row
        site = self.place(values)
        if type(current) is Request:
            current.last = row.key
        value = self.takes(values) if self.takes is not None else None
        mapping = self.mapping(values) if self.mapping is not None else None
        return enter(current, site, row.station, value or {}, mapping, token)

    def place(self, values: tuple[Any, ...]) -> int:
        if self.source is not None:
            function = shown_function(self.source(values))
            if type(function) is _FUNCTION:
                return site_of_code(self.row.key, function.__code__)
        if not self.site:
            self.site = site_of_code(self.row.key, self.code)
        return self.site

    def leave(self, call: Call | None, result: Any, values: tuple[Any, ...]) -> None:
        if self.begins_late is not None:
            started = self.begins_late((*values, result))
            if started is not None:
                owner = begin(CURRENT.get(), started)
                if call is not None and owner is not None:
                    call.owner = owner
        all_values = (*values, result)
        if self.point is not None and self.point(all_values):
            self.mark(values, all_values)
        if call is None:
            return
        value = self.gives(all_values) if self.gives is not None else None
        mapping = self.mapping_late(all_values) if self.mapping_late is not None else None
        leave(call, self.row.station, value or {}, mapping)
        put_back(call.token)

    def mark(self, values: tuple[Any, ...], all_values: tuple[Any, ...]) -> None:
        """The one step of a call that counts only by its result."""
        current = CURRENT.get()
        if current is not None and armed():
            value = self.gives(all_values) if self.gives is not None else None
            enter(current, self.place(values), self.row.station, value or {})

    def fail(self, call: Call | None, error: BaseException) -> None:
        if call is not None:
            failed(call, self.row.station, error)
            put_back(call.token)


def _begun(current: Connection | Request) -> Connection | Request:
    """The request that began on a connection in an earlier read, and that nothing stands for yet."""
    if type(current) is not Connection or current.latest is None:
        return current
    request, current.latest = current.latest, None
    CURRENT.set(request)
    return request


def observed(row: Landmark, function: Any, module: Any = None, dress: Callable[..., Any] | None = None) -> Any:
    """A wrapper of ``function`` (a plain function) that records what ``row`` says.

    ``dress(value, values)`` observes the argument or the result that the row names.
    """
    signature, arguments, forward = parameters(function)
    asynchronous = bool(function.__code__.co_flags & _COROUTINE)
    observer = Observer(row, function, arguments, module)
    listed = "".join(name + ", " for name in arguments)
    name = function.__name__ if function.__name__.isidentifier() else "wrapper"
    argument = row.observes if row.observes and row.observes != "ret" else ""
    text = _BODY.format(
        kind="async def" if asynchronous else "def",
        name=name,
        signature=signature,
        arguments=listed,
        forward=forward,
        wait="await " if asynchronous else "",
        pause="if _call is not None and _call.owner.waiter is not None: await _pause(_call.owner)"
        if asynchronous
        else "",
        dress_argument=f"{argument} = _dress({argument}, ({listed}))" if argument else "",
        dress_result=f"_result = _dress(_result, ({listed}))" if row.observes == "ret" else "",
    )
    silent = row.silent
    scope = {
        "_function": function,
        "_enter": _signal(row, observer) if silent else observer.enter,
        "_leave": _keeper(row.keeps, arguments, module, dress)
        if row.keeps and dress
        else _nothing
        if silent
        else observer.leave,
        "_fail": _nothing if silent else observer.fail,
        "_strip": strip,
        "_pause": pause,
        "_dress": dress,
        "_BaseException": BaseException,
    }
    exec(compile(text, __file__, "exec"), scope)  # noqa: S102 - source made here, from names of parameters
    wrapper = scope[name]
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


def _nothing(*_: Any) -> None:
    return None


def _signal(row: Landmark, observer: Observer) -> Any:
    """What a silent row says at its entry."""
    if not (row.ready or row.refuses):
        return _nothing

    beats = observer.beats

    def signal(values: tuple[Any, ...]) -> None:
        if observer.when is not None and not observer.when(values):
            return
        if row.ready:
            if row.hold == LOOP:
                this_thread_runs_a_loop()
            if beats is not None:
                beat_with(beats(values))
            say("ready", row.ready, clock())
        else:
            say("refused", row.refuses, "")
            if row.refuses == "gevent":  # greenlets on one thread: what we would tell of them would not be true
                stop()

    return signal


def _keeper(keeps: tuple[str, str, str], arguments: list[str], module: Any, dress: Callable[..., Any]) -> Any:
    """At the exit, the app that the server keeps in an attribute is replaced by an observed one."""
    holder, attribute, interface = keeps
    read: Any = expression(holder, arguments, module)

    def keep(call: Call | None, result: Any, values: tuple[Any, ...]) -> None:
        owner = read(values)
        app = owner.__dict__.get(attribute)
        if app is not None:
            owner.__dict__[attribute] = dress(app, interface)

    return keep
