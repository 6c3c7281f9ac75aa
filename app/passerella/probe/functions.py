"""What a function is made of: its parameters as source text, and the function under its decorators."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_VARARGS, _VARKEYWORDS = 0x04, 0x08


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
        elif kind.__name__ == "AsyncToSync" and kind.__module__ == "asgiref.sync":
            function = function.__dict__["awaitable"]
        else:
            break
    return function


class _Example:
    def method(self) -> None:
        """Only for its type."""


_FUNCTION: Any = type(parameters)
_METHOD: Any = type(_Example().method)
