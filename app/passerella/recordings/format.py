"""The records of a recording, one JSON line each; FORMATO.md tells them to a reader who is no program of ours."""

import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import msgspec

from passerella.errors import ContentError
from passerella.events import Event, Message
from passerella.language import _
from passerella.recordings.bounds import check_bounds, plainly_small

VERSION = 1
NAME = "passerella"
LONGEST_LINE = 16 * 1024 * 1024
MOST_EVENTS = 4 * 1024 * 1024  # bytes of events on one line: what is more goes on another

_Count = Annotated[int, msgspec.Meta(ge=0, le=2**62)]
_Short = Annotated[str, msgspec.Meta(max_length=4096)]
_Status = Annotated[int, msgspec.Meta(ge=0, le=99_999)]


class Record(msgspec.Struct, frozen=True, array_like=True, tag_field="record"):
    """A line."""


class Beginning(Record, frozen=True, array_like=True, tag=NAME):
    """The first line. ``started`` is in seconds since 1970; ``origin``, what the monotonic clock said then.

    :ivar masked: secrets are covered.
    """

    version: _Count
    started: Annotated[float, msgspec.Meta(ge=0, le=1e11)]
    origin: _Count
    masked: bool = False


class About(Record, frozen=True, array_like=True, tag="about"):
    """What was traced, as far as it is known by now, and who writes: the last one holds."""

    server: _Short = ""
    app: _Short = ""
    url: _Short = ""
    command: list[_Short] = []
    program: _Short = ""


class Events(Record, frozen=True, array_like=True, tag="events"):
    """Consecutive events of one conversation; of none, what processes say of themselves."""

    conversation: _Short
    events: list[tuple[int, Message]]


class Code(Record, frozen=True, array_like=True, tag="code"):
    """Consecutive lines of a file, which its steps show."""

    file: _Short
    first: _Count
    lines: list[str]


class Told(Record, frozen=True, array_like=True, tag="journey"):
    """A journey as a list shows it; its steps are in the events of ``conversation``.

    :ivar generation: on which of the connections of that conversation, from 1; 0: on none that was seen.
    :ivar front: the web server that it came by; of it too, because it says what the bytes of the journey are.
    """

    conversation: _Short
    generation: _Count
    number: _Count
    connection: _Short
    ordinal: _Count
    protocol: _Short
    interface: _Short | None
    method: _Short | None
    target: _Short | None
    status: _Status | None
    server: _Short
    pid: _Count
    started: _Count
    ended: _Count
    held: _Count
    request_length: _Count
    response_length: _Count
    answered: bool
    complete: bool
    quiet: bool
    dropped: _Count
    abandoned: bool = False
    summary: bool = False
    stations: list[_Short] = []
    errors: list[_Short] = []
    front: _Short = ""


class Finish(Record, frozen=True, array_like=True, tag="end"):
    """The last line: nothing was cut off."""

    journeys: _Count


AnyRecord = Beginning | About | Events | Code | Told | Finish


class _Unread(Record, frozen=True, array_like=True, tag="events"):
    """The events of a conversation, left for later."""

    conversation: _Short
    events: msgspec.Raw


_everything: msgspec.json.Decoder[AnyRecord] = msgspec.json.Decoder(AnyRecord, strict=True)
_outline: msgspec.json.Decoder[Any] = msgspec.json.Decoder(
    Beginning | About | _Unread | Code | Told | Finish, strict=True
)

_EVENTS, _EVENTS_END = b'["events","', b"]]\n"
_LONGEST_NAME = 4096

# The records of each version as the next one writes them: version -> what makes of a line its successor.
CONVERTERS: dict[int, Callable[[list[Any]], list[Any]]] = {}


class UnreadableError(ContentError):
    """A recording that this program is too old, or too young, to read."""


def encode(record: Record) -> bytes:
    """A line, with its end."""
    try:
        return msgspec.json.encode(record) + b"\n"
    except (
        UnicodeEncodeError
    ):  # lone surrogates, as environments really have them: only the standard library writes them
        return json.dumps(msgspec.to_builtins(record), ensure_ascii=True).encode("ascii") + b"\n"


def encode_events(events: Sequence[tuple[int, Event]]) -> bytes:
    """The items of :class:`Events`."""
    try:
        return msgspec.json.encode(events)
    except (UnicodeEncodeError, OverflowError):
        return json.dumps(msgspec.to_builtins(events), ensure_ascii=True).encode("ascii")


def decode(line: bytes, version: int = VERSION) -> AnyRecord:
    """The record on a line; ValueError (of which msgspec's errors are) or RecursionError when there is none."""
    record: AnyRecord = _decode(line, version, _everything, AnyRecord)
    if isinstance(record, Events) and not plainly_small(line):
        for _pid, event in record.events:
            check_bounds(event)
    return record


def outline(line: bytes, version: int = VERSION) -> Beginning | About | str | Code | Told | Finish:
    """The same, where the events are only looked at for whose they are."""
    if version == VERSION and line.startswith(_EVENTS) and line.endswith(_EVENTS_END):
        end = line.find(b'"', len(_EVENTS))
        name = line[len(_EVENTS) : end]
        if end > 0 and b"\\" not in name and len(name) <= _LONGEST_NAME:  # what the events are is found out when read
            return name.decode("utf-8", "replace")
    record = _decode(line, version, _outline, AnyRecord)
    return record.conversation if isinstance(record, _Unread | Events) else record


def _decode(line: bytes, version: int, decoder: Any, kind: Any) -> Any:
    if version < VERSION:
        return msgspec.convert(_newer(json.loads(line), version), kind, strict=True)
    try:
        return decoder.decode(line)
    except msgspec.DecodeError:
        if b"\\ud" not in line:
            raise
        return msgspec.convert(json.loads(line), kind, strict=True)


def _newer(record: Any, version: int) -> Any:
    """A line of an older version as this one writes it."""
    for each in range(version, VERSION):
        record = CONVERTERS[each](record)
    return record


def check_version(version: int) -> None:
    """:raises UnreadableError: nobody here can read that version."""
    if version > VERSION:
        raise UnreadableError(
            _(
                "Questa registrazione è nella versione {theirs} del formato; questo Passerella legge fino alla {ours}. "
                "Aggiorna Passerella."
            ).format(theirs=version, ours=VERSION)
        )
    if any(each not in CONVERTERS for each in range(version, VERSION)):
        raise UnreadableError(_("La versione {theirs} del formato non esiste.").format(theirs=version))
