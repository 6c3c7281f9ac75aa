"""Events in, journeys out."""

from collections import deque

from passerella.events import (
    Accepted,
    Began,
    ClientReceived,
    ClientSent,
    Closed,
    Dropped,
    Entered,
    Event,
    Goodbye,
    Held,
    Left,
    Moment,
    Received,
    Resumed,
    Sent,
)
from passerella.journeys.growing import Growing
from passerella.journeys.model import Journey
from passerella.journeys.process import Process
from passerella.journeys.stream import Stream

_LONGEST_WAIT = 1_000  # client moments kept for a connection that no traced process has told of yet
_MOST_WAITING = 256  # such connections
_MOST_OVER = 256  # connections that are over but may still get a late moment, of our client or of the loop


class Assembler:
    """Grows journeys out of the events of any number of processes, in whatever order they come between processes.

    :ivar journeys: requests, in the order in which their first byte arrived.
    :ivar lifespans: the lifespan of each event loop.
    :ivar changed: journeys that grew since :meth:`take_changed`.
    """

    def __init__(self) -> None:
        self.journeys: list[Journey] = []
        self.lifespans: list[Journey] = []
        self.processes: dict[int, Process] = {}
        self.dropped = 0
        self._streams: dict[tuple[int, int], Stream] = {}
        self._by_peer: dict[str, Stream] = {}
        self._generations: dict[str, int] = {}
        self._unbound: dict[tuple[int, int], Growing] = {}  # requests of no known connection
        self._early: dict[str, list[tuple[int, ClientSent | ClientReceived]]] = {}
        self._changed: dict[int, Growing] = {}
        self._ended: list[tuple[tuple[int, int], Stream]] = []  # streams whose connection ended, not yet over
        self._over: deque[tuple[tuple[int, int], Stream]] = deque()

    def feed(self, pid: int, event: Event) -> None:
        """Take in one event of process ``pid``."""
        process = self.processes.setdefault(pid, Process(pid))
        if process.learn(event):
            return
        match event:
            case ClientSent() | ClientReceived():
                self._client(process, event)
            case Accepted():
                self._accepted(process, event)
            case Goodbye():
                self._gone(process)
            case Dropped():
                self._dropped(process, event.count)
            case Moment():
                self._moment(process, event)

    def take_changed(self) -> list[Journey]:
        """The journeys that grew since the last call, each brought up to date."""
        changed = list(self._changed.values())
        self._changed.clear()
        for growing in changed:
            growing.settle()
        self._let_go()
        return [growing.journey for growing in changed]

    def forget(self, journey: Journey) -> None:
        """Let go of a journey that is over: what comes late for it is no longer kept."""
        for stream in self._streams.values():
            growing = stream.journeys.get(journey.ordinal)
            if growing is not None and growing.journey is journey:
                growing.settled = True

    def _accepted(self, process: Process, event: Accepted) -> None:
        generation = self._generations[event.peer] = self._generations.get(event.peer, 0) + 1
        stream = Stream(process, event, f"{event.peer}#{generation}", self._begin)
        self._streams[process.pid, event.connection] = stream
        self._by_peer[event.peer] = stream
        for pid, each in self._early.pop(event.peer, ()):
            self._client(self.processes[pid], each)

    def _client(self, process: Process, event: ClientSent | ClientReceived) -> None:
        stream = self._by_peer.get(event.local)
        if stream is not None and isinstance(event, ClientSent) and stream.is_another(event):
            del self._by_peer[event.local]
            stream = None
        if stream is None:
            self._keep_early(process, event)
        elif isinstance(event, ClientSent):
            stream.client_sent(process, event)
        else:
            stream.client_received(process, event)
        if stream is not None:
            self._touch(stream)

    def _keep_early(self, process: Process, event: ClientSent | ClientReceived) -> None:
        waiting = self._early.setdefault(event.local, [])
        if len(waiting) < _LONGEST_WAIT:
            waiting.append((process.pid, event))
        if len(self._early) > _MOST_WAITING:
            del self._early[next(iter(self._early))]

    def _let_go(self) -> None:
        """Forget the connections that are over, the oldest first, and the old journeys of the others."""
        for stream in self._streams.values():
            stream.forget_old_journeys()
        ended, self._ended = self._ended, []
        for key, stream in ended:
            (self._over if stream.over else self._ended).append((key, stream))
        while len(self._over) > _MOST_OVER:
            key, stream = self._over.popleft()
            if self._streams.get(key) is stream:  # a process that took the pid of another may have the same numbers
                del self._streams[key]
            if self._by_peer.get(stream.peer) is stream:
                del self._by_peer[stream.peer]

    def _moment(self, process: Process, event: Moment) -> None:
        stream = self._streams.get((process.pid, event.connection))
        if stream is None:
            self._unattributed(process, event)
            return
        match event:
            case Began():
                stream.began(event.request)
            case Received():
                stream.received(event)
            case Sent():
                stream.sent(event)
            case Closed():
                if stream.closed(event):
                    self._ended.append(((process.pid, event.connection), stream))
            case Entered():
                stream.entered(event)
            case Left():
                stream.left(event)
            case Held():
                stream.held(event)
            case Resumed():
                stream.resumed(event)
        self._touch(stream)

    def _unattributed(self, process: Process, event: Moment) -> None:
        """A moment of a request whose connection no tap saw: a lifespan, or a server without a table."""
        key = (process.pid, event.request)
        growing = self._unbound.get(key)
        if growing is None:
            if not isinstance(event, Entered) or event.changes is None:
                return
            growing = self._unbound[key] = self._begin_unbound(process, event)
        if isinstance(event, Entered):
            growing.entered(process, event, "")
        elif isinstance(event, Left):
            growing.left(process, event, "")
            growing.response_complete = growing.returned
        elif isinstance(event, Held):
            growing.held(process, event)
        elif isinstance(event, Resumed):
            growing.resumed(process, event)
        self._changed[id(growing)] = growing

    def _begin_unbound(self, process: Process, event: Entered) -> Growing:
        added = event.changes.added if event.changes is not None else {}
        lifespan = added.get("type") == "lifespan"
        family = self.lifespans if lifespan else self.journeys
        journey = Journey(len(family) + 1, "", 1, protocol="lifespan" if lifespan else "http", server=process.server)
        method = added.get("REQUEST_METHOD", added.get("method"))
        target = added.get("PATH_INFO", added.get("path"))
        journey.method = method if isinstance(method, str) else None
        journey.target = target if isinstance(target, str) else None
        family.append(journey)
        growing = Growing(journey)
        growing.environment = process.environment
        return growing

    def _begin(self, stream: Stream, ordinal: int) -> Growing:
        journey = Journey(len(self.journeys) + 1, stream.label, ordinal, server=stream.process.server)
        self.journeys.append(journey)
        growing = Growing(journey)
        growing.environment = stream.process.environment
        return growing

    def _touch(self, stream: Stream) -> None:
        for growing in stream.journeys.values():
            if not growing.settled:
                self._changed[id(growing)] = growing

    def _gone(self, process: Process) -> None:
        """A process ended: its connections with it."""
        for key, stream in self._streams.items():
            if key[0] == process.pid:
                for growing in stream.journeys.values():
                    growing.abandoned()
                if stream.end():
                    self._ended.append((key, stream))
                self._touch(stream)

    def _dropped(self, process: Process, count: int) -> None:
        self.dropped += count
        for (pid, _), stream in self._streams.items():
            if pid == process.pid:
                for growing in stream.journeys.values():
                    if not growing.journey.complete:
                        growing.journey.dropped += count
                self._touch(stream)
