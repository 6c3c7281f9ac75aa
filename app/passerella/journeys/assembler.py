"""Events in, journeys out."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import cast, get_args

from passerella.events import (
    Accepted,
    Began,
    ClientConnected,
    ClientReceived,
    ClientSent,
    Closed,
    Continued,
    Counted,
    Dropped,
    Entered,
    Event,
    FrontReady,
    FrontSaid,
    Goodbye,
    Held,
    Hello,
    Left,
    Level,
    Magnified,
    MagnifiedEnd,
    Message,
    Moment,
    Received,
    Resumed,
    Sent,
    Suspended,
    Value,
)
from passerella.journeys.growing import Growing
from passerella.journeys.hops import Conversation, Hops
from passerella.journeys.inside import journey_of_call, peer_of
from passerella.journeys.keeping import MOST_JOURNEYS, Keeping
from passerella.journeys.labels import Labels
from passerella.journeys.model import Journey, Upstream
from passerella.journeys.process import LEVELS, Process
from passerella.journeys.relayed import Relays, is_relay, upstream_of
from passerella.journeys.second_hop import adopt
from passerella.journeys.stream import Stream

# By exact type: isinstance() asks the metaclass of msgspec, which takes as long as all the rest of a moment.
_MOMENTS = frozenset(kind for kind in get_args(Message) if issubclass(kind, Moment))

_LONGEST_WAIT = 1_000  # client moments kept for a connection that no traced process has told of yet
_MOST_WAITING = 256  # such connections
_MOST_OVER = 256  # connections that are over but may still get a late moment, of our client or of the loop
_MOST_ENDED = 1024  # connections that ended while their journeys go on
_MOST_STREAMS = 4096  # connections in all: of some the end may have been lost on the way
_LATELY = 128  # journeys that are over but may still get a late moment
_MOST_GONE = 64  # processes that ended of which it is still known what they ran


class Assembler:
    """Grows journeys out of the events of any number of processes, in whatever order they come between processes.

    :ivar journeys: requests, in the order in which their first byte arrived.
    :ivar lifespans: the lifespan of each event loop.
    :ivar dropped: how many moments the probes could not keep; each journey knows those that were its own.
    :ivar counted: requests of which nothing but this number is known: there were too many.
    """

    def __init__(self, most: int = MOST_JOURNEYS) -> None:
        """``most``: how many journeys stay here; when there are more, the oldest that are over are let go."""
        self.keeping = Keeping(most)
        self.journeys = self.keeping.journeys
        self._lifespans = Keeping(_MOST_GONE)
        self.lifespans = self._lifespans.journeys
        self.processes: dict[int, Process] = {}
        self.dropped = 0
        self.counted = 0
        self._streams: dict[tuple[int, int], Stream] = {}
        self._by_peer: dict[str, Stream] = {}
        self._labels = Labels()
        self._hops = Hops(self._begin, self._labels.next)
        self._unbound: dict[tuple[int, int], Growing] = {}  # requests of no known connection
        self._relays = Relays()
        self._relayed: dict[tuple[int, int], Stream] = {}  # requests that came by a relay -> its connection
        self._unplaced: dict[tuple[int, int], list[tuple[Process, Moment]]] = {}  # the relay did not tell of them yet
        self._early: dict[str, list[tuple[int, ClientSent | ClientReceived]]] = {}
        self._touched: dict[int, Stream] = {}
        self._alive: dict[int, Growing] = {}  # by identity of their journeys
        self._over_now: deque[Growing] = deque()
        self._gone_processes: deque[Process] = deque()
        self._ended: list[tuple[tuple[int, int], Stream]] = []  # streams whose connection ended, not yet over
        self._over: deque[tuple[tuple[int, int], Stream]] = deque()

    def feed(self, pid: int, event: Event) -> None:
        """Take in one event of process ``pid``."""
        process = self.processes.get(pid)
        if process is None or process.gone:
            process = self._process(pid, event)
        if type(event) in _MOMENTS:
            self._moment(process, cast("Moment", event))
        elif not process.learn(event):
            self._said(process, event)

    def _said(self, process: Process, event: Event) -> None:
        match event:
            case ClientSent() | ClientReceived():
                self._client(process, event)
            case ClientConnected() if self._hops.front is not None:
                self._hops.connected(process, event)
            case FrontReady():
                self._hops.front = event
            case FrontSaid():
                self._front_said(process, event)
            case Goodbye():
                self._gone(process)
            case Dropped():
                self._dropped(process, event)
            case Level():
                process.set_level(event.what, event.t)
            case Counted():
                self.counted += event.n

    @property
    def begun(self) -> int:
        """How many journeys there ever were: the number of the latest."""
        return self.keeping.begun

    @property
    def let_go(self) -> int:
        """How many journeys are not here any more, the oldest ones."""
        return self.keeping.let_go

    def level_at(self, now: int) -> str:
        """How much is recorded of new journeys, where it is least: ``full``, ``summary`` or ``counted``.

        ``now`` is a reading of the monotonic clock: some seconds after the crowd has gone the level is full again.
        """
        return max((each.level_at(now) for each in self.processes.values()), key=LEVELS.index, default=LEVELS[0])

    @property
    def not_accepted(self) -> list[int]:
        """When our client sent each request that no traced process has accepted yet."""
        waiting = ([event for _, event in each] for each in list(self._early.values()))
        return sorted(sent[0].t for sent in waiting if all(isinstance(event, ClientSent) for event in sent))

    def take_changed(self, *, packing: bool = True) -> list[Journey]:
        """The journeys that grew since the last call, each brought up to date.

        ``packing``: those to which nothing will be added are packed now, not by ``pack_some``.
        """
        self._list_straight()
        touched, self._touched = self._touched, {}
        known = {id(each): each for stream in touched.values() for each in stream.journeys.values()}
        found = [each for each in known.values() if each.news and each.journey.number]
        found += [each for key, each in self._unbound.items() if each.news and key not in self._relayed]
        for growing in found:
            growing.settle()
        self._let_go(touched.values(), found)
        if packing:
            self.pack_some(max(len(self._over), len(self._over_now)))
        self.keeping.trim()
        return [growing.journey for growing in found if not growing.settled]

    def forget(self, journey: Journey) -> None:
        """Let go of a journey that is over: what comes late for it is no longer kept."""
        growing = self._alive.get(id(journey))
        if growing is not None:
            growing.settled = True
            self._note_over(growing)

    def _accepted(self, process: Process, event: Accepted) -> None:
        stream = Stream(process, event, self._labels.next(event.peer), self._begin)
        previous = self._streams.pop((process.pid, event.connection), None)
        if previous is not None:
            self._abandon(previous)
        self._streams[process.pid, event.connection] = stream
        if is_relay(process):
            self._relays.follow(stream)
        self._bound_streams()
        self._by_peer[event.peer] = stream
        for pid, each in self._early.pop(event.peer, ()):
            self._client(self.processes[pid], each)

    def _front_said(self, process: Process, event: FrontSaid) -> None:
        conversation = self._hops.said(process, event)
        if conversation is not None:
            self._touch(conversation)
            self._join_hops()
            if self._unplaced:
                self._place_calls()

    def _join_hops(self) -> None:
        """Make one journey of each two hops that belong together."""
        for joined in self._hops.joined():
            first, second = joined.first, joined.second
            del self._alive[id(second.journey)]
            adopt(second, first)
            self._alive[id(second.journey)] = second
            joined.conversation.journeys[second.journey.ordinal] = second
            second.release = partial(_release_all, [second.release, first.release])
            self._touch(joined.conversation)

    def _list_straight(self) -> None:
        """Requests that no web server forwarded are journeys of their own."""
        for growing in self._hops.straight():
            growing.stands_alone()
            growing.journey.number = self.keeping.next_number()
            self.journeys.append(growing.journey)

    def _client(self, process: Process, event: ClientSent | ClientReceived) -> None:
        if self._hops.front is not None:
            self._touch(self._hops.client(process, event))
            return
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

    def _let_go(self, touched: Iterable[Stream], settled: Iterable[Growing]) -> None:
        """Connections and journeys to which nothing will be added wait for ``pack_some``."""
        for growing in settled:
            self._note_over(growing)
        for stream in touched:
            for growing in stream.old_journeys():
                self._release(growing)
        ended, self._ended = self._ended, []
        for growing in (each for _, stream in ended[:-_MOST_ENDED] for each in stream.journeys.values()):
            if not growing.holding:
                growing.abandoned()
        for key, stream in ended:
            (self._over if stream.over else self._ended).append((key, stream))
        self._lifespans.trim()

    def pack_some(self, most: int) -> None:
        """Forget so many connections that are over, and pack so many journeys: it takes as long as it took to read them."""
        for _ in range(min(most, len(self._over) - _MOST_OVER)):
            self._forget_stream(*self._over.popleft())
        for _ in range(min(most, len(self._over_now) - _LATELY)):
            self._release(self._over_now.popleft())

    def _note_over(self, growing: Growing) -> None:
        """Nothing more is expected of it: when so many others are over, nothing more will come."""
        if growing.over and not growing.waits_to_go:
            growing.waits_to_go = True
            self._over_now.append(growing)

    def _release(self, growing: Growing) -> None:
        """Pack a journey that is over, unless something is known by now that speaks against it: then it waits anew."""
        growing.waits_to_go = False
        if growing.over and not growing.news and not growing.holding and growing.release():
            del self._alive[id(growing.journey)]
            family = self._lifespans if growing.journey.protocol == "lifespan" else self.keeping
            family.put_away(growing.journey)

    def _release_unbound(self, key: tuple[int, int]) -> bool:
        return self._unbound.pop(key, None) is not None

    def _forget_stream(self, key: tuple[int, int], stream: Stream) -> None:
        if self._streams.get(key) is stream:  # a process that took the pid of another may have the same numbers
            del self._streams[key]
        if self._by_peer.get(stream.peer) is stream:
            del self._by_peer[stream.peer]
        for growing in list(stream.journeys.values()):
            self._release(growing)

    def _bound_streams(self) -> None:
        """The oldest connections go when there are too many: most of them have ended without a word."""
        if len(self._streams) > _MOST_STREAMS:
            key = next(iter(self._streams))
            stream = self._streams[key]
            self._abandon(stream)
            self._forget_stream(key, stream)

    def _abandon(self, stream: Stream) -> None:
        stream.abandon()
        self._touch(stream)

    def _moment(self, process: Process, event: Moment) -> None:
        if type(event) is Accepted:
            self._accepted(process, event)
            return
        process.spoke(event.t)
        stream = self._streams.get((process.pid, event.connection))
        if stream is None:
            self._unattributed(process, event)
            return
        self._touched[id(stream)] = stream
        if type(event) is Left:  # these two are nine tenths of all
            stream.left(event)
        elif type(event) is Entered:
            stream.entered(event)
            if is_relay(process):
                self._relays.goes_on_as(stream, upstream_of(event))
        else:
            self._of_stream(process, stream, event)
        if self._unplaced and is_relay(process):
            self._place_calls()
        if self._hops.waiting:
            self._hops.spoke(event.t)
            self._join_hops()

    def _of_stream(self, process: Process, stream: Stream, event: Moment) -> None:
        match event:
            case Began():
                stream.began(event.request, process.brief)
            case Received():
                stream.received(event)
            case Sent():
                stream.sent(event)
            case Closed():
                if stream.closed(event):
                    self._ended.append(((process.pid, event.connection), stream))
            case Held():
                stream.held(event)
            case Resumed():
                stream.resumed(event)
            case Suspended():
                stream.suspended(event)
            case Continued():
                stream.continued(event)
            case Magnified() | MagnifiedEnd():
                stream.magnified(event)

    def _unattributed(self, process: Process, event: Moment) -> None:
        """A moment of a request whose connection no tap saw: a lifespan, or a server without a table."""
        key = (process.pid, event.request)
        growing = self._unbound.get(key)
        if growing is None:
            if key in self._unplaced or self._may_be_relayed(process, event):
                self._keep_unplaced(key, process, event)
                return
            if not isinstance(event, Entered) or event.changes is None:
                return
            growing = self._unbound[key] = self._begin_unbound(process, event)
            growing.release = partial(self._release_unbound, key)
        relayed = self._relayed.get(key)
        label = relayed.label if relayed is not None else ""
        if relayed is not None:
            self._touch(relayed)
        if isinstance(event, Entered):
            growing.entered(process, event, label)
        elif isinstance(event, Left):
            growing.left(process, event, label)
            if relayed is None:
                growing.response_complete = growing.returned
        elif isinstance(event, Held):
            growing.held(process, event)
        elif isinstance(event, Resumed):
            growing.resumed(process, event)
        elif isinstance(event, Suspended):
            growing.suspended(event)
        elif isinstance(event, Continued):
            growing.continued(event)
        elif isinstance(event, Magnified | MagnifiedEnd):
            growing.magnified(event)

    def _may_be_relayed(self, process: Process, event: Moment) -> bool:
        """Whether a call of no known connection may be of a request that came by a relay."""
        if not isinstance(event, Entered) or event.changes is None or event.changes.added.get("type") == "lifespan":
            return False
        if self._hops.runs_the_app:
            return True
        return not is_relay(process) and any(is_relay(each) for each in self.processes.values())

    def _keep_unplaced(self, key: tuple[int, int], process: Process, event: Moment) -> None:
        waiting = self._unplaced.setdefault(key, [])
        if len(waiting) < _LONGEST_WAIT:
            waiting.append((process, event))
        if len(self._unplaced) > _MOST_WAITING:
            del self._unplaced[next(iter(self._unplaced))]
        self._place_calls()

    def _place_calls(self) -> None:
        """Give each call the journey of the bytes that it is of, as far as they are known by now."""
        for key, events in list(self._unplaced.items()):
            first = events[0][1]
            mapping = first.changes.added if isinstance(first, Entered) and first.changes is not None else {}
            taken = self._relays.take(mapping, key[1], first.t) or self._called_inside(mapping, first.t)
            if taken is None:
                continue
            stream, growing = taken
            del self._unplaced[key]
            self._relayed[key], self._unbound[key] = stream, growing
            growing.mappings.environment = events[0][0].environment
            growing.journey.server = growing.journey.server or events[0][0].server
            growing.release = partial(self._release_relayed, key, growing.release)
            for process, event in events:
                self._unattributed(process, event)
        for doubted in self._relays.take_doubted():
            self._touch(doubted)

    def _called_inside(self, mapping: Mapping[str, Value], t: int) -> tuple[Stream, Growing] | None:
        """The web server's connection, and the journey, of a call of the app that is inside it."""
        conversation = self._hops.conversations.get(peer_of(mapping))
        growing = journey_of_call(conversation, mapping, t) if conversation is not None else None
        return (conversation, growing) if conversation is not None and growing is not None else None

    def _release_relayed(self, key: tuple[int, int], release: Callable[[], bool]) -> bool:
        if not release():
            return False
        self._relayed.pop(key, None)
        return self._release_unbound(key)

    def _begin_unbound(self, process: Process, event: Entered) -> Growing:
        added = event.changes.added if event.changes is not None else {}
        lifespan = added.get("type") == "lifespan"
        family = self._lifespans if lifespan else self.keeping
        protocol = "lifespan" if lifespan else "http"
        journey = Journey(family.next_number(), "", 1, protocol=protocol, server=process.server)
        method = added.get("REQUEST_METHOD", added.get("method"))
        target = added.get("PATH_INFO", added.get("path"))
        journey.method = method if isinstance(method, str) else None
        journey.target = target if isinstance(target, str) else None
        family.journeys.append(journey)
        return self._grow(journey, process)

    def _begin(self, stream: Stream, ordinal: int) -> Growing:
        if self._hops.front is not None and not isinstance(stream, Conversation):
            return self._begin_second_hop(stream, ordinal)
        journey = Journey(self.keeping.next_number(), stream.label, ordinal, server=stream.process.server)
        if self._hops.front is not None:
            journey.front = self._hops.front.name
        self.journeys.append(journey)
        growing = self._grow(journey, stream.process)
        growing.relayed = is_relay(stream.process)
        growing.release = partial(stream.forget, ordinal)
        return growing

    def _begin_second_hop(self, stream: Stream, ordinal: int) -> Growing:
        """In no list, and without a number, until it is known what it is the second hop of."""
        journey = Journey(0, stream.label, ordinal, server=stream.process.server, upstream=Upstream())
        growing = self._grow(journey, stream.process)
        growing.release = partial(stream.forget, ordinal)
        self._hops.arrived(stream, growing)
        return growing

    def _grow(self, journey: Journey, process: Process) -> Growing:
        growing = self._alive[id(journey)] = Growing(journey)
        growing.mappings.environment = process.environment
        growing.brief = process.brief
        return growing

    def _touch(self, stream: Stream) -> None:
        self._touched[id(stream)] = stream

    def _process(self, pid: int, event: Event) -> Process:
        """Who speaks; a new one where a pid is taken again."""
        process = self.processes.get(pid)
        if process is None or (process.gone and isinstance(event, Hello)):
            process = self.processes[pid] = Process(pid)
        return process

    def _gone(self, process: Process) -> None:
        """A process ended: its connections with it."""
        for key, stream in self._streams.items():
            if key[0] == process.pid:
                if stream.end():
                    self._ended.append((key, stream))
                self._abandon(stream)
        for (pid, _), growing in self._unbound.items():
            if pid == process.pid:
                growing.abandoned()
        process.end()
        self._gone_processes.append(process)
        if len(self._gone_processes) > _MOST_GONE:
            oldest = self._gone_processes.popleft()
            if self.processes.get(oldest.pid) is oldest and oldest is not process:
                del self.processes[oldest.pid]

    def _dropped(self, process: Process, event: Dropped) -> None:
        """Moments that the queue of a process had no room for: a journey's own, or nobody's."""
        self.dropped += event.count
        stream = self._streams.get((process.pid, event.connection))
        if stream is not None:
            stream.lost_steps(event.count, event.request)
            self._touch(stream)
        elif (process.pid, event.request) in self._unbound:
            self._unbound[process.pid, event.request].lost_steps(event.count)


def _release_all(holders: list[Callable[[], bool]]) -> bool:
    """A journey of two hops is let go by each of its connections, when it can: those that have not yet are left."""
    holders[:] = [release for release in holders if not release()]
    return not holders
