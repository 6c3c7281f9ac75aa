"""Lines of a recording into records: those of older versions are made new, those that are none are refused.

It is slow to import, and who only writes does not need it.
"""

import json
from collections.abc import Callable
from typing import Any

import msgspec

from passerella.errors import ContentError
from passerella.language import _
from passerella.recordings.bounds import check_bounds, plainly_small
from passerella.recordings.format import VERSION, About, Beginning, Code, Events, Finish, Record, ShortText, Told

LONGEST_LINE = 16 * 1024 * 1024

AnyRecord = Beginning | About | Events | Code | Told | Finish


class _Unread(Record, frozen=True, array_like=True, tag="events"):
    """The events of a conversation, left for later."""

    conversation: ShortText
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
