"""What the microscope sees of one request: its calls, the lines of the student's own functions, their locals.

Bounded in everything; beyond the bounds it is only counted. No foreign object is kept: frames are known by their
identity as long as they live, values by a glimpse.
"""

from __future__ import annotations

import os
from itertools import count

from .attribution import Connection
from .channel import clock, put, sequence
from .freeze import type_name
from .glimpse import Room, glimpse
from .places import thread_and_task, where
from .record import installed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any

    from .attribution import Owner

CALLS = 5_000  # of the student's own functions, and as many of libraries: these must not hide those
LINES = 5_000
_LINES_A_CALL = 500  # a long loop leaves some for the others
_MOST_MISSED_CALLS, _MOST_MISSED_LINES = 1_000_000, 100_000  # beyond, they are not even counted
_STANDARD_DEPTH = 3  # calls of the standard library inside one another: to compile a pattern makes thousands
_NAMES = 64  # locals of a function
_ROOM = 40  # values within each
_CHUNK = 256  # weight of what is said at once
_OPTIMIZED = 0x1  # a function: the locals of a module or of a class are the thing itself
# Before 3.13, to read a frame's locals refreshes the dict that these gave to the student (PEP 667).
_GIVE_LOCALS = frozenset(("locals", "vars", "eval", "exec", "dir", "_getframe", "currentframe"))

_HERE = os.path.dirname(__file__) + os.sep
_EXPRESSIONS = _HERE + "expressions.py"
_STANDARD = os.path.dirname(os.__file__) + os.sep


class Function:
    """A function that was called: its number, whether it is the student's own, whether its lines are followed."""

    __slots__ = ("code", "imports", "lines", "names", "number", "ours", "own", "reads", "said", "standard")

    def __init__(self, number: int, code: CodeType, careful: bool) -> None:
        file = code.co_filename
        self.number = number
        self.said = False
        self.code = code  # kept: its identity is our key
        self.ours = file.startswith(_HERE)
        self.own = not self.ours and not installed(file)
        self.standard = file.startswith(("<", _STANDARD)) and "-packages" not in file
        self.imports = file.startswith("<frozen importlib")
        self.lines = self.own and bool(code.co_flags & _OPTIMIZED)
        self.reads = self.lines and not (careful and _GIVE_LOCALS.intersection(code.co_names))
        names = [name for name in (*code.co_varnames, *code.co_cellvars) if not name.startswith(".")]
        self.names = tuple(dict.fromkeys(names))[:_NAMES]


class Call:
    """A call under way. ``since`` is when it was suspended, or 0; ``spent`` what we had spent when it began."""

    __slots__ = (
        "depth", "error", "function", "known", "lines", "missed", "number", "since", "since_spent", "spent", "times",
        "waited",
    )  # fmt: skip

    def __init__(self, number: int, function: Function, depth: int) -> None:
        self.number = number
        self.function = function
        self.depth = depth  # how many calls of the standard library are inside one another here
        self.spent = self.waited = self.times = self.since = self.since_spent = self.lines = self.missed = 0
        self.known: dict[str, Any] = {}
        self.error = ""


class Magnified:
    """Takes in what happens to the frames of one request, says it to the viewer in chunks."""

    def __init__(self, owner: Owner, careful: bool) -> None:
        self.owner = owner
        self._connection = owner if type(owner) is Connection else None  # it began before there was a request
        self.careful = careful
        self.missed_calls = 0
        self.missed_lines = 0
        self._open: dict[int, Call] = {}  # id of a frame -> its call
        self._functions: dict[int, Function] = {}
        self._marks: list[Any] = []
        self._weight = 0
        self._left = {True: CALLS, False: CALLS}
        self._lines_left = LINES
        self._numbers = count(1)
        self._spent = 0

    def concerns(self, current: Owner | None) -> bool:
        """Whether what runs for ``current`` is looked at."""
        return current is self.owner or (current is not None and current is self._connection)

    def function(self, code: CodeType) -> Function:
        known = self._functions.get(id(code))
        if known is None:
            known = self._functions[id(code)] = Function(len(self._functions) + 1, code, self.careful)
        return known

    @property
    def blind(self) -> bool:
        """There is no end to what is not shown: better to look away."""
        return self.missed_calls > _MOST_MISSED_CALLS

    @property
    def tired(self) -> bool:
        """The same, of the lines."""
        return self.missed_lines > _MOST_MISSED_LINES

    def entered(self, frame: FrameType, function: Function) -> bool:
        """A function is called; whether it is followed from here."""
        began = clock()
        key = id(frame)
        self._open.pop(key, None)  # another frame's, whose end was not seen
        parent, by_us = self._parent(frame)
        if by_us:
            self._spent += clock() - began
            return False
        depth = (parent.depth if parent is not None else 0) + 1 if function.standard else 0
        if not self._left[function.own] or _hidden(function, parent, depth):
            self._miss(parent)
            self._spent += clock() - began
            return False
        self._left[function.own] -= 1
        call = Call(next(self._numbers), function, depth)
        arguments = self._changes(call, frame)[0]
        number, place = (0, thread_and_task(self.owner)) if parent is None else (parent.number, (0, ""))
        self._say_function(function)
        self._marks.append(("call", call.number, number, function.number, began, *place, arguments))
        self._grow(arguments)
        self._open[key] = call
        call.spent = self._spent
        self._spent += clock() - began
        return True

    def resumed(self, frame: FrameType, function: Function) -> bool:
        """A call that was suspended goes on; False when there is no such call."""
        call = self._open.get(id(frame))
        if call is None or not call.since or call.function is not function:
            return False
        call.waited += clock() - call.since
        call.spent += self._spent - call.since_spent
        call.since = 0
        return True

    def suspended(self, frame: FrameType) -> None:
        """A coroutine waits, or a generator gave a value."""
        call = self._open.get(id(frame))
        if call is not None and not call.since:
            call.since = clock()
            call.since_spent = self._spent
            call.times += 1

    def left(self, frame: FrameType, value: Any, error: str) -> None:
        """A call returned ``value``, or ended with an exception."""
        call = self._open.pop(id(frame), None)
        if call is None or call.function.code is not frame.f_code:
            return
        now = clock()
        if call.since:  # an exception was thrown into it while it was suspended
            call.waited += now - call.since
            call.spent += self._spent - call.since_spent
        changed, removed = self._changes(call, frame)
        shown = glimpse(value, Room()) if call.function.own and not error else None
        ours = self._spent - call.spent
        spans = (now, ours, call.waited, call.times)
        self._marks.append(("return", call.number, *spans, shown, error, call.missed, changed, removed))
        self._grow(changed)
        self._spent += clock() - now

    def line(self, frame: FrameType, number: int) -> None:
        """A line of the student's is about to run; what changed, the one before did."""
        call = self._open.get(id(frame))
        if call is None:
            return
        call.lines += 1
        if not self._lines_left or call.lines > _LINES_A_CALL:
            self.missed_lines += 1
            return
        now = clock()
        self._lines_left -= 1
        changed, removed = self._changes(call, frame)
        self._marks.append(("line", call.number, now, number, changed, removed))
        self._grow(changed)
        self._spent += clock() - now

    def raised(self, frame: FrameType, kind: type) -> None:
        """An exception passes: it may be its end."""
        call = self._open.get(id(frame))
        if call is not None:
            call.error = type_name(kind)

    def error(self, frame: FrameType) -> str:
        call = self._open.get(id(frame))
        return call.error if call is not None else ""

    def flush(self) -> None:
        """Say what was seen since the last time."""
        self._weight = 0
        marks = self._marks
        batch = marks[:]
        del marks[: len(batch)]  # other threads only append
        if batch:
            self.say("magnified", batch)

    def say(self, tag: str, *rest: Any) -> None:
        owner = self.owner
        put((tag, next(sequence), clock(), where(owner), 0, *rest), owner.id)

    def _say_function(self, function: Function) -> None:
        if not function.said:
            function.said = True
            code = function.code
            said = ("function", function.number, code.co_qualname, code.co_filename, code.co_firstlineno, function.own)
            self._marks.append(said)

    def _grow(self, changed: dict[str, Any]) -> None:
        self._weight += 1 + 8 * len(changed)
        if self._weight >= _CHUNK:
            self.flush()

    def _miss(self, parent: Call | None) -> None:
        self.missed_calls += 1
        if parent is not None:
            parent.missed += 1

    def _parent(self, frame: FrameType) -> tuple[Call | None, bool]:
        """The call that this one is made by: the nearest that is followed, across those that are not shown.

        And whether it is made by us: by the texts of the tables, which read properties of the libraries.
        """
        under = frame.f_back
        while under is not None:
            call = self._open.get(id(under))
            if call is not None and call.function.code is under.f_code:
                return call, False
            if under.f_code.co_filename == _EXPRESSIONS:
                return None, True
            under = under.f_back
        return None, False

    def _changes(self, call: Call, frame: FrameType) -> tuple[dict[str, Any], list[str]]:
        """The locals that are not as they were the last time."""
        if not call.function.reads:
            return {}, []
        known, now = call.known, frame.f_locals
        changed: dict[str, Any] = {}
        removed = []
        for name in call.function.names:
            if name in now:
                value = glimpse(now[name], Room(_ROOM))
                if name not in known or not _same(known[name], value):
                    known[name] = changed[name] = value
            elif name in known:
                del known[name]
                removed.append(name)
        return changed, removed


def _hidden(function: Function, parent: Call | None, depth: int) -> bool:
    """Whether a call is only counted: the standard library deep inside itself, and what an import runs."""
    if function.own or parent is None:
        return False
    return depth > _STANDARD_DEPTH or parent.function.imports


def _same(before: Any, now: Any) -> bool:
    """``1``, ``1.0`` and ``True`` are equal, and not the same."""
    return type(before) is type(now) and bool(before == now)
