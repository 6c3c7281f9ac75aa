"""Values as the probe freezes them: how they are compared with what was computed from the bytes."""

from typing import NamedTuple

from passerella.events import Value
from passerella.journeys.model import Span
from passerella.probe.vocabulary import TEXT_KEPT


class Candidate(NamedTuple):
    """What a key would be (text, bytes, or a frozen container) if these spans of the request gave it."""

    value: Value
    spans: list[Span]


class Kept(NamedTuple):
    """What can be compared of a text or of bytes, that the probe cuts when they are too long."""

    length: int
    beginning: str


def items(value: Value) -> list[Value]:
    """What a frozen list or tuple holds; nothing, if it is neither."""
    inner = value.get("tuple") if isinstance(value, dict) else value
    return inner if isinstance(inner, list) else []


def kept_bytes(value: Value) -> Kept | None:
    """A frozen bytes object; None if it is something else."""
    if not isinstance(value, dict):
        return None
    whole = value.get("bytes")
    return kept(whole) if isinstance(whole, str) else _cut(value, "bytes")


def kept(text: str) -> Kept:
    return Kept(len(text), text[:TEXT_KEPT])


def same(actual: Value, computed: Value) -> bool:
    """Whether the frozen value ``actual`` is ``computed``."""
    if isinstance(computed, bytes):
        return kept_bytes(actual) == kept(computed.decode("latin-1"))
    if isinstance(computed, str):
        frozen = kept(actual) if isinstance(actual, str) else _cut(actual, "str")
        return frozen == kept(computed)
    return bool(actual == computed)


def _cut(value: Value, kind: str) -> Kept | None:
    if not isinstance(value, dict) or value.get("type") != kind:
        return None
    length, text = value.get("length"), value.get("text")
    return Kept(length, text) if isinstance(length, int) and isinstance(text, str) else None
