"""The records of a recording, one JSON line each; FORMATO.md tells them to a reader who is no program of ours."""

import json
from collections.abc import Sequence
from typing import Annotated

import msgspec

from passerella.events import Event, Message

VERSION = 1
NAME = "passerella"
MOST_EVENTS = 4 * 1024 * 1024  # bytes of events on one line: what is more goes on another

_Count = Annotated[int, msgspec.Meta(ge=0, le=2**62)]
ShortText = Annotated[str, msgspec.Meta(max_length=4096)]
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

    server: ShortText = ""
    app: ShortText = ""
    url: ShortText = ""
    command: list[ShortText] = []
    program: ShortText = ""


class Events(Record, frozen=True, array_like=True, tag="events"):
    """Consecutive events of one conversation; of none, what processes say of themselves."""

    conversation: ShortText
    events: list[tuple[int, Message]]


class Code(Record, frozen=True, array_like=True, tag="code"):
    """Consecutive lines of a file, which its steps show."""

    file: ShortText
    first: _Count
    lines: list[str]


class Told(Record, frozen=True, array_like=True, tag="journey"):
    """A journey as a list shows it; its steps are in the events of ``conversation``.

    :ivar generation: on which of the connections of that conversation, from 1; 0: on none that was seen.
    :ivar front: the web server that it came by; of it too, because it says what the bytes of the journey are.
    """

    conversation: ShortText
    generation: _Count
    number: _Count
    connection: ShortText
    ordinal: _Count
    protocol: ShortText
    interface: ShortText | None
    method: ShortText | None
    target: ShortText | None
    status: _Status | None
    server: ShortText
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
    stations: list[ShortText] = []
    errors: list[ShortText] = []
    front: ShortText = ""


class Finish(Record, frozen=True, array_like=True, tag="end"):
    """The last line: nothing was cut off."""

    journeys: _Count


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
