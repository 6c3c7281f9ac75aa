"""A response cut into what can be compared (RFC 9112 §4–§7): status line, header fields, framing, body.

The bytes are those that the server wrote. Nothing is refused: what is not HTTP is a body without a head.
"""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from passerella.events import Value
from passerella.journeys.comparison.entry import Entry
from passerella.journeys.comparison.settling import settled
from passerella.journeys.model import Journey

Framing = Literal["none", "length", "chunked", "close"]

STATUS, INTERIM, ORDER, FRAMING, CHUNKS, BODY = "status", "interim", "order", "framing", "chunks", "body"
HEADER = "header: {}"

_CLOCK = frozenset(("date",))  # RFC 9110 §6.6.1: when the response was made
_STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})\b[^\n]*")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[^\n]*\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_BODILESS = frozenset((b"204", b"304"))
_SHOWN = 4096  # bytes of a body that are shown


class Header(NamedTuple):
    """A field: its name as it was written."""

    name: str
    value: str


class Response(NamedTuple):
    """The final response, and the statuses of the interim ones (1xx) before it.

    :ivar chunks: the sizes of the chunks, without the last one; ``body`` is what they held.
    """

    interim: tuple[str, ...]
    status: str
    headers: tuple[Header, ...]
    framing: Framing
    chunks: tuple[int, ...]
    body: bytes


def read_response(data: bytes, method: str | None) -> Response | None:
    """``data`` from its first byte; None while there is no whole head."""
    interim: list[str] = []
    while (end := _HEAD_END.search(data)) is not None and (line := _STATUS_LINE.match(data)) is not None:
        head, data = data[: end.end()], data[end.end() :]
        status = line[0].rstrip(b"\r").decode("latin-1")
        if line[1].startswith(b"1") and line[1] != b"101":
            interim.append(status)
            continue
        headers = tuple(_headers(head))
        framing = _framing(line[1], headers, method)
        chunks, body = _body(framing, data)
        return Response(tuple(interim), status, headers, framing, chunks, body)
    return None


def response_entries(journey: Journey, host: str) -> dict[str, Entry]:
    """By topic; nothing, when the server wrote no response."""
    response = read_response(bytes(journey.response), journey.method)
    if response is None:
        return {}
    entries = {STATUS: _plain(response.status)}
    if response.interim:
        entries[INTERIM] = _plain(list(response.interim))
    for lowered in dict.fromkeys(header.name.lower() for header in response.headers):
        entries[HEADER.format(lowered)] = _header(lowered, response.headers, host)
    entries[FRAMING] = _plain(response.framing)
    if response.framing == "chunked":
        entries[CHUNKS] = _plain(list(response.chunks))
    if response.framing != "none":
        entries[BODY] = _body_entry(journey, response.body, host)
    return entries


def order_entries(responses: Iterable[Response | None]) -> list[Entry | None]:
    """By column, the order of the header names that all of them have."""
    names = [list(dict.fromkeys(each.name.lower() for each in found.headers)) if found else None for found in responses]
    common = set.intersection(*(set(each) for each in names if each is not None)) if any(names) else set()
    return [_plain([name for name in each if name in common]) if each is not None else None for each in names]


def first_difference(bodies: Iterable[bytes]) -> int | None:
    """The position of the first byte that is not the same in all."""
    found = list(bodies)
    shortest = min(map(len, found), default=0)
    for at in range(shortest):
        if len({body[at] for body in found}) > 1:
            return at
    return shortest if len({len(body) for body in found}) > 1 else None


def _plain(value: Value) -> Entry:
    return Entry("", value, value, value)


def _header(lowered: str, headers: Iterable[Header], host: str) -> Entry:
    same = [header for header in headers if header.name.lower() == lowered]
    value: Value = [header.value for header in same] if len(same) > 1 else same[0].value
    if lowered in _CLOCK:
        return Entry(same[0].name, value, value, lowered, "time")
    left, reason = settled(value, host)
    return Entry(same[0].name, value, value, left, reason)


def _body_entry(journey: Journey, body: bytes, host: str) -> Entry:
    """What was only counted is part of what the body means: two that differ there are not equal."""
    text = body.decode("latin-1")
    missing = journey.response_length - len(journey.response)
    left, reason = settled(text, host)
    shown = {"bytes": text[:_SHOWN]}
    return Entry("", shown, [text, missing], [left, missing], reason)


def _headers(head: bytes) -> Iterable[Header]:
    for line in head.split(b"\n")[1:]:
        name, colon, value = line.rstrip(b"\r").partition(b":")
        if colon:
            yield Header(name.decode("latin-1"), value.strip(b" \t").decode("latin-1"))


def _framing(status: bytes, headers: Iterable[Header], method: str | None) -> Framing:
    """RFC 9112 §6.3, in its order."""
    if method == "HEAD" or status in _BODILESS or status == b"101":
        return "none"
    fields = {header.name.lower(): header.value.lower() for header in headers}
    if fields.get("transfer-encoding", "").endswith("chunked"):
        return "chunked"
    return "length" if "content-length" in fields else "close"


def _body(framing: Framing, data: bytes) -> tuple[tuple[int, ...], bytes]:
    if framing == "chunked":
        return _dechunked(data)
    return (), b"" if framing == "none" else data


def _dechunked(data: bytes) -> tuple[tuple[int, ...], bytes]:
    """RFC 9112 §7.1, as far as the bytes go."""
    sizes: list[int] = []
    body = bytearray()
    position = 0
    while (found := _CHUNK_SIZE.match(data, position)) is not None and (size := int(found[1], 16)):
        sizes.append(size)
        body += data[found.end() : found.end() + size]
        position = data.find(b"\n", found.end() + size) + 1
        if not position:
            break
    return tuple(sizes), bytes(body)
