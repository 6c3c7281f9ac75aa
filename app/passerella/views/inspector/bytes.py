"""Bytes, as numbers and as text side by side."""

from collections.abc import Sequence

import msgspec

from passerella.journeys.model import Journey, Span
from passerella.language import _
from passerella.probe.vocabulary import OUTBOUND
from passerella.views.rows import Row

_TEXT = {**{code: chr(0x2400 + code) for code in range(0x20)}, 0x7F: "\u2421"}
_BEYOND_ASCII = "·"
_LAST_ASCII = 0x7F


class BytesLine(msgspec.Struct, frozen=True):
    """A line of a dump.

    :ivar offset: position of its first byte.
    :ivar hexes: two digits a byte; ``text``, one character a byte; ``lit``, whether the byte is highlighted.
    """

    offset: int
    hexes: tuple[str, ...]
    text: str
    lit: tuple[bool, ...]


class BytesView(msgspec.Struct, frozen=True):
    """The stream of bytes that a row is about.

    :ivar lit: the bytes of this very step; empty when it has none.
    :ivar total: how many there were; more than ``data`` when the rest was counted, not kept.
    :ivar hop: on which connection: with a web server in front, 1 is the client's and 2 the app's server's.
    """

    title: str
    data: bytes
    total: int
    outbound: bool
    lit: tuple[Span, ...]
    hop: int = 1


def bytes_at(journey: Journey, row: Row) -> BytesView:
    """The request on the way in; the response once the row, or what came before it, wrote some of it."""
    own = [step for step in row.covers if step.bytes is not None and step.station == row.step.station]
    lit = tuple((step.bytes.start, step.bytes.end) for step in own if step.bytes is not None)
    hop = own[0].hop if own else row.step.hop
    of = journey.upstream if hop > 1 and journey.upstream is not None else journey
    outbound = own[0].direction == OUTBOUND if own else row.step.direction == OUTBOUND and bool(of.response)
    if outbound:
        return BytesView(_("risposta"), bytes(of.response), of.response_length, True, lit, hop)
    return BytesView(_("richiesta"), bytes(of.request), of.request_length, False, lit, hop)


def bytes_lines(data: bytes, start: int = 0, highlight: Sequence[Span] = (), width: int = 16) -> list[BytesLine]:
    """``data`` in lines of ``width`` bytes; ``start`` is the position of its first byte, ``highlight`` are positions."""
    return [_line(data[at : at + width], start + at, highlight) for at in range(0, len(data), max(1, width))]


def _line(data: bytes, offset: int, highlight: Sequence[Span]) -> BytesLine:
    near = [(first, end) for first, end in highlight if first < offset + len(data) and end > offset]
    return BytesLine(
        offset=offset,
        hexes=tuple(f"{byte:02x}" for byte in data),
        text="".join(map(character, data)),
        lit=tuple(any(first <= at < end for first, end in near) for at in range(offset, offset + len(data))),
    )


def character(byte: int) -> str:
    """What a byte is in ASCII; a symbol for a control, a dot for what ASCII does not have."""
    return _TEXT.get(byte) or (chr(byte) if byte <= _LAST_ASCII else _BEYOND_ASCII)
