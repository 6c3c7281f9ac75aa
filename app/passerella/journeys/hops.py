"""Journeys that come by a web server in front: its own words as steps, and the two hops joined.

The client's bytes are on one connection, those of the app's server on another, and no byte is added to tell which
belongs to which. What tells is the head: the one that the web server's log says it forwards is, byte for byte, the one
that the app's server received. Where two heads are equal at the same time, they are taken in order, and it is said.
"""

from collections.abc import Callable, Iterator
from typing import cast

import msgspec

from passerella.events import Accepted, ClientConnected, ClientReceived, ClientSent, FrontReady, FrontSaid, Value
from passerella.journeys.growing import Growing
from passerella.journeys.model import Bytes, Direction, Step
from passerella.journeys.process import Process
from passerella.journeys.second_hop import add_from_front
from passerella.journeys.stream import Begin, Stream
from passerella.probe.vocabulary import DETAIL, INBOUND, OUTBOUND, WALK

_MOST = 1024  # connections of clients, heads that nobody received, requests that nobody forwarded
_PATIENCE = 2_000_000_000  # nanoseconds after which a request that no web server told of came straight to the app
_HEAD_END = b"\r\n\r\n"
_FIRST_HOP, _SECOND_HOP = 1, 2
_NEVER = "-"  # in Nginx's times: that stage was not reached


class _Stage(msgspec.Struct, frozen=True):
    """What a step is that the web server's log tells of: where it points, when it is shown, on which hop it is."""

    direction: str
    level: int
    hop: int


# The stages of a request in a web server, in the order in which it passes them.
STAGES: dict[str, _Stage] = {
    "accept": _Stage(INBOUND, DETAIL, _FIRST_HOP),
    "read": _Stage(INBOUND, DETAIL, _FIRST_HOP),
    "request": _Stage(INBOUND, WALK, _FIRST_HOP),
    "headers": _Stage(INBOUND, DETAIL, _FIRST_HOP),
    "client_error": _Stage(INBOUND, WALK, _FIRST_HOP),
    "location": _Stage(INBOUND, WALK, _FIRST_HOP),
    "body": _Stage(INBOUND, WALK, _FIRST_HOP),
    "upstream": _Stage(INBOUND, DETAIL, _FIRST_HOP),
    "forward": _Stage(INBOUND, WALK, _SECOND_HOP),
    "connect": _Stage(INBOUND, DETAIL, _SECOND_HOP),
    "forwarded": _Stage(INBOUND, DETAIL, _SECOND_HOP),
    "answer": _Stage(OUTBOUND, WALK, _SECOND_HOP),
    "static": _Stage(OUTBOUND, WALK, _FIRST_HOP),
    "response_head": _Stage(OUTBOUND, DETAIL, _FIRST_HOP),
    "kept": _Stage(OUTBOUND, DETAIL, _SECOND_HOP),
    "relay": _Stage(OUTBOUND, WALK, _FIRST_HOP),
    "trouble": _Stage(OUTBOUND, WALK, _FIRST_HOP),
    "client_trouble": _Stage(OUTBOUND, WALK, _FIRST_HOP),
    "keep_alive": _Stage(OUTBOUND, DETAIL, _FIRST_HOP),
    "done": _Stage(OUTBOUND, WALK, _FIRST_HOP),
    "close": _Stage(OUTBOUND, DETAIL, _FIRST_HOP),
}


class Conversation(Stream):
    """A client's connection to the web server, as our client and the web server's log tell of it."""

    def __init__(self, process: Process, peer: str, label: str, begin: Begin) -> None:
        known = Accepted(n=0, t=0, tid=0, task="", connection=0, request=0, site=0, peer=peer, local="", again=True)
        super().__init__(process, known, label, begin)
        self.told_of = False  # the web server spoke of it
        self.ours = False  # our own client has it
        self._closed_at: int | None = None
        self._turn = 0  # which of its requests the web server is at
        self._busy = False

    def may_be_ours(self, event: ClientConnected) -> bool:
        """Whether our client's new connection can be this one, rather than the next from the same port."""
        return not self.ours and (self._closed_at is None or event.t < self._closed_at)

    def journey(self, ordinal: int) -> Growing:
        growing = super().journey(ordinal)
        growing.from_our_client = growing.from_our_client or self.ours
        return growing

    def belongs_to_us(self) -> None:
        """Our client tells of it: what it sends and receives will be known."""
        self.ours = True
        for growing in self.journeys.values():
            growing.from_our_client = growing.news = True

    def client_sent(self, process: Process, event: ClientSent) -> None:
        super().client_sent(process, event)
        for ordinal, request in self._client_inbound.requests.items():
            growing = self.journeys.get(ordinal)
            if growing is not None and growing.journey.target is None and request.target is not None:
                growing.journey.target = request.target.decode("latin-1")
                growing.journey.method = request.method.decode("latin-1") if request.method is not None else None

    def client_received(self, process: Process, event: ClientReceived) -> None:
        super().client_received(process, event)
        for ordinal, response in self._client_outbound.responses.items():
            growing = self.journeys.get(ordinal)
            if growing is not None and response.status is not None:
                growing.journey.status = response.status

    def said(self, front: str, process: Process, event: FrontSaid) -> Growing | None:
        """The journey that the web server speaks of; None before there is one, or when it was forgotten."""
        self.told_of = True
        if event.what == "accept":
            self._waiting.append(lambda growing: add_from_front(growing, _step(front, process, event, self.label)))
            return None
        if event.what == "close":
            self._busy = False
        elif not self._busy:
            self._turn += 1
            self._busy = True
        if self._turn == 0 or self._forgotten(self._turn):
            return None
        growing = self.journey(self._turn)
        add_from_front(growing, _step(front, process, event, self.label))
        _TAKERS.get(event.what, _take_nothing)(growing, event)
        if event.what == "done":
            self._busy = False
        if event.what == "close":
            self._ended = True
            self._closed_at = event.t
        return growing


def _step(front: str, process: Process, event: FrontSaid, label: str) -> Step:
    stage = STAGES[event.what]
    data = event.data.encode("latin-1", "replace")
    return Step(
        n=0,
        station="proxy",
        direction=cast("Direction", stage.direction),
        level=stage.level,
        name=f"front_{event.what}",
        landmark=f"{front}.{event.what}",
        t=event.t,
        pid=process.pid,
        tid=event.tid,
        thread=front,
        connection=label,
        hop=stage.hop,
        bytes=Bytes(0, len(data), data) if data else None,
        value=event.value,
    )


def _take_nothing(growing: Growing, event: FrontSaid) -> None:
    """Most stages are only steps."""


def _take_request(growing: Growing, event: FrontSaid) -> None:
    method, _space, rest = _text(event.value.get("line")).partition(" ")
    if growing.journey.target is None and rest:
        growing.journey.method, growing.journey.target = method, rest.rpartition(" HTTP/")[0] or rest


def _take_headers(growing: Growing, event: FrontSaid) -> None:
    """Of a client that is not ours the head is rebuilt from what the web server read in it."""
    if growing.from_our_client or growing.journey.request:
        return
    line = next((step.value.get("line") for step in growing.journey.steps if step.name == "front_request"), "")
    fields = event.value.get("headers")
    pairs = [pair for pair in fields if isinstance(pair, list) and len(pair) == 2] if isinstance(fields, list) else []
    head = "\r\n".join([_text(line), *(f"{name}: {value}" for name, value in pairs), "", ""])
    growing.journey.rebuilt = True
    growing.journey.request += head.encode("latin-1", "replace")
    growing.journey.request_length = len(growing.journey.request)


def _take_head(growing: Growing, event: FrontSaid) -> None:
    if not growing.from_our_client and not growing.journey.response:
        growing.journey.rebuilt = True
        growing.journey.response += event.data.encode("latin-1", "replace")


def _take_forward(growing: Growing, event: FrontSaid) -> None:
    growing.forwarded = True


def _take_done(growing: Growing, event: FrontSaid) -> None:
    journey = growing.journey
    if _text(event.value.get("connect_time")) == _NEVER:
        growing.forwarded = False
    growing.front_done = True
    status, sent = _text(event.value.get("status")), _text(event.value.get("sent"))
    if status.isdigit() and len(status) == 3:
        journey.status = int(status)
    port = _text(event.value.get("port"))  # of its own end towards the app, where it says so
    if journey.upstream is not None and port and growing.upstream_peer.endswith(f":{port}"):
        journey.upstream.uncertain = False
    growing.queued = bool(event.value.get("queued"))
    if sent.isdigit():
        growing.front_sent = int(sent)
    if not growing.from_our_client:
        journey.response_length = max(len(journey.response), growing.front_sent)


_TAKERS: dict[str, Callable[[Growing, FrontSaid], None]] = {
    "request": _take_request,
    "headers": _take_headers,
    "forward": _take_forward,
    "response_head": _take_head,
    "done": _take_done,
}


class _Forwarded:
    """A head that the web server says it forwards."""

    def __init__(self, conversation: Conversation, growing: Growing, head: bytes, cut: bool) -> None:
        self.conversation = conversation
        self.growing = growing
        self.head = head
        self.cut = cut
        self.doubtful = False

    def is_the_one(self, received: bytes) -> bool:
        return received.startswith(self.head) if self.cut else received == self.head


class _Arrived:
    """A request that the app's server received and that no forwarded head was found for yet."""

    def __init__(self, stream: Stream, growing: Growing) -> None:
        self.stream = stream
        self.growing = growing
        self.doubtful = False

    @property
    def head(self) -> bytes:
        """Empty as long as it is not whole."""
        request = bytes(self.growing.journey.origin_request)
        end = request.find(_HEAD_END)
        return request[: end + len(_HEAD_END)] if end >= 0 else b""


class Joined(msgspec.Struct, frozen=True):
    """Two hops that are one journey: ``first`` goes on as ``second``."""

    first: Growing
    second: Growing
    conversation: Conversation


class Hops:
    """The web server in front, the connections that it has with clients, and what it forwarded.

    :ivar front: what it said of itself, None when there is none.
    :ivar conversations: by the client's address, the latest.
    :ivar waiting: what the app's server received and is not known to be the second hop of anything.
    """

    def __init__(self, begin: Callable[[Stream, int], Growing], label: Callable[[str], str]) -> None:
        self.front: FrontReady | None = None
        self.conversations: dict[str, Conversation] = {}
        self._begin = begin
        self._label = label
        self._numbered: dict[str, Conversation] = {}  # by the web server's own numbers
        self._forwarded: list[_Forwarded] = []
        self.waiting: list[_Arrived] = []
        self._latest = 0

    def connected(self, process: Process, event: ClientConnected) -> None:
        """Our client has a new connection."""
        found = self.conversations.get(event.local)
        if found is None or not found.may_be_ours(event):
            found = self._meet(process, event.local)
        found.belongs_to_us()

    def client(self, process: Process, event: ClientSent | ClientReceived) -> Conversation:
        """Bytes of our client."""
        self._latest = max(self._latest, event.t)
        found = self.conversations.get(event.local)
        if found is None or (isinstance(event, ClientSent) and found.is_another(event)):
            found = self._meet(process, event.local)
            found.belongs_to_us()
        if isinstance(event, ClientSent):
            found.client_sent(process, event)
            self._guess(found)
        else:
            found.client_received(process, event)
        return found

    def _guess(self, conversation: Conversation) -> None:
        """The log tells only of the ends of requests: what is forwarded is known by method and target alone."""
        if self.front is None or self.front.sees == "stages":
            return
        for growing in conversation.journeys.values():
            if growing.journey.target is not None and not growing.forwarded and not growing.front_done:
                growing.forwarded = True
                self._forward(conversation, growing, _beginning(growing), cut=True)

    def _forward(self, conversation: Conversation, growing: Growing, head: bytes, *, cut: bool) -> None:
        self._forwarded = [*self._forwarded[-_MOST:], _Forwarded(conversation, growing, head, cut)]

    def said(self, process: Process, event: FrontSaid) -> Conversation | None:
        """A line of the web server's log."""
        if event.what not in STAGES or self.front is None:
            return None
        self._latest = max(self._latest, event.t)
        conversation = self._numbered.get(event.connection)
        if conversation is None or event.what == "accept":
            conversation = self.conversations.get(event.peer)
            if conversation is None or conversation.told_of:
                conversation = self._meet(process, event.peer)
            _bound(self._numbered)[event.connection] = conversation
        growing = conversation.said(self.front.name, process, event)
        if growing is not None and event.what == "forward":
            self._forward(conversation, growing, event.data.encode("latin-1", "replace"), cut=event.cut)
        if growing is not None and event.what == "done":
            self._over(conversation, growing, event)
        if event.what == "close":
            self._numbered.pop(event.connection, None)
        return conversation

    def _over(self, conversation: Conversation, growing: Growing, event: FrontSaid) -> None:
        """What was forwarded to nobody is forgotten; of what was forwarded without a word the line says that it was."""
        if _text(event.value.get("connect_time")) in (_NEVER, ""):
            if event.value.get("connect_time"):
                self._forwarded = [each for each in self._forwarded if each.growing is not growing]
        elif not growing.forwarded and growing.journey.target is not None:
            growing.forwarded = True
            self._forward(conversation, growing, _beginning(growing), cut=True)
            self._forwarded[-1].doubtful = True

    def arrived(self, stream: Stream, growing: Growing) -> None:
        """The app's server receives a request: by the web server, or straight from somebody."""
        self.waiting.append(_Arrived(stream, growing))

    @property
    def runs_the_app(self) -> bool:
        """Whether it forwards to nobody: the app is inside it."""
        return self.front is not None and not self.front.upstream

    def spoke(self, t: int) -> None:
        """Something happened at ``t``."""
        self._latest = max(self._latest, t)

    def joined(self) -> Iterator[Joined]:
        """The hops that are known to belong together by now, each once."""
        for arrived in list(self.waiting):
            head = arrived.head
            equal = [each for each in self._forwarded if head and each.is_the_one(head)]
            if not equal:
                continue
            twins = [each for each in self.waiting if each.head == head]
            if len(equal) > 1 or len(twins) > 1:
                for forwarded in equal:
                    forwarded.doubtful = True
                for twin in twins:
                    twin.doubtful = True
            chosen = equal[0]
            self._forwarded.remove(chosen)
            self.waiting.remove(arrived)
            upstream = arrived.growing.journey.upstream
            if upstream is not None:
                upstream.uncertain = chosen.doubtful or arrived.doubtful
            arrived.growing.upstream_peer = arrived.stream.peer
            yield Joined(chosen.growing, arrived.growing, chosen.conversation)

    def straight(self) -> list[Growing]:
        """Requests that no web server forwarded, as far as one can tell after a while: each once."""
        late = [
            each
            for each in self.waiting
            if each.growing.journey.steps and self._latest - each.growing.journey.started > _PATIENCE
        ]
        self.waiting = [each for each in self.waiting if each not in late]
        return [each.growing for each in late]

    def _meet(self, process: Process, peer: str) -> Conversation:
        found = Conversation(process, peer, self._label(peer), self._begin)
        self.conversations.pop(peer, None)
        _bound(self.conversations)[peer] = found
        return found


def _beginning(growing: Growing) -> bytes:
    """«GET /ciao », as the app's server must receive it unless the path was rewritten."""
    return f"{growing.journey.method} {growing.journey.target} ".encode("latin-1", "replace")


def _bound(known: dict[str, Conversation]) -> dict[str, Conversation]:
    """Without its oldest, where there are too many."""
    if len(known) >= _MOST:
        del known[next(iter(known))]
    return known


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""
