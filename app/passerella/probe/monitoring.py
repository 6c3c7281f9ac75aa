"""The microscope's lens from Python 3.12 on: ``sys.monitoring``, with a tool of our own."""

from __future__ import annotations

import sys

from .attribution import CURRENT
from .freeze import type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from .magnified import Function, Magnified

_NAME = "passerella"
_TOOLS = (4, 3, 5, 2, 1, 0)  # those that no convention gives to a debugger, coverage, a profiler come first
_frame = sys._getframe
_monitoring: Any = getattr(sys, "monitoring", None)  # not there before 3.12


class Monitoring:
    """Follows whatever runs for one request, in any thread: the current request is what tells."""

    def __init__(self, magnified: Magnified) -> None:
        self._magnified = magnified
        self._tool = -1
        self._lined: dict[int, CodeType] = {}  # the student's functions whose lines are followed

    def start(self) -> str:
        """Look from now on; "" or the reason why not."""
        monitoring = _monitoring
        for tool in _TOOLS:
            try:
                monitoring.use_tool_id(tool, _NAME)
            except ValueError:
                continue
            break
        else:
            return "tools"
        self._tool = tool
        seen = 0
        for event, hear in self._hearers().items():
            monitoring.register_callback(tool, event, hear)
            seen |= event
        monitoring.set_events(tool, seen & ~monitoring.events.LINE)
        return ""

    def here(self) -> None:
        """Every thread is looked at already."""

    def stop(self) -> None:
        tool, self._tool = self._tool, -1
        if tool < 0:
            return
        monitoring = _monitoring
        monitoring.set_events(tool, 0)
        while self._lined:
            monitoring.set_local_events(tool, self._lined.popitem()[1], 0)
        for event in self._hearers():
            monitoring.register_callback(tool, event, None)
        monitoring.free_tool_id(tool)

    def _hearers(self) -> dict[int, Any]:
        events = _monitoring.events
        return {
            events.PY_START: self._entered,
            events.PY_RESUME: self._resumed,
            events.PY_THROW: self._resumed,
            events.PY_RETURN: self._returned,
            events.PY_YIELD: self._suspended,
            events.PY_UNWIND: self._unwound,
            events.LINE: self._line,
        }

    # Nothing of ours is raised into the program; what is not ours to stop (a signal's exception) passes.

    def _entered(self, code: CodeType, offset: int) -> Any:
        magnified = self._magnified
        if not magnified.concerns(CURRENT.get()):
            return None
        try:
            function = magnified.function(code)
            if function.ours:
                return _monitoring.DISABLE
            if magnified.entered(_frame(1), function):
                self._follow_lines(function)
            elif magnified.blind:
                self.stop()
        except Exception:
            return None
        return None

    def _resumed(self, code: CodeType, offset: int, error: BaseException | None = None) -> None:
        magnified = self._magnified
        if magnified.concerns(CURRENT.get()):
            try:
                function = magnified.function(code)
                if magnified.resumed(_frame(1), function):
                    self._follow_lines(function)
            except Exception:
                return

    def _follow_lines(self, function: Function) -> None:
        code = function.code
        if function.lines and id(code) not in self._lined and not self._magnified.tired and self._tool >= 0:
            self._lined[id(code)] = code
            _monitoring.set_local_events(self._tool, code, _monitoring.events.LINE)

    def _returned(self, code: CodeType, offset: int, value: Any) -> None:
        magnified = self._magnified
        if magnified.concerns(CURRENT.get()):
            try:
                magnified.left(_frame(1), value, "")
            except Exception:
                return

    def _unwound(self, code: CodeType, offset: int, error: BaseException) -> None:
        magnified = self._magnified
        if magnified.concerns(CURRENT.get()):
            try:
                magnified.left(_frame(1), None, type_name(type(error)))
            except Exception:
                return

    def _suspended(self, code: CodeType, offset: int, value: Any) -> None:
        magnified = self._magnified
        if magnified.concerns(CURRENT.get()):
            try:
                magnified.suspended(_frame(1))
            except Exception:
                return

    def _line(self, code: CodeType, number: int) -> None:
        magnified = self._magnified
        if not magnified.concerns(CURRENT.get()):
            return
        try:
            magnified.line(_frame(1), number)
            if magnified.tired and self._tool >= 0 and self._lined.pop(id(code), None) is not None:
                _monitoring.set_local_events(self._tool, code, 0)
        except Exception:
            return
