"""Functions that the student asked to mark, ``module:function``: each becomes a step."""

from .hook import after_import
from .landmarks import ROWS
from .wrap import observed

_FUNCTION = type(observed)


def mark(targets):
    """Observe each target once its module is imported; one that is not there is left."""
    patches = {}
    for target in targets:
        module, _, name = target.partition(":")
        if module and name:
            patches.setdefault(module, []).append(_patch(name))
    after_import(patches)


def _patch(name):
    def patch(module):
        *path, last = name.split(".")
        owner = module
        for part in path:
            owner = getattr(owner, part)
        function = owner.__dict__[last]
        if type(function) is _FUNCTION:
            setattr(owner, last, observed(ROWS["view.mark"], function))

    return patch
