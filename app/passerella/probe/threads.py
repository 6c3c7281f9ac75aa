"""The hop through a thread pool that does not copy the context (``loop.run_in_executor``): our variable goes along."""

from __future__ import annotations

from .attribution import CURRENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .attribution import Owner


class _Carried:
    """A call that takes the current request with it to another thread."""

    __slots__ = ("call", "current")

    def __init__(self, call: Callable[..., Any], current: Owner) -> None:
        self.call = call
        self.current = current

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        token = CURRENT.set(self.current)
        try:
            return self.call(*arguments, **keywords)
        finally:
            CURRENT.reset(token)


def carry(module: Any) -> None:
    """Make ``ThreadPoolExecutor.submit`` carry the current request."""
    cls = module.ThreadPoolExecutor
    real = cls.submit

    def submit(self: Any, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        current = CURRENT.get()
        if current is not None:
            fn = _Carried(fn, current)
        return real(self, fn, *args, **kwargs)

    submit.__doc__ = real.__doc__
    submit.__text_signature__ = getattr(real, "__text_signature__", None)  # type: ignore[attr-defined]
    cls.submit = submit
