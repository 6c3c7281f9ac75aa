"""Events as they can be shown to others: the same, with their secrets covered."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

import msgspec

from passerella.events import (
    Accepted,
    App,
    CallSeen,
    ClientReceived,
    ClientSent,
    Entered,
    Event,
    FrontSaid,
    Hello,
    Left,
    LineSeen,
    Magnified,
    Mark,
    Moment,
    Received,
    ReturnSeen,
    Sent,
    Thread,
)
from passerella.recordings.masking.known import Known
from passerella.recordings.masking.message import mask_message
from passerella.recordings.masking.streams import Piece, Streams
from passerella.recordings.masking.values import Values

Said = tuple[int, Event]  # the process, and what it said
_Stream = Received | Sent | ClientSent | ClientReceived

_MOST_CONVERSATIONS = 1024
_MOST_CONNECTIONS = 8192


class _Conversation:
    """A connection: what passes on it as the server and as our client see it, and the secrets told on it."""

    def __init__(self) -> None:
        self.known = Known()
        self.values = Values(self.known)
        self._server = Streams()
        self._client = Streams()

    def pieces(self, event: _Stream) -> list[Piece]:
        data = event.data.encode("latin-1", "replace")
        length = max(event.length, len(data)) if event.length else 0
        streams = self._client if isinstance(event, ClientSent | ClientReceived) else self._server
        take = streams.inbound if isinstance(event, Received | ClientSent) else streams.outbound
        return take(data, length)


class Masker:
    """Covers the secrets of a stream of events, batch by batch, in the order in which it is told.

    A secret is found by its name (:mod:`passerella.recordings.masking.names`), and from then on wherever its
    conversation repeats it. Lengths and positions stay what they were.
    """

    def __init__(self) -> None:
        self._conversations: OrderedDict[str, _Conversation] = OrderedDict()
        self._peers: OrderedDict[tuple[int, int], str] = OrderedDict()
        self._heard: dict[int, tuple[Piece, Known]] = {}

    def mask(self, batch: Sequence[Said]) -> list[Said]:
        """The same events, covered. More in a batch is covered no worse, and quicker."""
        plans = [self._plan(pid, event) for pid, event in batch]
        for piece, known in self._heard.values():
            piece.masked(known)  # what each message tells is known before any is covered
        self._heard.clear()
        return [(pid, plan()) for (pid, _event), plan in zip(batch, plans, strict=True)]

    def text(self, text: str, conversation: str = "") -> str:
        """A text: a line of code, a command line, something that was told of a conversation."""
        known = self._conversations.get(conversation)
        return (known.values if known is not None else Values(Known())).text(text)

    def _plan(self, pid: int, event: Event) -> Callable[[], Event]:
        """Take in an event; covering it waits for those of its batch."""
        if isinstance(event, Accepted):
            self._meet(pid, event)
            return lambda: event
        if isinstance(event, Received | Sent | ClientSent | ClientReceived):
            conversation = self._conversation(self._key(pid, event))
            pieces, known = conversation.pieces(event), conversation.known
            self._heard.update((id(piece.message), (piece, known)) for piece in pieces)
            return lambda: _with_bytes(event, b"".join(piece.masked(known) for piece in pieces))
        if isinstance(event, Entered | Left | Magnified):
            return self._plan_values(event, self._conversation(self._key(pid, event)))
        if isinstance(event, FrontSaid):
            return self._plan_front(event, self._conversation(event.peer or event.connection))
        covered = _of_process(event)
        return lambda: covered

    def _plan_values(self, event: Entered | Left | Magnified, conversation: _Conversation) -> Callable[[], Event]:
        values, known = conversation.values, conversation.known
        masked = _with_values(event, values)  # at once: what it tells is known from here on
        knew = known.count
        return lambda: masked if known.count == knew else _with_values(masked, values)

    def _plan_front(self, event: FrontSaid, conversation: _Conversation) -> Callable[[], Event]:
        """A head that a web server shows, and what it says of it."""
        known = conversation.known
        head = event.data.encode("latin-1", "replace")
        mask_message(head, known)  # what it tells is known from here on
        value = conversation.values.masked(event.value)
        return lambda: msgspec.structs.replace(
            event, data=mask_message(head, known).decode("latin-1") if head else "", value=value
        )

    def _meet(self, pid: int, event: Accepted) -> None:
        self._peers[pid, event.connection] = event.peer or f"{pid}/{event.connection}"
        if len(self._peers) > _MOST_CONNECTIONS:
            self._peers.popitem(last=False)

    def _key(self, pid: int, event: Moment | ClientSent | ClientReceived) -> str:
        if isinstance(event, ClientSent | ClientReceived):
            return event.local
        return self._peers.get((pid, event.connection)) or f"{pid}/{event.connection}/{event.request}"

    def _conversation(self, key: str) -> _Conversation:
        found = self._conversations.get(key)
        if found is None:
            found = self._conversations[key] = _Conversation()
            if len(self._conversations) > _MOST_CONVERSATIONS:
                self._conversations.popitem(last=False)
        else:
            self._conversations.move_to_end(key)
        return found


def _with_bytes(event: _Stream, data: bytes) -> Event:
    return msgspec.structs.replace(event, data=data.decode("latin-1"))


def _with_values(event: Entered | Left | Magnified, values: Values) -> Entered | Left | Magnified:
    if isinstance(event, Magnified):
        return msgspec.structs.replace(event, seen=[_with_locals(seen, values) for seen in event.seen])
    changes = values.changes(event.changes) if event.changes is not None else None
    masked = values.masked(event.value)
    return msgspec.structs.replace(event, value=masked, changes=changes)


def _with_locals(seen: Mark, values: Values) -> Mark:
    """A call, a line or a return, whose arguments, locals and result are the student's own."""
    match seen:
        case CallSeen():
            return msgspec.structs.replace(seen, arguments=values.masked(seen.arguments))
        case LineSeen():
            return msgspec.structs.replace(seen, changed=values.masked(seen.changed))
        case ReturnSeen():
            value, changed = values.masked(seen.value), values.masked(seen.changed)
            return msgspec.structs.replace(seen, value=value, changed=changed)
    return seen


def _of_process(event: Event) -> Event:
    """What a process says of itself."""
    values = Values(Known())
    match event:
        case Hello():
            before = ["", *("" if "=" in word else word for word in event.argv)]  # «--token abc»
            argv = [values.text(word, name) for name, word in zip(before, event.argv, strict=False)]
            return msgspec.structs.replace(event, argv=argv)
        case Thread():
            return msgspec.structs.replace(event, name=values.text(event.name))
        case App():
            return msgspec.structs.replace(event, name=values.text(event.name))
    return event
