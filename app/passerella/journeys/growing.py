"""A journey while it grows: steps come in any order of processes and are kept in order of time."""

from collections.abc import Callable

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
from passerella.journeys.kept_steps import KeptSteps
from passerella.journeys.mappings import Mappings
from passerella.journeys.model import Bytes, Journey, Source, Step, Unseen
from passerella.journeys.paths import inner_changes
from passerella.journeys.process import Process, Shape, short_name
from passerella.journeys.spells import began_waiting, went_on
from passerella.probe.landmark import Landmark
from passerella.probe.vocabulary import BODY_KEPT, CLIENT, DETAIL, HOLDS, INBOUND, TEXT_KEPT, WALK

_BARE_VIEWS = frozenset(("wsgi.view", "asgi.view"))
_CALLS = frozenset(("wsgi.call", "asgi.call"))
_TELLING = _CALLS | {"wsgi.close", "wsgi.chunk", "asgi.receive"}  # whose exits say more than that they are
_RECEIVED = {
    "websocket.connect": "ws_connect",
    "websocket.receive": "ws_receive",
    "websocket.disconnect": "ws_disconnect",
}
_ERRORS = {"iterable": "app_error", "app_return": "app_error", "view_return": "view_error"}
_HEAD_KEPT = TEXT_KEPT
MOST_SEEN = 50_000  # more than a microscope says
_WITHOUT_APP = frozenset((400, 414, 431, 505))  # what a server says by itself to a request that it cannot read


class Growing:
    """Adds steps to one journey and tells when it is over."""

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self.front_done = not journey.front  # the web server in front, if there is one, has no more to do with it
        self.forwarded = False  # the web server sends it on: there will be a second hop
        self.queued = False  # the web server says that the app, which is inside it, was called
        self.relayed = False  # the bytes pass a relay, and another process calls the app
        self.upstream_peer = ""  # the web server's own end of the connection to the app's server
        self.front_sent = 0  # bytes that it says it sent to the client
        self.mappings = Mappings()
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
        self._steps = KeptSteps()
        self._orphan = False
        self._seen_calls = False

    @property
    def over(self) -> bool:
        """Nothing more is expected of it, or nobody wants to know."""
        return self.journey.quiet or self.settled or self._cut_short

    @property
    def _cut_short(self) -> bool:
        """Its connection ended before its response did, and nobody works at it any more."""
        return self.connection_ended and not self._steps.open and (not self.called or self.app_done or self._orphan)

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
        level: int | None = None,
        data: Bytes | None = None,
        value: dict[str, Value] | None = None,
    ) -> Step:
        """A step at ``moment``; what is not given is as its landmark row says."""
        shape = process.shape(moment.site, at_exit=False)
        level = shape.level if level is None else level
        step = self._step(process, shape, moment, connection, level, value or {}, data)
        step.name = name or step.name
        return step

    def _step(
        self,
        process: Process,
        shape: Shape,
        moment: Moment,
        connection: str,
        level: int,
        value: dict[str, Value],
        data: Bytes | None = None,
        mapping: str = "",
        error: str = "",
        outer: int = 0,
    ) -> Step:
        """Made a hundred times for each request: by position, which takes a quarter of the time that names do."""
        pid, n = process.pid, moment.n
        journey = self.journey
        journey.pid = pid
        step = Step(
            0,
            shape.station,
            shape.direction,
            level,
            shape.name,
            shape.row.target,
            moment.t,
            pid,
            moment.tid,
            process.thread(moment.tid),
            shape.hold,
            None,
            0,
            moment.task or None,
            1 if journey.upstream is None else 2,
            connection,
            data,
            mapping,
            None,
            value,
            shape.source,
            error,
            len(self._steps.open) - outer,
            n,
        )
        return self.add(step)

    def add(self, step: Step) -> Step:
        """Put a step at its time."""
        self.news = True
        if step.station == CLIENT and self.journey.front:
            self._keep_of_client(step)
        self._steps.add(self.journey, step)
        return step

    def entered(self, process: Process, event: Entered, connection: str) -> None:
        self._seen_calls = True
        shape = process.shape(event.site, at_exit=False)
        row = shape.row
        if row.name == "framework_call":
            self._recognise_middleware()
        # A row with a point is one step, told when its call has already returned: no exit will come.
        level = row.levels[1] if row.point else shape.level
        step = self._step(process, shape, event, connection, level, event.value, mapping=event.mapping)
        if not row.point:
            self._steps.open[process.pid, event.n] = step
        if row.target in _CALLS:
            self.called = True
            self.journey.interface = self.journey.interface or row.target.partition(".")[0]
        if event.changes is not None:
            self._changed(step, event.changes, in_gateway=row.target in _CALLS)

    def held(self, process: Process, event: Held) -> None:
        """The step of ``event.moment`` is held from now on."""
        step = self._steps.at(self.journey, (process.pid, event.moment))
        if step is not None:
            self.news = True
            step.holding = True
            step.moved = event.moved
            step.hold = event.how if event.how in HOLDS else step.hold
            if step not in self.journey.steps_held:
                self.journey.steps_held.append(step)

    def resumed(self, process: Process, event: Resumed) -> None:
        step = self._steps.at(self.journey, (process.pid, event.moment))
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
        self._steps.open.clear()
        for step in self.journey.steps_held:
            step.holding = False

    def end_connection(self) -> None:
        self.news = True
        self.connection_ended = True

    def doubt(self) -> None:
        """Its calls may be those of another one."""
        self.news = True
        self.journey.uncertain = True

    def lost_steps(self, count: int) -> None:
        """The probe could not keep so many of its moments."""
        self.news = True
        self.journey.dropped += count

    def left(self, process: Process, event: Left, connection: str) -> None:
        shape = process.shape(event.site, at_exit=True)
        row = shape.row
        entry = self._steps.open.pop((process.pid, event.entry), None)
        step = self._step(
            process, shape, event, connection, shape.level, event.value, None, event.mapping, event.error, outer=1
        )
        if event.error:
            step.source = _raised_at(event.value) or step.source
            step.name = _ERRORS.get(step.name, step.name)
            step.level = min(step.level, WALK if row.station in ("gateway", "view") else DETAIL)
        if entry is not None:
            self._steps.pair(entry, step)
            if entry.station != step.station:  # it was recognised as something else while it was open
                step.station, step.name = entry.station, f"{entry.name}_return"
        if event.changes is not None:
            self._changed(step, event.changes, in_gateway=False)
        if row.target in _TELLING:
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
        elif row.target == "asgi.receive" and entry is not None:
            self._name_event(event, entry, step)

    def _name_event(self, event: Left, entry: Step, step: Step) -> None:
        """What a WebSocket's ``receive()`` gave is a step of the walk, and not that it was asked."""
        name = _RECEIVED.get(str(event.value.get("type")))
        if name is not None:
            self.journey.protocol = "websocket"
            step.name, step.level, entry.level = name, WALK, DETAIL

    def _recognise_middleware(self) -> None:
        """A bare callable inside which a framework is called was not the view: it is a middleware."""
        for step in self._steps.open.values():
            if step.landmark in _BARE_VIEWS:
                step.station, step.name = "middleware", "middleware"

    def _changed(self, step: Step, changes: Changes, *, in_gateway: bool) -> None:
        step.changes = inner_changes(changes)
        self.mappings.take(step.mapping, changes, building=in_gateway or not self.called)

    @property
    def _client_has_all(self) -> bool:
        """Whether our own client, if the request is its, has received what the server wrote."""
        written = self.front_sent if self.journey.front else self.journey.response_length
        return not self.from_our_client or self.client_received >= written

    def keep_request(self, data: bytes, length: int) -> None:
        """Bytes that the app's server received."""
        received = self.journey.upstream or self.journey
        _keep(received.request, data)
        received.request_length += length

    def keep_response(self, data: bytes, length: int) -> None:
        """Bytes that it sent."""
        sent = self.journey.upstream or self.journey
        _keep(sent.response, data)
        sent.response_length += length

    def answered(self, status: int) -> None:
        """The app's server answers; the client may have had another answer from the web server in front."""
        if self.journey.upstream is None or self.journey.status is None:
            self.journey.status = status

    def _keep_of_client(self, step: Step) -> None:
        """There is a web server in front: what the client sent and received is not what the app's server saw."""
        if step.bytes is None:
            return
        if self.journey.rebuilt:  # the web server's lines were read first
            self.journey.rebuilt = False
            self.journey.request.clear()
            self.journey.response.clear()
            self.journey.request_length = self.journey.response_length = 0
        if step.direction == INBOUND:
            _keep(self.journey.request, step.bytes.data)
            self.journey.request_length = max(self.journey.request_length, step.bytes.end)
        else:
            _keep(self.journey.response, step.bytes.data)
            self.journey.response_length = max(self.journey.response_length, step.bytes.end)

    def renumber_keys(self, first: "Growing") -> None:
        """Leave to ``first`` the keys that it gave."""
        self._steps.follow(self.journey, first._steps)

    def go_on_as(self, first: "Growing") -> None:
        """This is the second hop of the journey of ``first``."""
        self.journey = first.journey
        self.front_done, self.front_sent, self.forwarded = first.front_done, first.front_sent, first.forwarded
        self.from_our_client, self.client_received = first.from_our_client, first.client_received
        self.news = self.mappings.stale = True

    def in_order(self) -> None:
        """The steps are in another order than they were."""
        self._steps.in_order(self.journey)

    def stands_alone(self) -> None:
        """No web server forwarded it: it came straight to the app's server."""
        upstream, self.journey.upstream = self.journey.upstream, None
        if upstream is not None:
            self.journey.request, self.journey.request_length = upstream.request, upstream.request_length
            self.journey.response, self.journey.response_length = upstream.response, upstream.response_length
        for step in self.journey.steps:
            step.hop = 1
        self.news = True

    def settle(self) -> None:
        """Bring the origins, ``complete``, ``quiet`` and ``summary`` up to date."""
        self.news = False
        self.journey.summary = self.brief and not self._seen_calls
        if self.mappings.stale:
            self.mappings.renew(self.journey)
        done = not self.called or self.app_done
        # Whoever is in front has the last word: it may answer without the app, or give up while the app goes on.
        self.journey.answered = self.front_done if self.journey.front else self.response_complete
        waits = (self.forwarded and self.journey.upstream is None) or (not self.called and self._call_expected)
        self.journey.complete = self.journey.complete or (self.journey.answered and done and not waits)
        sent = self.journey.upstream.response if self.journey.upstream is not None else self.journey.response
        goes_on = not self.connection_ended and (not _closing(sent) or self._only_front)
        self.journey.quiet = (
            self.journey.complete
            and not self._steps.open
            and self._client_has_all
            and (self.connection_ended or goes_on)
        ) or (self._cut_short and not waits and not self.journey.front)

    @property
    def _call_expected(self) -> bool:
        """Whether the app is called by who does not tell of it: the call is told by another process, maybe later."""
        return self.queued or (self.relayed and not self.brief and self.journey.status not in _WITHOUT_APP)

    @property
    def _only_front(self) -> bool:
        """The web server in front did not need the app for it."""
        return bool(self.journey.front) and self.journey.upstream is None


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
