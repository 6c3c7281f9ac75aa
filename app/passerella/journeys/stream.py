"""One connection as its two streams of bytes: which journey each moment on it belongs to."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from passerella.events import (
    Accepted,
    ClientReceived,
    ClientSent,
    Closed,
    Continued,
    Entered,
    Held,
    Left,
    Magnified,
    MagnifiedEnd,
    Moment,
    Received,
    Resumed,
    Sent,
    Suspended,
    Value,
)
from passerella.journeys.frames import FrameCutter
from passerella.journeys.framing import Cut, FramedRequest, FramedResponse, RequestFramer, ResponseCut, ResponseFramer
from passerella.journeys.growing import Growing
from passerella.journeys.model import Bytes, Step
from passerella.journeys.process import Process
from passerella.probe.vocabulary import DETAIL, INBOUND, WALK

Begin = Callable[["Stream", int], Growing]

_KEPT = 16  # journeys of a connection that may still get a late moment after they are over
_MOST_OPEN = 256  # journeys of a connection at once: those before them are never going to be over
_SWITCHING_PROTOCOLS = 101
_MOST_WAITING = 1024  # moments that no journey has taken yet


class Stream:
    """A connection of a traced process.

    Inbound and outbound bytes are cut by what HTTP says, because a read may hold two requests and a write may be
    made by a thread that knows of none. What is only of the connection belongs to the request being read.
    """

    def __init__(self, process: Process, accepted: Accepted, label: str, begin: Begin) -> None:
        self.process = process
        self.peer = accepted.peer
        self.label = label
        self.journeys: dict[int, Growing] = {}
        self._begin = begin
        self._waiting: list[Callable[[Growing], object]] = []
        self._next: list[Callable[[Growing], object]] = []  # of the request after the one that was answered
        if not accepted.again:
            self._waiting.append(lambda growing: growing.step(process, accepted, label))
        self._inbound = RequestFramer()
        self._outbound = ResponseFramer()
        self._latest = 0
        self._expected = 0
        self._requests: dict[int, int] = {}  # the process's number of a request -> its place on the connection
        self._recognised = 0
        self._reading = 0
        self._entries: dict[int, Growing] = {}  # calls under way that were entered as the connection's
        self._client_inbound = RequestFramer()
        self._client_outbound = ResponseFramer()
        self._client_expected = 0
        self._client_spoke = False
        self._ended = False
        self._socket_frames = _Frames()
        self._client_frames = _Frames()

    @property
    def over(self) -> bool:
        """The connection ended, and so did all its journeys; none is held where it ended."""
        return self._ended and all(growing.over and not growing.holding for growing in self.journeys.values())

    def end(self) -> bool:
        """The connection ended, whatever its calls do; False when it had already."""
        already, self._ended = self._ended, True
        self._no_next()
        for growing in self.journeys.values():
            growing.end_connection()
        return not already

    def abandon(self) -> None:
        """Nothing more will be said of this connection."""
        self.end()
        for growing in self.journeys.values():
            growing.abandoned()

    def is_another(self, event: ClientSent) -> bool:
        """Whether our client is at the first byte of a connection that took this one's port again."""
        return event.offset == 0 and self._client_spoke

    def journey(self, ordinal: int) -> Growing:
        """The journey of request ``ordinal``, begun now if it is new."""
        growing = self.journeys.get(ordinal)
        if growing is None:
            self._news_of_latest()
            self._latest = max(self._latest, ordinal)
            growing = self.journeys[ordinal] = self._begin(self, ordinal)
            self._give_next(growing)
        waiting, self._waiting = self._waiting, []
        for wait in waiting:  # our client may have begun the journey before the server read a byte of it
            wait(growing)
        return growing

    def began(self, request: int, brief: bool) -> None:
        """The server recognised one more request; ``brief``: its calls are not recorded."""
        self._recognised += 1
        if not self._forgotten(self._recognised):
            self._requests[request] = self._recognised
            self.journey(self._recognised).brief = brief

    def _news_of_latest(self) -> None:
        """The latest journey, to which the connection's own moments went, is not the latest any more."""
        latest = self.journeys.get(self._latest)
        if latest is not None:
            latest.news = True

    def _forgotten(self, ordinal: int) -> bool:
        return ordinal <= self._latest and ordinal not in self.journeys

    def of(self, moment: Moment) -> Growing | None:
        """Whose a moment is: its request's, else the one's that is being read; None before the first byte."""
        ordinal = self._requests.get(moment.request, self._reading or 1)
        return self.journeys.get(ordinal)

    def entered(self, event: Entered) -> None:
        growing = self._known(event)
        if growing is None and self._comes_before_its_request(event):
            growing = self.journeys.get(self._reading + 1)
            if growing is None:
                self._wait_for_next(partial(self._enter, event))
                return
        if growing is not None:
            self._enter(event, growing)
        else:
            self.later(partial(self._enter, event), event)

    def _enter(self, event: Entered, growing: Growing) -> None:
        self._entries[event.n] = growing
        growing.entered(self.process, event, self.label)

    def left(self, event: Left) -> None:
        """The exit of a call belongs where its entry was put."""
        growing = self._known(event) or self._entries.get(event.entry)
        if growing is not None:
            self._leave(event, growing)
        else:
            self.later(partial(self._leave, event), event)

    def _leave(self, event: Left, growing: Growing) -> None:
        growing = self._entries.pop(event.entry, growing)
        growing.left(self.process, event, self.label)
        if growing.returned and growing.app_done:
            self._end_lost_response(growing)

    def _known(self, moment: Moment) -> Growing | None:
        """Whose a moment is, in most cases: of a request that the server recognised and that is still here."""
        ordinal = self._requests.get(moment.request)
        return None if ordinal is None else self.journeys.get(ordinal)

    def _comes_before_its_request(self, event: Entered) -> bool:
        """A kept connection is queued and given to a thread again before the next request is read from it."""
        if event.request or event.changes is not None:
            return False
        answered = self.journeys.get(self._reading)
        inbound = self.process.shape(event.site, at_exit=False).direction == INBOUND
        return inbound and answered is not None and answered.response_complete

    def _wait_for_next(self, action: Callable[[Growing], object]) -> None:
        if len(self._next) < _MOST_WAITING:
            self._next.append(action)

    def _give_next(self, growing: Growing) -> None:
        waiting, self._next = self._next, []
        for wait in waiting:
            wait(growing)

    def _no_next(self) -> None:
        """What waited for another request was of the last one: the connection's end, found by reading."""
        last = self.journeys.get(self._reading)
        if last is not None:
            self._give_next(last)

    def held(self, event: Held) -> None:
        self._no_next()  # who is held must be seen, and nobody knows whether a request will come
        self.later(lambda growing: growing.held(self.process, event), event)

    def resumed(self, event: Resumed) -> None:
        self.later(lambda growing: growing.resumed(self.process, event), event)

    def suspended(self, event: Suspended) -> None:
        self.later(lambda growing: growing.suspended(event), event)

    def magnified(self, event: Magnified | MagnifiedEnd) -> None:
        self.later(lambda growing: growing.magnified(event), event)

    def continued(self, event: Continued) -> None:
        self.later(lambda growing: growing.continued(event), event)

    def later(self, action: Callable[[Growing], object], moment: Moment) -> None:
        """Do something with the journey of ``moment``, as soon as there is one; too late for one that was forgotten."""
        if moment.request and moment.request not in self._requests:
            return
        if self._next and not moment.request:
            self._wait_for_next(action)
            return
        growing = self.of(moment)
        if growing is not None:
            action(growing)
        elif not self._latest and len(self._waiting) < _MOST_WAITING:
            self._waiting.append(action)

    def received(self, event: Received) -> None:
        if event.length == 0:
            self.later(
                lambda growing: growing.step(self.process, event, self.label, name="recv_end", level=DETAIL), event
            )
            return
        data = _bytes(event)
        self._next_turn()
        for cut in self._inbound.feed(data, event.length):
            piece = data[cut.start : cut.end]
            if cut.ordinal not in self.journeys and not piece.strip(b"\r\n") and piece:
                continue  # blank lines before a request line make no journey (RFC 9112 §2.2)
            if self._forgotten(cut.ordinal):
                continue
            growing = self.journey(cut.ordinal)
            self._reading = cut.ordinal
            growing.keep_request(piece, cut.end - cut.start)
            for part in self._socket_frames.inbound(self._inbound.requests[cut.ordinal], cut, piece):
                growing.step(
                    self.process,
                    event,
                    self.label,
                    name="frame_in" if part.frame else "",
                    data=part.seen,
                    value=part.told or {},
                )
            self._describe(growing, cut.ordinal)
        self._expect()

    def sent(self, event: Sent) -> None:
        if event.length == 0:
            return
        self._expect()
        data = _bytes(event)
        for cut in self._outbound.feed(data, event.length):
            if self._forgotten(cut.ordinal):
                continue
            growing = self.journey(cut.ordinal)
            piece = data[cut.start : cut.end]
            growing.keep_response(piece, cut.end - cut.start)
            response = self._outbound.responses.get(cut.ordinal)
            for part in self._socket_frames.outbound(response, cut, piece):
                name = part.name(_written(cut), "upgrade", "frame_out")
                growing.step(self.process, event, self.label, name=name, data=part.seen, value=part.told or {})
            self._answered(growing, cut)

    def closed(self, event: Closed) -> bool:
        """Whether the connection ends now."""
        self._no_next()
        if event.how != "shutdown":
            ended = self._outbound.closed()
            if ended is not None and ended in self.journeys:
                self.journeys[ended].response_complete = True
        growing = self.of(event) or (self.journeys.get(self._reading))
        if growing is not None and not (event.how == "lost" and growing.connection_ended):
            growing.step(self.process, event, self.label)
        return event.how != "shutdown" and self.end()

    def client_sent(self, process: Process, event: ClientSent) -> None:
        self._client_spoke = True
        data = _bytes(event)
        for cut in self._client_inbound.feed(data, event.length):
            if self._forgotten(cut.ordinal):
                continue
            growing = self.journey(cut.ordinal)
            growing.from_our_client = True
            piece = data[cut.start : cut.end]
            for part in self._client_frames.inbound(self._client_inbound.requests[cut.ordinal], cut, piece):
                growing.add(
                    _client_step(process, event, self.label, part.name("request_sent", "", "client_frame_sent"), part)
                )
        for ordinal in range(self._client_expected + 1, _last(self._client_inbound) + 1):
            self._client_outbound.expect(self._client_inbound.requests[ordinal].method)
            self._client_expected = ordinal

    def client_received(self, process: Process, event: ClientReceived) -> None:
        if event.length == 0:
            return
        data = _bytes(event)
        for cut in self._client_outbound.feed(data, event.length):
            if self._forgotten(cut.ordinal):
                continue
            growing = self.journey(cut.ordinal)
            growing.client_received += cut.end - cut.start
            response = self._client_outbound.responses.get(cut.ordinal)
            for part in self._client_frames.outbound(response, cut, data[cut.start : cut.end]):
                name = part.name("response_received", "", "client_frame_received")
                growing.add(_client_step(process, event, self.label, name, part))
            if response is not None and response.status == _SWITCHING_PROTOCOLS:
                self._client_inbound.upgraded(cut.ordinal)

    def _end_lost_response(self, growing: Growing) -> None:
        """The end of a body of which only the beginning was kept cannot be read: it is where the app's work ends."""
        response = self._outbound.responses.get(growing.journey.ordinal)
        if response is not None and response.state == "lost":
            self._outbound.next_turn()
            growing.response_complete = response.complete

    def _next_turn(self) -> None:
        """New bytes while the last response is complete: what was lost in a cut body ended there."""
        last = self.journeys.get(self._reading)
        if last is not None and last.response_complete:
            self._inbound.next_turn()

    def _expect(self) -> None:
        """Tell the outbound side of each request that came in since."""
        for ordinal in range(self._expected + 1, _last(self._inbound) + 1):
            self._outbound.expect(self._inbound.requests[ordinal].method)
            self._expected = ordinal

    def forget(self, ordinal: int) -> bool:
        """Let go of a journey that is over; not of the latest of an open connection: it gets the connection's moments."""
        growing = self.journeys.get(ordinal)
        if growing is None or (ordinal == self._latest and not self._ended):
            return False
        del self.journeys[ordinal]
        for known in (self._inbound.requests, self._client_inbound.requests):
            known.pop(ordinal, None)
        for answered in (self._outbound.responses, self._client_outbound.responses):
            answered.pop(ordinal, None)
        self._requests = {request: place for request, place in self._requests.items() if place != ordinal}
        self._entries = {entry: each for entry, each in self._entries.items() if each is not growing}
        return True

    def old_journeys(self) -> list[Growing]:
        """A connection may serve requests for days: those of its journeys that can go, beside the last ones.

        The end of one may have been lost on the way: it goes too, when so many came after it.
        """
        latest = list(self.journeys.values())
        for growing in latest[:-_MOST_OPEN]:
            if not growing.holding and not growing.over:
                growing.abandoned()
        return [growing for growing in latest[:-_KEPT] if growing.over and not growing.holding]

    def lost_steps(self, count: int, request: int) -> Growing | None:
        """Moments of a request, or of the connection, were not kept."""
        if request and request not in self._requests:
            return None
        growing = self.journeys.get(self._requests.get(request, self._reading or 1))
        if growing is not None:
            growing.lost_steps(count)
        return growing

    def _describe(self, growing: Growing, ordinal: int) -> None:
        request = self._inbound.requests[ordinal]
        journey = growing.journey
        if journey.method is None and request.method is not None:
            journey.method = request.method.decode("latin-1")
        if journey.target is None and request.target is not None:
            journey.target = request.target.decode("latin-1")

    def _answered(self, growing: Growing, cut: ResponseCut) -> None:
        response = self._outbound.responses.get(cut.ordinal)
        if response is not None and response.status is not None:
            growing.answered(response.status)
        if response is not None and response.status == _SWITCHING_PROTOCOLS:
            self._inbound.upgraded(cut.ordinal)
            growing.journey.protocol = "websocket"
        growing.response_complete = growing.response_complete or cut.complete


class _Part(NamedTuple):
    """A piece of a read or write: of HTTP, or of a frame."""

    seen: Bytes
    frame: bool = False
    upgrade: bool = False
    told: dict[str, Value] | None = None

    def name(self, http: str, upgrade: str, frame: str) -> str:
        if self.frame:
            return frame
        return upgrade or http if self.upgrade else http


class _Frames:
    """The two directions of a connection that may become a WebSocket, as one side sees them."""

    def __init__(self) -> None:
        self._inbound = FrameCutter()
        self._outbound = FrameCutter()

    def inbound(self, request: FramedRequest, cut: Cut, piece: bytes) -> Iterator[_Part]:
        """What is after the head is frames, once the server accepted."""
        frames_from = cut.at if request.state == "upgraded" else cut.at + cut.end - cut.start
        return self._parts(self._inbound, cut.at, cut.end - cut.start, piece, frames_from)

    def outbound(self, response: FramedResponse | None, cut: ResponseCut, piece: bytes) -> Iterator[_Part]:
        if response is None or response.status != _SWITCHING_PROTOCOLS or response.head_end is None:
            yield _Part(Bytes(cut.at, cut.at + cut.end - cut.start, piece))
            return
        yield from self._parts(self._outbound, cut.at, cut.end - cut.start, piece, response.head_end, upgrade=True)

    def _parts(
        self, cutter: FrameCutter, at: int, length: int, piece: bytes, frames_from: int, *, upgrade: bool = False
    ) -> Iterator[_Part]:
        head = max(0, min(length, frames_from - at))
        if head:
            yield _Part(Bytes(at, at + head, piece[:head]), upgrade=upgrade)
        for frame in cutter.feed(piece[head:], length - head):
            start, end = head + frame.start, head + frame.end
            yield _Part(Bytes(at + start, at + end, piece[start:end]), frame=True, told=frame.told)


def _bytes(event: Received | Sent | ClientSent | ClientReceived) -> bytes:
    """The bytes that were kept; whoever writes them as anything but latin-1 is not our probe, and harms nobody."""
    return event.data.encode("latin-1", "replace")


def _last(framer: RequestFramer) -> int:
    """The ordinal of the last request that was cut."""
    return next(reversed(framer.requests), 0)


def _written(cut: ResponseCut) -> str:
    if cut.head and cut.body:
        return "response_written"
    return "headers_written" if cut.head else "body_written"


def _client_step(process: Process, event: ClientSent | ClientReceived, label: str, name: str, part: _Part) -> Step:
    inbound = isinstance(event, ClientSent)
    return Step(
        n=0,
        station="client",
        direction="inbound" if inbound else "outbound",
        level=WALK,
        name=name,
        landmark="client.send" if inbound else "client.recv",
        t=event.t,
        pid=process.pid,
        tid=event.tid,
        thread="",
        connection=label,
        bytes=part.seen,
        value=part.told or {},
    )
