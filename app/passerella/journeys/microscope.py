"""What the microscope saw of a journey, as a tree: calls inside calls, with their times, lines and locals."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from passerella.events import CallSeen, FunctionSeen, LineSeen, Mark, ReturnSeen, Value
from passerella.journeys.model import Journey, Source, Step
from passerella.journeys.process import short_name


class Function(msgspec.Struct, frozen=True):
    """A function; ``own``: of the student's own code."""

    name: str
    source: Source
    own: bool


class Line(msgspec.Struct):
    """A line that ran, and the locals that it changed.

    :ivar t: nanoseconds of the monotonic clock when it began.
    """

    number: int
    t: int
    changed: dict[str, Value] = {}
    removed: list[str] = []


class Call(msgspec.Struct):
    """A call and what it called. Times are nanoseconds, without the time held and without what the microscope took.

    :ivar number: its number in the journey, in order of time; ``parent``: of the call that made it, or 0.
    :ivar tid: with ``thread``, its name, and ``task``: where it ran; ``beside``: it began there while this other call, in which it stands, was
        under way where the microscope began (a view in a thread of the pool, a task of its own), or 0.
    :ivar t: when it began (monotonic clock); ``ended``: when it ended, or None while it goes on.
    :ivar lasted: from begin to end; ``waited``: of these, how many it was suspended, ``times`` times.
    :ivar alone: the time that it ran itself, without the calls it made.
    :ivar missed: calls inside it that were counted and not shown.
    :ivar value: what the student's own function returned.
    """

    number: int
    parent: int
    function: Function
    t: int
    tid: int
    thread: str
    task: str
    arguments: dict[str, Value]
    beside: int = 0
    ended: int | None = None
    lasted: int | None = None
    waited: int = 0
    times: int = 0
    alone: int | None = None
    missed: int = 0
    value: Value = None
    error: str = ""
    lines: list[Line] = []
    calls: list["Call"] = []

    @property
    def running(self) -> int | None:
        """How long it ran, with the calls it made."""
        return None if self.lasted is None else max(0, self.lasted - self.waited)


class Tree(msgspec.Struct):
    """All that the microscope saw.

    :ivar roots: the calls that no other call made, in order of time.
    :ivar calls: how many calls are in the tree, ``own`` of the student's own functions, ``lines`` of theirs.
    :ivar missed_calls: how many were counted and not shown; ``missed_lines`` the same.
    :ivar refused: why it could not look: ``tracer``, ``tools``; or empty.
    """

    roots: list[Call] = []
    calls: int = 0
    own: int = 0
    lines: int = 0
    missed_calls: int = 0
    missed_lines: int = 0
    refused: str = ""


def tree(journey: Journey) -> Tree | None:
    """What the microscope saw of ``journey``; None when it was not under it."""
    unseen = journey.unseen
    if unseen is None:
        return None
    growing = _Growing(journey.steps_held, {step.tid: step.thread for step in journey.steps})
    for mark in journey.seen:
        growing.take(mark)
    return Tree(
        roots=growing.roots,
        calls=len(growing.calls),
        own=sum(call.function.own for call in growing.calls.values()),
        lines=sum(len(call.lines) for call in growing.calls.values()),
        missed_calls=unseen.calls,
        missed_lines=unseen.lines,
        refused=unseen.refused,
    )


def walk(roots: Sequence[Call]) -> Iterator[tuple[int, Call]]:
    """Every call with its depth, each before those it made. Recursion in the student's code does not become ours."""
    waiting = [(0, call) for call in reversed(roots)]
    while waiting:
        depth, call = waiting.pop()
        yield depth, call
        waiting += [(depth + 1, inner) for inner in reversed(call.calls)]


class _Growing:
    """A tree while marks are taken in; what was lost on the way is missing, the rest stands."""

    def __init__(self, held: Sequence[Step], threads: Mapping[int, str]) -> None:
        self.roots: list[Call] = []
        self.calls: dict[int, Call] = {}
        self._functions: dict[int, Function] = {}
        self._home: tuple[int, str] | None = None
        self._under_way: list[Call] = []  # of those where it began
        self._held = held
        self._threads = threads
        self._take: dict[type[Mark], Callable[..., None]] = {
            FunctionSeen: self._function,
            CallSeen: self._call,
            LineSeen: self._line,
            ReturnSeen: self._return,
        }

    def take(self, mark: Mark) -> None:
        self._take[type(mark)](mark)

    def _function(self, mark: FunctionSeen) -> None:
        source = Source(short_name(mark.file), mark.line, mark.file, mark.name)
        self._functions[mark.number] = Function(mark.name, source, mark.own)

    def _call(self, mark: CallSeen) -> None:
        function = self._functions.get(mark.function)
        parent = self.calls.get(mark.parent)
        if function is None or mark.call in self.calls:
            return
        # One whose parent was lost on the way stands by itself.
        tid, task = (mark.tid, mark.task) if parent is None else (parent.tid, parent.task)
        thread = self._threads.get(tid, "")
        call = Call(mark.call, mark.parent, function, mark.t, tid, thread, task, mark.arguments, lines=[], calls=[])
        self.calls[mark.call] = call
        if parent is None:
            self._hop(call)
        else:
            parent.calls.append(call)
        if (tid, task) == self._home:
            self._under_way.append(call)

    def _hop(self, call: Call) -> None:
        """A call that no other one made: where the microscope began, or elsewhere meanwhile."""
        self._home = self._home or (call.tid, call.task)
        while self._under_way and self._under_way[-1].ended is not None:
            self._under_way.pop()
        if self._under_way and (call.tid, call.task) != self._home:
            call.beside = self._under_way[-1].number
            self._under_way[-1].calls.append(call)
        else:
            self.roots.append(call)

    def _line(self, mark: LineSeen) -> None:
        call = self.calls.get(mark.call)
        if call is not None:
            _changed_by_last(call, mark)
            call.lines.append(Line(mark.line, mark.t))

    def _return(self, mark: ReturnSeen) -> None:
        call = self.calls.get(mark.call)
        if call is None or call.ended is not None:
            return
        _changed_by_last(call, mark)
        call.ended, call.times, call.missed = mark.t, mark.times, mark.missed
        call.value, call.error = mark.value, mark.error
        call.lasted = max(0, mark.t - call.t - mark.ours)
        call.waited = min(call.lasted, mark.waited)
        self._leave_out_held(call)
        inside = sum(inner.running or 0 for inner in call.calls if not inner.beside)
        call.alone = max(0, call.lasted - call.waited - inside)

    def _leave_out_held(self, call: Call) -> None:
        """Time held is part of no duration (design §5): of the wait, where it was held in an ``await``."""
        held = sum(step.held for step in self._held if call.ended is not None and call.t <= step.t <= call.ended)
        if held and call.lasted is not None:
            call.lasted = max(0, call.lasted - held)
            call.waited = max(0, call.waited - held) if call.waited >= held else min(call.waited, call.lasted)


def _changed_by_last(call: Call, mark: LineSeen | ReturnSeen) -> None:
    """What is different when a line is about to run, the line before did."""
    if call.lines:
        call.lines[-1].changed = mark.changed
        call.lines[-1].removed = mark.removed
