"""The microscope's lens on Python 3.11: ``sys.settrace``, thread by thread."""

from __future__ import annotations

import _thread
import sys
from opcode import opmap

from .attribution import CURRENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from .magnified import Magnified

_get_ident = _thread.get_ident
_RETURN, _YIELD, _RESUME = opmap["RETURN_VALUE"], opmap["YIELD_VALUE"], opmap["RESUME"]


def _goes_on(frame: FrameType) -> bool:
    """Whether a coroutine or a generator goes on: its RESUME says after what; an exception is thrown into it earlier."""
    code, at = frame.f_code.co_code, frame.f_lasti
    return code[at] != _RESUME or code[at + 1] & 3 != 0


class Tracing:
    """Follows what runs for one request on the thread where it began, and where else its steps are met."""

    def __init__(self, magnified: Magnified) -> None:
        self._magnified = magnified
        self._off = True
        self._home = 0

    def start(self) -> str:
        """Look from now on; "" or the reason why not: a debugger or a measure of coverage is not to be disturbed."""
        if sys.gettrace() is not None:
            return "tracer"
        self._off = False
        self._home = _get_ident()
        sys.settrace(self._called)
        return ""

    def here(self) -> None:
        """A step of the request was met: look at this thread too."""
        if sys.gettrace() is None and not self._off:
            sys.settrace(self._called)

    def stop(self) -> None:
        """Look no more: at once on this thread, at its next call on any other."""
        self._off = True
        self._leave_thread()
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if frame.f_trace == self._inside:
                frame.f_trace = None
                frame.f_trace_lines = True
            frame = frame.f_back

    def _leave_thread(self) -> None:
        if sys.gettrace() == self._called:  # and not one that the program has put since
            sys.settrace(None)

    # Nothing of ours is raised into the program; what is not ours to stop (a signal's exception) passes.

    def _called(self, frame: FrameType, event: str, argument: Any) -> Any:
        if self._off:
            self._leave_thread()
            return None
        magnified = self._magnified
        if not magnified.concerns(CURRENT.get()):
            if _get_ident() != self._home:  # a thread of a pool that is done with this request
                self._leave_thread()
            return None
        try:
            function = magnified.function(frame.f_code)
            begins = magnified.resumed if _goes_on(frame) else magnified.entered
            if function.ours or not begins(frame, function):
                self._off = self._off or magnified.blind
                return None
            frame.f_trace_lines = function.lines and not magnified.tired
        except Exception:
            return None
        return self._inside

    def _inside(self, frame: FrameType, event: str, argument: Any) -> Any:
        if self._off:
            return None
        try:
            self._told[event](self, frame, argument)
        except Exception:
            return self._inside
        return self._inside

    def _line(self, frame: FrameType, argument: Any) -> None:
        self._magnified.line(frame, frame.f_lineno)
        if self._magnified.tired:
            frame.f_trace_lines = False

    def _raised(self, frame: FrameType, argument: Any) -> None:
        self._magnified.raised(frame, argument[0])

    def _returned(self, frame: FrameType, argument: Any) -> None:
        """``return``, ``yield`` (and ``await``), or an exception: the instruction tells."""
        instruction = frame.f_code.co_code[frame.f_lasti]
        if instruction == _YIELD:
            self._magnified.suspended(frame)
        elif instruction == _RETURN:
            self._magnified.left(frame, argument, "")
        else:
            self._magnified.left(frame, None, self._magnified.error(frame))

    _told = {"line": _line, "exception": _raised, "return": _returned}  # noqa: RUF012 - a table
