"""What a web server in front changed of a message: two heads compared, differences first. Pure.

A message is compared as HTTP reads it: the words of its first line, its fields by name whatever their case, the way its
body is delimited. Positions are of the bytes on each of the two hops.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from passerella.journeys.model import Journey, Span, Step
from passerella.probe.vocabulary import PROXY

Kind = Literal["changed", "added", "removed", "moved", "same"]

_ANSWERED = "front_answer"
_HEAD_END = b"\r\n\r\n"
_LONGEST = 256 * 1024
_ORDER: dict[Kind, int] = {"changed": 0, "added": 1, "removed": 2, "moved": 3, "same": 4}
_REQUEST_WORDS = ("method", "target", "version")
_RESPONSE_WORDS = ("version", "status", "reason")


class Difference(msgspec.Struct, frozen=True):
    """One part of a message, on the client's hop (``near``) and on the app's (``far``).

    :ivar part: ``line`` (then ``name`` is method, target, version, status, reason), ``field``, ``order`` or ``body``.
    :ivar near, far: what it is there; empty where there is none. ``near_spans`` and ``far_spans``: its bytes.
    """

    kind: Kind
    part: str
    name: str
    near: str = ""
    far: str = ""
    near_spans: tuple[Span, ...] = ()
    far_spans: tuple[Span, ...] = ()


class _Field(msgspec.Struct, frozen=True):
    name: str
    value: str
    span: Span


class _Head(msgspec.Struct, frozen=True):
    words: tuple[tuple[str, Span], ...]
    fields: tuple[_Field, ...]
    length: int


def request_differences(journey: Journey) -> list[Difference]:
    """From what the client sent to what the app's server received; empty when both are not known."""
    if journey.upstream is None:
        return []
    return _compared(bytes(journey.request), bytes(journey.upstream.request), _REQUEST_WORDS)


def response_differences(journey: Journey) -> list[Difference]:
    """From what the app's server sent (``far``) to what the client received (``near``)."""
    if journey.upstream is None or not any(step.name == _ANSWERED for step in journey.steps):
        return []  # the web server answered by itself
    return _compared(bytes(journey.response), bytes(journey.upstream.response), _RESPONSE_WORDS)


class HopTimes(msgspec.Struct, frozen=True):
    """Nanoseconds, by what the web server's log tells; None where it does not.

    :ivar before: from the head that it read to the one that it forwards: with a body, the time to collect it.
    :ivar app: from there to the first line of the app's answer.
    :ivar after: from there to the last byte that it wrote to the client.
    """

    before: int | None = None
    app: int | None = None
    after: int | None = None


def hop_times(journey: Journey) -> HopTimes:
    """How the time of a journey went, hop by hop."""
    mine = [step for step in journey.steps if step.station == PROXY]
    read, forward = _first(mine, "front_request"), _first(mine, "front_forward")
    answer, relayed = _first(mine, "front_answer"), _last(mine, "front_relay")
    app = _between(forward, answer)
    if app is not None and answer is not None:
        app = max(0, app - journey.held_by(answer))
    return HopTimes(_between(read, forward), app, _between(answer, relayed))


def _first(steps: Sequence[Step], name: str) -> int | None:
    return next((step.t for step in steps if step.name == name), None)


def _last(steps: Sequence[Step], name: str) -> int | None:
    return next((step.t for step in reversed(steps) if step.name == name), None)


def _between(start: int | None, end: int | None) -> int | None:
    return max(0, end - start) if start is not None and end is not None else None


def _compared(near: bytes, far: bytes, words: tuple[str, str, str]) -> list[Difference]:
    one, other = _head(near), _head(far)
    if one is None or other is None:
        return []
    found = [*_lines(one, other, words), *_fields(one, other), *_order(one, other), *_body(near, far, one, other)]
    return sorted(found, key=lambda each: _ORDER[each.kind])


def _lines(near: _Head, far: _Head, names: tuple[str, str, str]) -> Iterator[Difference]:
    for name, (one, span), (other, far_span) in zip(names, near.words, far.words, strict=False):
        yield Difference("same" if one == other else "changed", "line", name, one, other, (span,), (far_span,))


def _fields(near: _Head, far: _Head) -> Iterator[Difference]:
    names = {field.name.lower(): field.name for field in (*far.fields, *near.fields)}
    for key, name in names.items():
        one = [field for field in near.fields if field.name.lower() == key]
        other = [field for field in far.fields if field.name.lower() == key]
        yield Difference(
            _kind(one, other),
            "field",
            name,
            " | ".join(field.value for field in one),
            " | ".join(field.value for field in other),
            tuple(field.span for field in one),
            tuple(field.span for field in other),
        )


def _kind(near: Sequence[_Field], far: Sequence[_Field]) -> Kind:
    if not near:
        return "added"
    if not far:
        return "removed"
    return "same" if [each.value for each in near] == [each.value for each in far] else "changed"


def _order(near: _Head, far: _Head) -> Iterator[Difference]:
    """Whether the fields that both have come in another order."""
    one, other = _names(near), _names(far)
    both = set(one) & set(other)
    before, after = [name for name in one if name in both], [name for name in other if name in both]
    if before != after:
        yield Difference("moved", "order", "", ", ".join(before), ", ".join(after))


def _names(head: _Head) -> list[str]:
    return list(dict.fromkeys(field.name.lower() for field in head.fields))


def _body(near: bytes, far: bytes, one: _Head, other: _Head) -> Iterator[Difference]:
    """The bytes after the head: the same, or delimited in another way."""
    before, after = _framing(one), _framing(other)
    if before != after:
        yield Difference("changed", "body", "", before, after)
    elif near[one.length :] != far[other.length :]:
        yield Difference("changed", "body", "", str(len(near) - one.length), str(len(far) - other.length))


def _framing(head: _Head) -> str:
    """How the end of the body is known: ``chunked``, ``length`` or ``close``."""
    fields = {field.name.lower(): field.value.lower() for field in head.fields}
    if "chunked" in fields.get("transfer-encoding", ""):
        return "chunked"
    return "length" if "content-length" in fields else "none"


def _head(message: bytes) -> _Head | None:
    end = message.find(_HEAD_END, 0, _LONGEST)
    if end < 0:
        return None
    lines = list(_with_spans(message[:end]))
    first, start = lines[0] if lines else (b"", 0)
    return _Head(tuple(_words(first, start)), tuple(_each_field(lines[1:])), end + len(_HEAD_END))


def _with_spans(head: bytes) -> Iterator[tuple[bytes, int]]:
    at = 0
    for line in head.split(b"\n"):
        yield line.removesuffix(b"\r"), at
        at += len(line) + 1


def _words(line: bytes, start: int) -> Iterator[tuple[str, Span]]:
    at = start
    for word in line.split(b" ", 2):
        yield word.decode("latin-1"), (at, at + len(word))
        at += len(word) + 1


def _each_field(lines: Sequence[tuple[bytes, int]]) -> Iterator[_Field]:
    for line, start in lines:
        name, colon, value = line.partition(b":")
        if colon:
            yield _Field(name.decode("latin-1"), value.strip(b" \t").decode("latin-1"), (start, start + len(line)))
