"""The microscope's tree as rows, and as sentences for ``--testo``.

The student's own functions are always shown, with the calls that lead to them and those that they make; the other
calls of libraries are folded, several in a row into one row. A row that ``opens`` shows more once its ``key`` is
among the ``opened`` ones.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import msgspec

from passerella.events import Value
from passerella.journeys.microscope import Call, Line, Tree, walk
from passerella.journeys.model import Source
from passerella.language import _, plural
from passerella.views.numbers import duration, whole
from passerella.views.values import shown
from passerella.views.visible import visible

_LINES = 60  # lines of a call that are shown until it is asked for more
_DEEPEST = 30  # beyond it, rows are not moved any further to the right
_VALUE, _ARGUMENTS = 100, 80
_NAMES = 3  # libraries of a fold that are named

Kind = Literal["call", "calls", "line", "lines"]
Code = Callable[[str, int], str]


class CallRow(msgspec.Struct, frozen=True):
    """A row of the tree.

    :ivar kind: a ``call``, several folded ``calls``, a ``line`` of the student's, more ``lines`` folded.
    :ivar key: what to put among the opened, where the row ``opens``; ``opened``: it is.
    :ivar source: the function's first line, or the line itself; of a fold, nothing.
    :ivar title: ``saluto(nome='Ada')``, ``riga 12``, ``38 chiamate in flask, werkzeug``.
    :ivar code: the text of the line, where the caller can read it.
    :ivar value: what the student's function returned, or what the line changed.
    :ivar place: the task or thread, of a call that ran beside the one in which it stands.
    :ivar lasted: nanoseconds, ``waited`` of them suspended, ``alone`` without the calls that it made.
    """

    kind: Kind
    key: str
    depth: int
    title: str
    own: bool = False
    source: Source | None = None
    code: str = ""
    value: str = ""
    error: str = ""
    place: str = ""
    lasted: int | None = None
    waited: int = 0
    times: int = 0
    alone: int | None = None
    missed: int = 0
    opens: bool = False
    opened: bool = False


class _More(msgspec.Struct):
    """The lines of a call after the first ones."""

    call: Call
    lines: list[Line]


_Item = Call | list[Call] | tuple[Call, Line] | _More


def _unread(path: str, line: int) -> str:
    return ""


def rows(
    found: Tree, opened: frozenset[str] = frozenset(), *, everything: bool = False, code: Code = _unread
) -> list[CallRow]:
    """The rows of the tree; ``everything``: nothing is folded. ``code`` gives the text of a line of a file."""
    return list(_Rows(found, opened, everything, code).all())


class _Rows:
    def __init__(self, found: Tree, opened: frozenset[str], everything: bool, code: Code) -> None:
        self._roots = found.roots
        self._opened = opened
        self._everything = everything
        self._code = code
        self._leading = _leading(found.roots)

    def all(self) -> Iterator[CallRow]:
        waiting = [(0, item) for item in reversed(self._folded(self._roots))]
        while waiting:
            depth, item = waiting.pop()
            yield self._row(item, depth)
            waiting += [(depth + 1, inner) for inner in reversed(self._inside(item))]

    def _row(self, item: _Item, depth: int) -> CallRow:
        if isinstance(item, Call):
            return self._call(item, depth)
        if isinstance(item, list):
            return _fold(item, depth, self._is_open(item))
        if isinstance(item, _More):
            return _more(item, depth, self._is_open(item))
        call, line = item
        source = msgspec.structs.replace(call.function.source, line=line.number)
        return CallRow(
            "line",
            "",
            depth,
            _("riga {n}").format(n=line.number),
            own=True,
            source=source,
            code=visible(self._code(source.path, line.number).strip(), 160),
            value=_changes(line.changed, line.removed),
        )

    def _call(self, call: Call, depth: int) -> CallRow:
        return CallRow(
            "call",
            _key(call),
            depth,
            _title(call),
            own=call.function.own,
            source=call.function.source,
            value=shown(call.value, _VALUE) if call.function.own and call.ended is not None and not call.error else "",
            error=visible(call.error, 80),
            place=_place(call),
            lasted=call.lasted,
            waited=call.waited,
            times=call.times,
            alone=call.alone,
            missed=call.missed,
            opens=bool(call.calls) and call.number not in self._leading,
            opened=self._is_open(call),
        )

    def _is_open(self, item: _Item) -> bool:
        return self._everything or _key(item) in self._opened

    def _inside(self, item: _Item) -> list[_Item]:
        """What follows a row, one step to its right."""
        if isinstance(item, Call):
            return self._inside_call(item)
        if isinstance(item, list):
            return list(item) if self._is_open(item) else []
        if isinstance(item, _More):
            return [(item.call, line) for line in item.lines] if self._is_open(item) else []
        return []

    def _inside_call(self, call: Call) -> list[_Item]:
        if call.number not in self._leading:
            return list(call.calls) if self._is_open(call) else []
        if call.lines:
            return self._with_lines(call)
        return list(call.calls) if call.function.own else self._folded(call.calls)

    def _with_lines(self, call: Call) -> list[_Item]:
        """Lines, each with the calls that it made after it."""
        many = len(call.lines) > _LINES and not self._everything
        first = call.lines[:_LINES] if many else call.lines
        timed: list[tuple[int, _Item]] = [(line.t, (call, line)) for line in first]
        timed += [(inner.t, [inner] if self._is_of_the_loop(inner) else inner) for inner in call.calls]
        timed.sort(key=_time)
        items = [item for _, item in timed]
        return [*items, _More(call, call.lines[_LINES:])] if many else items

    def _is_of_the_loop(self, call: Call) -> bool:
        """What a library did meanwhile elsewhere: not something that the student's function called."""
        return bool(call.beside) and call.number not in self._leading

    def _folded(self, calls: Sequence[Call]) -> list[_Item]:
        """Calls of libraries that lead to nothing of the student's stand together."""
        items: list[_Item] = []
        for call in calls:
            if call.number in self._leading or self._everything:
                items.append(call)
            elif items and isinstance(items[-1], list):
                items[-1].append(call)
            else:
                items.append([call])
        return items


def _time(item: tuple[int, _Item]) -> int:
    return item[0]


def _leading(roots: Sequence[Call]) -> set[int]:
    """The student's own calls, and those that lead to one, in another thread or task too."""
    by_number = {call.number: call for _, call in walk(roots)}
    found: set[int] = set()
    for call in by_number.values():
        each: Call | None = call if call.function.own else None
        while each is not None and each.number not in found:
            found.add(each.number)
            each = by_number.get(each.parent or each.beside)
    return found


def _key(item: _Item) -> str:
    if isinstance(item, Call):
        return f"c{item.number}"
    if isinstance(item, list):
        return f"f{item[0].number}"
    return f"l{item.call.number}" if isinstance(item, _More) else ""


def _title(call: Call) -> str:
    """``saluto(nome='Ada')``; ``full_dispatch_request()``."""
    name = visible(call.function.name.replace("<locals>.", ""), 80)
    if not call.function.own:
        return f"{name}()"
    listed = ", ".join(f"{visible(key, 40)}={shown(value, 40)}" for key, value in call.arguments.items())
    return f"{name}({visible(listed, _ARGUMENTS)})"


def _place(call: Call) -> str:
    if not call.beside:
        return ""
    if call.task:
        return _("intanto, nel task {name}").format(name=visible(call.task, 60))
    return _("intanto, nel thread {name}").format(name=visible(call.thread, 60) or call.tid)


def _changes(changed: dict[str, Value], removed: Sequence[str]) -> str:
    parts = [f"{visible(name, 40)} = {shown(value, _VALUE)}" for name, value in changed.items()]
    parts += [_("{name} tolta").format(name=visible(name, 40)) for name in removed]
    return ", ".join(parts)


def _fold(calls: Sequence[Call], depth: int, opened: bool) -> CallRow:
    inside = [call for _, call in walk(calls)]
    lasted = [call.lasted for call in calls if call.lasted is not None]
    return CallRow(
        "calls",
        _key(list(calls)),
        depth,
        plural("{n} chiamata in {names}", "{n} chiamate in {names}", len(inside)).format(
            n=whole(len(inside)), names=_libraries(inside)
        ),
        lasted=sum(lasted),
        waited=sum(call.waited for call in calls),
        times=sum(call.times for call in calls),
        error="",
        missed=sum(call.missed for call in inside),
        opens=True,
        opened=opened,
    )


def _libraries(calls: Sequence[Call]) -> str:
    """``flask, werkzeug, contextlib…``: by the package or module where they are."""
    names = dict.fromkeys(_library(call.function.source.file) for call in calls)
    listed = [visible(name, 30) for name in list(names)[:_NAMES]]
    return ", ".join(listed) + ("…" if len(names) > _NAMES else "")


def _library(file: str) -> str:
    name = file.removeprefix("<frozen ").partition("/")[0].removesuffix(">").removesuffix(".py")
    return _("codice generato") if name.startswith("<") else name


def _more(item: _More, depth: int, opened: bool) -> CallRow:
    count = len(item.lines)
    title = plural("un'altra riga", "altre {n} righe", count).format(n=whole(count))
    return CallRow("lines", _key(item), depth, title, own=True, opens=True, opened=opened)


def refusal(reason: str) -> str:
    """Why the microscope did not look."""
    known = {
        "tracer": _(
            "Il microscopio non ha guardato: in questo programma lavora già un debugger, o chi misura quali righe "
            "vengono eseguite (sys.settrace), e non va disturbato."
        ),
        "tools": _(
            "Il microscopio non ha guardato: in questo programma tutti i posti di sys.monitoring sono già occupati."
        ),
    }
    return known.get(reason, _("Il microscopio non ha potuto guardare."))


def summary(found: Tree) -> str:
    """«Microscopio: 412 chiamate, 2 del tuo codice, 17 righe.»"""
    if found.refused:
        return refusal(found.refused)
    return _("Microscopio: {calls}, {own} del tuo codice, {lines}.").format(
        calls=plural("{n} chiamata", "{n} chiamate", found.calls).format(n=whole(found.calls)),
        own=whole(found.own),
        lines=plural("{n} riga", "{n} righe", found.lines).format(n=whole(found.lines)),
    )


def missing(found: Tree) -> list[str]:
    """What was counted and is not in the tree, in words."""
    calls, lines = found.missed_calls, found.missed_lines
    sentences = (
        (calls, plural("Un'altra chiamata non mostrata.", "Altre {n} chiamate non mostrate.", calls)),
        (lines, plural("Un'altra riga non mostrata.", "Altre {n} righe non mostrate.", lines)),
    )
    return [sentence.format(n=whole(count)) for count, sentence in sentences if count]


def times(row: CallRow) -> str:
    """«1,2 ms, di cui 0,10 ms suoi»; «162 ms, di cui 161 ms in attesa (2 volte)»."""
    if row.kind not in ("call", "calls"):
        return ""
    if row.lasted is None:
        return _("non è finita")
    parts = [duration(row.lasted)]
    if row.waited:
        often = plural("{n} volta", "{n} volte", row.times).format(n=whole(row.times))
        parts.append(_("di cui {time} in attesa ({often})").format(time=duration(row.waited), often=often))
    if row.alone is not None and row.alone < row.lasted - row.waited:
        parts.append(_("{time} suoi").format(time=duration(row.alone)))
    return ", ".join(parts)


def tell(found: Tree, *, everything: bool = False, code: Code = _unread) -> Iterator[str]:
    """The tree in sentences, without line ends."""
    yield summary(found)
    if found.refused:
        return
    for row in rows(found, everything=everything, code=code):
        yield "  " * (1 + min(row.depth, _DEEPEST)) + _sentence(row)
    yield from missing(found)
    yield _("Le durate non contano il tempo del microscopio stesso.")


def _sentence(row: CallRow) -> str:
    if row.kind == "line":
        parts = [row.title, row.code, f"→ {row.value}" if row.value else ""]
        return " · ".join(part for part in parts if part)
    parts = [row.title, row.place]
    if row.source is not None:
        parts.append(visible(f"{row.source.file}:{row.source.line}", 200))
    parts.append(times(row))
    if row.value:
        parts.append(_("restituisce {value}").format(value=row.value))
    if row.error:
        parts.append(_("finisce con {error}").format(error=row.error))
    if row.missed and row.kind == "call":
        inner = plural("una chiamata interna non mostrata", "{n} chiamate interne non mostrate", row.missed)
        parts.append(inner.format(n=whole(row.missed)))
    return " · ".join(part for part in parts if part)
