"""The hop through a thread pool that does not copy the context (``loop.run_in_executor``): our variable goes along."""

from .attribution import CURRENT


class _Carried:
    """A call that takes the current request with it to another thread."""

    __slots__ = ("call", "current")

    def __init__(self, call, current):
        self.call = call
        self.current = current

    def __call__(self, *arguments, **keywords):
        token = CURRENT.set(self.current)
        try:
            return self.call(*arguments, **keywords)
        finally:
            CURRENT.reset(token)


def carry(module):
    """Make ``ThreadPoolExecutor.submit`` carry the current request."""
    cls = module.ThreadPoolExecutor
    real = cls.submit

    def submit(self, fn, /, *args, **kwargs):
        current = CURRENT.get()
        if current is not None:
            fn = _Carried(fn, current)
        return real(self, fn, *args, **kwargs)

    submit.__doc__ = real.__doc__
    submit.__text_signature__ = getattr(real, "__text_signature__", None)
    cls.submit = submit
