"""Contexts as the student's code sees them: without our variable (design §5: it leaves nothing).

Libraries copy a context to run something in it elsewhere, and by that copy a journey is followed: they get it whole.
"""

from __future__ import annotations

import sys

from .attribution import CURRENT
from .record import installed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextvars import Context
    from typing import Any

_libraries: set[str] = set()  # files already known to be nobody's own


def leave(module: Any) -> None:
    """Make ``contextvars.copy_context`` answer the student's own code as if we were not here."""
    copy, new, frame = module.copy_context, module.Context, sys._getframe

    def copy_context() -> Context:
        context: Context = copy()
        if CURRENT not in context:
            return context
        file = frame(1).f_code.co_filename
        if file in _libraries or _is_library(file):
            return context
        shown: Context = new()
        for variable in context:
            if variable is not CURRENT:
                shown.run(variable.set, context[variable])
        return shown

    copy_context.__doc__ = copy.__doc__
    copy_context.__module__ = copy.__module__
    copy_context.__qualname__ = copy.__qualname__
    module.copy_context = copy_context


def _is_library(file: str) -> bool:
    if installed(file):
        _libraries.add(file)
    return file in _libraries
