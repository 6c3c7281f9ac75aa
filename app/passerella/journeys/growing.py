"""A journey while it grows: steps come in any order of processes and are kept in order of time."""

from collections.abc import Callable
from typing import cast

from passerella.events import (
    Changes,
    Continued,
    Entered,
    Held,
    Left,
    Magnified,
    MagnifiedEnd,
    Moment,
    Resumed,
    Suspended,
    Value,
)
from passerella.journeys.model import Bytes, Direction, Journey, Source, Station, Step, Unseen
from passerella.journeys.paths import inner_changes
from passerella.journeys.process import Process, short_name
from passerella.journeys.provenance import origins
from passerella.journeys.spells import began_waiting, went_on
from passerella.probe.landmark import Landmark
from passerella.probe.vocabulary import BODY_KEPT, DETAIL, HOLDS, LOOP, TEXT_KEPT, WALK

_BARE_VIEWS = frozenset(("wsgi.view", "asgi.view"))
_CALLS = frozenset(("wsgi.call", "asgi.call"))
_ERRORS = {"iterable": "app_error", "app_return": "app_error", "view_return": "view_error"}
# Servers whose sockets are served by an event loop: to wait in their taps would stop the loop.
_LOOP_SERVERS = frozenset(("uvicorn", "hypercorn", "daphne"))
_HEAD_KEPT = TEXT_KEPT
# A stream without end: of its steps the first and the last are kept, those between them are counted.
MOST_STEPS = 2000
_FIRST, _LAST = 500, 500
MOST_SEEN = 50_000  # more than a microscope says
_DATA_KEPT = 1024 * 1024  # bytes that the steps of a journey show, all together


class Growing:
    """Adds steps to one journey and tells when it is over."""

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self.built: dict[str, Value] = {}  # environ or scope as the server built it
        self.later: dict[str, Value] = {}  # keys added or changed beyond the gateway
        self.environment: frozenset[str] = frozenset()
        self.response_complete = False
        self.connection_ended = False
        self.called = False
        self.returned = False
        self.closes = False
        self.closed = False
        self.settled = False
        self.news = True  # something happened since it was last settled
        self.waits_to_go = False  # it is over, and goes when so many others are
        self.brief = False  # it began when only the bytes of journeys were recorded
        self.release: Callable[[], bool] = _released
        self.from_our_client = False
        self.client_received = 0
        self._open: dict[tuple[int, int], Step] = {}
        self._orphan = False
        self._keys = 0
        self._pairs: dict[int, Step] = {}  # the key of a step -> the other end of its call
        self._moments: dict[tuple[int, int], Step] = {}  # of the processes: to find the step that is held
        self._stale = False  # origins wait for the next time that somebody looks
        self._seen_calls = False
        self._data = 0

    @property
    def over(self) -> bool:
        """Nothing more is expected of it, or nobody wants to know."""
        return self.journey.quiet or self.settled or self._cut_short

    @property
    def _cut_short(self) -> bool:
        """Its connection ended before its response did, and nobody works at it any more."""
        return self.connection_ended and not self._open and (not self.called or self.app_done or self._orphan)

    @property
    def holding(self) -> bool:
        return any(step.holding for step in self.journey.steps_held)

    @property
    def app_done(self) -> bool:
        """The callable returned and, where the iterable has a ``close()``, it was called."""
        return self.called and self.returned and (self.closed or not self.closes)

    def step(
        self,
        process: Process,
        moment: Moment,
        connection: str,
        *,
        name: str = "",
        station: Station | None = None,
        direction: Direction | None = None,
        level: int | None = None,
        data: Bytes | None = None,
        value: dict[str, Value] | None = None,
        at_exit: bool = False,
    ) -> Step:
        """A step at ``moment``; what is not given is as its landmark row says."""
        row, source = process.site(moment.site)
        index = 1 if at_exit else 0
        self.journey.pid = process.pid
        step = self._moments[process.pid, moment.n] = self.add(
            Step(
                n=0,
                station=station or cast("Station", row.station),
                direction=direction or cast("Direction", row.way[index]),
                level=level if level is not None else row.levels[index],
                name=name or (row.back if at_exit else row.name),
                landmark=row.target,
                t=moment.t,
                moment=moment.n,
                pid=process.pid,
                tid=moment.tid,
                thread=process.thread(moment.tid),
                hold=_hold(row, process),
                task=moment.task or None,
                connection=connection,
                bytes=data,
                value=value or {},
                source=source,
                depth=len(self._open) - (1 if at_exit else 0),
            )
        )
        return step

    def add(self, step: Step) -> Step:
        """Put a step at its time; steps of the same time keep the order of arrival."""
        self.news = True
        self._keys += 1
        step.key = self._keys
        self._weigh(step)
        steps = self.journey.steps
        position = len(steps)
        while position and steps[position - 1].t > step.t:
            position -= 1
        steps.insert(position, step)
        self._renumber(position)
        self.journey.started = steps[0].t
        self.journey.ended = steps[-1].t
        if len(steps) > MOST_STEPS:
            self._omit()
        return step

    def _weigh(self, step: Step) -> None:
        """Show the bytes of ``step``, unless the journey shows too many already: then they are only counted."""
        if step.bytes is None:
            return
        if self._data + len(step.bytes.data) > _DATA_KEPT:
            step.bytes = Bytes(step.bytes.start, step.bytes.end, b"")
        self._data += len(step.bytes.data)

    def _omit(self) -> None:
        """Count the steps between the first and the last ones, and let them go; not those where it is held."""
        journey = self.journey
        middle = journey.steps[_FIRST:-_LAST]
        journey.steps[_FIRST:-_LAST] = [step for step in middle if step.holding]
        for step in middle:
            if not step.holding:
                self._forget_step(step)
        journey.omitted_after = _FIRST
        self._renumber(_FIRST)

    def _forget_step(self, step: Step) -> None:
        journey = self.journey
        journey.omitted += 1
        self._data -= len(step.bytes.data) if step.bytes is not None else 0
        self._moments.pop((step.pid, step.moment), None)
        self._open.pop((step.pid, step.moment), None)
        other = self._pairs.pop(step.key, None)
        if other is not None:
            other.pair = None
            self._pairs.pop(other.key, None)
        if any(each is step for each in journey.steps_held):
            journey.held_omitted += step.held
            journey.steps_held = [each for each in journey.steps_held if each is not step]

    def entered(self, process: Process, event: Entered, connection: str) -> None:
        self._seen_calls = True
        row, _ = process.site(event.site)
        if row.name == "framework_call":
            self._recognise_middleware()
        # A row with a point is one step, told when its call has already returned: no exit will come.
        step = self.step(process, event, connection, value=event.value, level=row.levels[1] if row.point else None)
        step.mapping = event.mapping
        if not row.point:
            self._open[process.pid, event.n] = step
        if row.target in _CALLS:
            self.called = True
            self.journey.interface = row.target.partition(".")[0]
        self._changed(step, event.changes, in_gateway=row.target in _CALLS)

    def held(self, process: Process, event: Held) -> None:
        """The step of ``event.moment`` is held from now on."""
        step = self._moments.get((process.pid, event.moment))
        if step is not None:
            self.news = True
            step.holding = True
            step.moved = event.moved
            step.hold = event.how if event.how in HOLDS else step.hold
            if step not in self.journey.steps_held:
                self.journey.steps_held.append(step)

    def resumed(self, process: Process, event: Resumed) -> None:
        step = self._moments.get((process.pid, event.moment))
        if step is not None:
            self.news = True
            step.holding = False
            step.held += event.duration

    def suspended(self, event: Suspended) -> None:
        self.news = True
        began_waiting(self.journey.suspensions, event.t)

    def continued(self, event: Continued) -> None:
        self.news = True
        went_on(self.journey.suspensions, event)

    def magnified(self, event: Magnified | MagnifiedEnd) -> None:
        """What the microscope saw, or how it ended."""
        self.news = True
        journey = self.journey
        if isinstance(event, Magnified):
            journey.seen += event.seen[: MOST_SEEN - len(journey.seen)]
            journey.unseen = journey.unseen or Unseen()
        else:
            journey.unseen = Unseen(event.calls, event.lines, event.refused, done=True)

    def abandoned(self) -> None:
        """The process that served it is gone: nothing more will come, and nobody holds it."""
        self.end_connection()
        self._orphan = True
        self.journey.abandoned = not self.journey.complete
        self._open.clear()
        for step in self.journey.steps_held:
            step.holding = False

    def end_connection(self) -> None:
        self.news = True
        self.connection_ended = True

    def lost_steps(self, count: int) -> None:
        """The probe could not keep so many of its moments."""
        self.news = True
        self.journey.dropped += count

    def left(self, process: Process, event: Left, connection: str) -> None:
        row, _ = process.site(event.site)
        entry = self._open.pop((process.pid, event.entry), None)
        step = self.step(process, event, connection, value=event.value, at_exit=True)
        step.mapping = event.mapping
        step.error = event.error
        if event.error:
            step.source = _raised_at(event.value) or step.source
            step.name = _ERRORS.get(step.name, step.name)
            step.level = min(step.level, WALK if row.station in ("gateway", "view") else DETAIL)
        if entry is not None:
            self._pair(entry, step)
            if entry.station != step.station:  # it was recognised as something else while it was open
                step.station, step.name = entry.station, f"{entry.name}_return"
        self._changed(step, event.changes, in_gateway=False)
        self._note(row, event, entry, step)

    def _note(self, row: Landmark, event: Left, entry: Step | None, step: Step) -> None:
        """What the exit of a boundary tells of the journey's end."""
        if row.target == "wsgi.call":
            self.returned, self.closes = True, bool(event.value.get("closes"))
        elif row.target == "asgi.call":
            self.returned = True
        elif row.target == "wsgi.close":
            self.closed = True
        elif row.target == "wsgi.chunk" and event.value.get("end") and entry is not None:
            entry.name = step.name = "iterable_end"

    def _pair(self, entry: Step, leaving: Step) -> None:
        self._pairs[entry.key] = leaving
        self._pairs[leaving.key] = entry
        entry.pair, leaving.pair = leaving.n, entry.n

    def _renumber(self, start: int) -> None:
        steps = self.journey.steps
        for index in range(start, len(steps)):
            steps[index].n = index + 1
            pair = self._pairs.get(steps[index].key)
            if pair is not None:
                pair.pair = index + 1

    def _recognise_middleware(self) -> None:
        """A bare callable inside which a framework is called was not the view: it is a middleware."""
        for step in self._open.values():
            if step.landmark in _BARE_VIEWS:
                step.station, step.name = "middleware", "middleware"

    def _changed(self, step: Step, changes: Changes | None, *, in_gateway: bool) -> None:
        if changes is None:
            return
        step.changes = inner_changes(changes)
        first = not self.built
        if not self.called or in_gateway or first:
            _take(self.built, changes)
        else:
            self.later.update(changes.added)
            self.later.update({key: new for key, (_, new) in changes.changed.items()})
        self._stale = True

    def find_origins(self) -> None:
        """Where each key comes from, once the head is whole and the server has built its mapping."""
        journey = self.journey
        if not self.built:
            return
        interface = journey.interface or ("asgi" if "asgi" in self.built else "wsgi")
        journey.interface = interface
        if not journey.request:  # the bytes were not seen (TLS, a server that no tap reaches): nothing can be claimed
            return
        journey.origins = origins(
            bytes(journey.request),
            self.built,
            interface="asgi" if interface == "asgi" else "wsgi",
            server=journey.server,
            process_keys=self.environment,
            later=self.later,
        )

    @property
    def _client_has_all(self) -> bool:
        """Whether our own client, if the request is its, has received what the server wrote."""
        return not self.from_our_client or self.client_received >= self.journey.response_length

    def keep_request(self, data: bytes, length: int) -> None:
        _keep(self.journey.request, data)
        self.journey.request_length += length

    def keep_response(self, data: bytes, length: int) -> None:
        _keep(self.journey.response, data)
        self.journey.response_length += length

    def settle(self) -> None:
        """Bring the origins, ``complete``, ``quiet`` and ``summary`` up to date."""
        self.news = False
        self.journey.summary = self.brief and not self._seen_calls
        if self._stale:
            self._stale = False
            self.find_origins()
        done = not self.called or self.app_done
        self.journey.answered = self.response_complete
        self.journey.complete = self.journey.complete or (self.response_complete and done)
        goes_on = not self.connection_ended and not _closing(self.journey.response)
        self.journey.quiet = (
            self.journey.complete and not self._open and self._client_has_all and (self.connection_ended or goes_on)
        )


def _released() -> bool:
    """Nobody else knows this journey."""
    return True


def _raised_at(value: dict[str, Value]) -> Source | None:
    """The deepest line of the student's own code that the exception passed."""
    place = value.get("raised_at")
    if not isinstance(place, dict):
        return None
    file, line = place.get("file"), place.get("line")
    if not isinstance(file, str) or not isinstance(line, int):
        return None
    return Source(short_name(file), line, file, str(place.get("function", "")))


def _hold(row: Landmark, process: Process) -> str:
    hold: str = row.hold
    if row.station != "socket":
        return hold
    on_a_loop = process.server in _LOOP_SERVERS or (process.app is not None and process.app.interface == "asgi")
    return LOOP if on_a_loop else hold


def _take(mapping: dict[str, Value], changes: Changes) -> None:
    mapping.update(changes.added)
    mapping.update({key: new for key, (_, new) in changes.changed.items()})
    for key in changes.removed:
        mapping.pop(key, None)


def _keep(kept: bytearray, data: bytes) -> None:
    """At most a head and 64 KiB of body stay in memory."""
    kept += data[: max(0, _HEAD_KEPT + BODY_KEPT - len(kept))]
    end = kept.find(b"\r\n\r\n")
    if end >= 0:
        del kept[end + 4 + BODY_KEPT :]


def _closing(response: bytearray) -> bool:
    """Whether the response says that the connection ends with it."""
    head = bytes(response[:16384]).partition(b"\r\n\r\n")[0].lower()
    lines = head.split(b"\r\n")
    connection = [line.partition(b":")[2] for line in lines if line.startswith(b"connection:")]
    if any(b"close" in value for value in connection):
        return True
    return lines[0].startswith(b"http/1.0") and not any(b"keep-alive" in value for value in connection)
