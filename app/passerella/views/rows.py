"""A journey as rows, at three levels of detail (design §3).

Level 1: a row a station and direction. Level 2, the walk: steps of the same name in a row fold into one,
but for the first pieces of a stream, each of which left and arrived at its own time. Level 3: every step; the entry and the exit of a call are one row where nothing worth a row of its own lies between.

Labels («Ponte 2») number the rows of the walk within their station; a detail extends the one before it («Ponte 2.3»).
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from passerella.journeys.model import Direction, Journey, Station, Step
from passerella.language import _, plural
from passerella.probe.vocabulary import CLIENT, OUTBOUND, PROXY, WALK
from passerella.texts import direction, station_title, step_text
from passerella.views.details import detail
from passerella.views.joining import uncertain_mark
from passerella.views.streaming import StreamedPieces
from passerella.views.visible import visible

STATIONS, PASSAGES, EVERYTHING = 1, 2, 3
LEVELS = (STATIONS, PASSAGES, EVERYTHING)

# Each of the student's middleware has its own row: only those of the framework fold.
_NEVER_FOLDED = frozenset(("middleware", "middleware_return", "view", "view_return", "mark", "mark_return"))


# What our client and the web server in front do happens beside the steps of the app's server.
_BESIDE = frozenset((CLIENT, PROXY))
_NEVER = 1 << 62  # later than any step


class Marks(msgspec.Struct, frozen=True):
    """What no level hides: changes to ``environ`` or ``scope``, an exception, a hop of thread, a hold.

    :ivar hop: the thread (or process) that goes on from here; empty when it is the one before.
    :ivar held: nanoseconds; ``holding``: it is held now.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    error: str = ""
    hop: str = ""
    held: int = 0
    holding: bool = False

    @property
    def changes(self) -> int:
        return self.added + self.changed + self.removed


class Row(msgspec.Struct, frozen=True):
    """A line of the list of steps.

    :ivar step: the one that the row is named after.
    :ivar covers: every step that the row stands for, in order of time.
    :ivar until: ``n`` of the last step whose changes have happened when this row is the current one.
    :ivar t: nanoseconds since the journey began.
    :ivar lasted: nanoseconds between entry and exit, where the row is a call.
    """

    label: str
    title: str
    detail: str
    level: int
    step: Step
    covers: tuple[Step, ...]
    until: int
    t: int
    marks: Marks
    depth: int = 0
    lasted: int | None = None


class _Draft:
    """A row of the walk while it is put together."""

    def __init__(self, steps: list[Step], covers: list[Step], label: str = "") -> None:
        self.steps = steps
        self.covers = covers
        self.label = label

    @property
    def head(self) -> Step:
        return self.steps[0]

    @property
    def begin(self) -> int:
        return min(step.n for step in self.covers)


def rows(journey: Journey, level: int = PASSAGES) -> list[Row]:
    """The rows of ``journey`` as it is now."""
    walk = _walk(journey.steps)
    if level == STATIONS:
        return _finished(journey, _stations(walk), level)
    if level == PASSAGES:
        return _finished(journey, walk, level)
    return _finished(journey, _everything(journey.steps, walk), level)


def row_of(found: Sequence[Row], n: int) -> int:
    """The index of the row that covers step ``n``; the last one before it when none does."""
    for index, row in enumerate(found):
        if any(step.n == n for step in row.covers):
            return index
    return max((index for index, row in enumerate(found) if row.step.n <= n), default=0)


def _walk(steps: Sequence[Step]) -> list[_Draft]:
    """Level 2. A detail is covered by the passage that it leads to; those after the last one, by the last one.

    What our client and the web server in front do happens beside the server's steps and does not keep them from
    folding: each of the three covers its own details. A detail at which the
    journey is held has a row of its own as long as it is.
    """
    drafts: list[_Draft] = []
    latest: dict[str, _Draft] = {}
    pieces = StreamedPieces(steps)
    waiting: dict[str, list[Step]] = {}
    for step in steps:
        side = _side(step)
        if step.level > WALK and not step.holding:
            waiting.setdefault(side, []).append(step)
            continue
        covered = [*waiting.pop(side, []), step]
        last, alone = latest.get(side), pieces.stands_alone(step)
        if last is not None and not alone and _folds(last.head, step):
            last.steps.append(step)
            last.covers += covered
        else:
            latest[side] = _Draft([step], covered)
            drafts.append(latest[side])
    for side, pending in waiting.items():
        last = latest.get(side)
        if last is None:
            last = _Draft([pending[0]], [])
            drafts.append(last)
        last.covers += pending
    _number(drafts)
    return drafts


def _side(step: Step) -> str:
    """The client, the web server in front, or (empty) the traced processes."""
    return step.station if step.station in _BESIDE else ""


def _folds(first: Step, second: Step) -> bool:
    same = (first.name, first.station, first.direction) == (second.name, second.station, second.direction)
    return same and first.name not in _NEVER_FOLDED and not second.holding


def _number(drafts: Iterable[_Draft]) -> None:
    numbers: Counter[str] = Counter()
    for draft in drafts:
        numbers[draft.head.station] += 1
        draft.label = f"{station_title(draft.head.station)} {numbers[draft.head.station]}"


def _stations(walk: Sequence[_Draft]) -> list[_Draft]:
    """Level 1."""
    turn = _turn(step for draft in walk for step in draft.steps)
    places: dict[tuple[Station, Direction], list[_Draft]] = {}
    for draft in walk:
        places.setdefault((draft.head.station, draft.head.direction), []).append(draft)
    merged = [
        _Draft(
            [step for draft in drafts for step in draft.steps],
            sorted((step for draft in drafts for step in draft.covers), key=_position),
            _range([draft.label for draft in drafts]),
        )
        for drafts in places.values()
    ]
    return sorted(merged, key=lambda draft: _when_at_station(draft, turn))


def _when_at_station(draft: _Draft, turn: int) -> int:
    """On the way in, a station that another one interrupts is where it is left; on the way back, where it is reached."""
    return max((step.n for step in draft.steps if step.n < turn), default=draft.head.n)


def _position(step: Step) -> int:
    return step.n


def _range(labels: Sequence[str]) -> str:
    """«Ponte 3–5»; «Ponte 3…7» when some number in between belongs to the other direction."""
    first, last = labels[0], labels[-1].rpartition(" ")[2]
    if len(labels) == 1:
        return first
    contiguous = int(last) - int(first.rpartition(" ")[2]) == len(labels) - 1
    return f"{first}{'–' if contiguous else '…'}{last}"


def _everything(steps: Sequence[Step], walk: Sequence[_Draft]) -> list[_Draft]:
    """Level 3."""
    labels = {step.n: draft.label for draft in walk for step in draft.steps}
    joined = _joined(steps)
    inside = set(joined.values())
    numbering = _Details(labels)
    drafts = []
    for step in steps:
        if step.n in inside:
            continue
        leaving = joined.get(step.n)
        call = [step] if leaving is None else [step, steps[leaving - 1]]
        named = call[1] if len(call) == 2 and step.level > WALK >= call[1].level else step
        drafts.append(_Draft([named], call, numbering.label(named)))
    return drafts


class _Details:
    """Labels of the rows of level 3: a row of the walk keeps its own, details count from it."""

    def __init__(self, labels: dict[int, str]) -> None:
        self._labels = labels
        self._latest: dict[str, str] = {}
        self._counts: Counter[str] = Counter()

    def label(self, step: Step) -> str:
        own = self._labels.get(step.n)
        if own is not None and self._latest.get(step.station) != own:
            self._latest[step.station] = own
            return own
        base = own or self._latest.get(step.station) or f"{station_title(step.station)} 0"
        self._counts[base] += 1
        return f"{base}.{self._counts[base]}"


def _joined(steps: Sequence[Step]) -> dict[int, int]:
    """Entries and exits that share a row, by ``n``."""
    found = {}
    for step in steps:
        if step.pair is None or step.pair < step.n:
            continue
        leaving = steps[step.pair - 1]
        adjacent = all(between.station in _BESIDE for between in steps[step.n : leaving.n - 1])
        dull = leaving.level > WALK and not leaving.changes
        if dull or (adjacent and not (step.level <= WALK and leaving.level <= WALK)):
            found[step.n] = leaving.n
    return found


def _finished(journey: Journey, drafts: Sequence[_Draft], level: int) -> list[Row]:
    hops = _hops(journey.steps)
    ends = _turns(drafts) if level == STATIONS else _ends(drafts)
    return [_row(journey, draft, level, hops, _until(draft, end)) for draft, end in zip(drafts, ends, strict=True)]


def _until(draft: _Draft, end: int) -> int:
    if draft.head.station in _BESIDE:
        return draft.head.n
    return max((step.n for step in draft.covers if step.n < end), default=draft.head.n)


def _ends(drafts: Sequence[_Draft]) -> list[int]:
    """For each row, the step at which the next one of the traced processes begins."""
    ends: list[int] = []
    following = _NEVER
    for draft in reversed(drafts):
        ends.append(following)
        if draft.head.station not in _BESIDE:
            following = draft.begin
    return ends[::-1]


def _turns(drafts: Sequence[_Draft]) -> list[int]:
    """Level 1: a station on the way in is seen as it was before the journey turned back."""
    turn = _turn([step for draft in drafts for step in draft.steps])
    return [turn if draft.head.n < turn else _NEVER for draft in drafts]


def _turn(steps: Iterable[Step]) -> int:
    return min((step.n for step in steps if step.direction == OUTBOUND), default=_NEVER)


def _row(journey: Journey, draft: _Draft, level: int, hops: dict[int, str], until: int) -> Row:
    head = draft.head
    return Row(
        label=draft.label,
        title=_station_row_title(draft.steps) if level == STATIONS else title(draft.steps),
        detail=direction(head.direction).label if level == STATIONS else _detail(journey, draft, level),
        level=level,
        step=head,
        covers=tuple(draft.covers),
        until=until,
        t=max(0, head.t - journey.started - journey.held_by(head.t)),
        marks=_marks(draft.covers, hops),
        depth=head.depth if level == EVERYTHING else 0,
        lasted=_lasted(journey, head) if level == EVERYTHING else None,
    )


def _detail(journey: Journey, draft: _Draft, level: int) -> str:
    said = (detail(draft.covers if level == EVERYTHING else draft.steps), uncertain_mark(journey, draft.head))
    return " · ".join(filter(None, said))


def title(steps: Sequence[Step]) -> str:
    """What steps of one name are called: «corpo scritto ×3»."""
    name = _title(steps[0])
    if len(steps) == 1:
        return name
    if steps[0].name == "builtin_middleware":
        return plural("{n} middleware di serie", "{n} middleware di serie", len(steps)).format(n=len(steps))
    return f"{name} ×{len(steps)}"


def _title(step: Step) -> str:
    try:
        return step_text(step.name, step.landmark).title
    except KeyError:  # a recording of a later version
        return visible(step.name, 40)


def _station_row_title(steps: Sequence[Step]) -> str:
    """What happens at a station, said once each."""
    by_name: dict[str, list[Step]] = {}
    for step in steps:
        by_name.setdefault(_title(step), []).append(step)
    return ", ".join(title(same) for same in by_name.values())


def _lasted(journey: Journey, step: Step) -> int | None:
    """How long a call took, time held left out."""
    if step.pair is None:
        return None
    first, last = (journey.steps[n - 1] for n in sorted((step.n, step.pair)))
    return max(0, last.t - first.t - sum(inner.held_by(last.t) for inner in journey.steps[first.n - 1 : last.n]))


def _marks(steps: Sequence[Step], hops: dict[int, str]) -> Marks:
    changes = [step.changes for step in steps if step.changes is not None]
    return Marks(
        added=sum(len(each.added) for each in changes),
        changed=sum(len(each.changed) for each in changes),
        removed=sum(len(each.removed) for each in changes),
        error=next((step.error for step in steps if step.error), ""),
        hop=next((hops[step.n] for step in steps if step.n in hops), ""),
        held=sum(step.held for step in steps),
        holding=any(step.holding for step in steps),
    )


def _hops(steps: Sequence[Step]) -> dict[int, str]:
    """The steps at which another thread goes on, and its name."""
    hops = {}
    before: tuple[int, int] | None = None
    for step in steps:
        if step.station in _BESIDE:
            continue
        here = (step.pid, step.tid)
        if before is not None and here != before:
            name = visible(step.thread, 40) or str(step.tid)
            hops[step.n] = (
                name if before[0] == step.pid else _("{thread}, processo {pid}").format(thread=name, pid=step.pid)
            )
        before = here
    return hops


def opened_rows(journey: Journey, level: int, opened: frozenset[str]) -> list[Row]:
    """The rows at ``level``, each of those with an ``opened`` label followed by the rows of the next level it stands for."""
    found = rows(journey, level)
    if not opened or level == EVERYTHING:
        return found
    inner = rows(journey, level + 1)
    shown: list[Row] = []
    for row in found:
        shown.append(row)
        if row.label in opened:
            shown += _details(row, inner)
    return shown


def _details(row: Row, inner: Sequence[Row]) -> list[Row]:
    """The rows of the next level that ``row`` stands for, one step to its right."""
    covered = {step.n for step in row.covers}
    found = [each for each in inner if each.step.n in covered and each.label != row.label]
    left = min((each.depth for each in found), default=0)
    return [msgspec.structs.replace(each, depth=each.depth - left + 1) for each in found]
