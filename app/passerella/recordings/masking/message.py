"""Where the secrets of one HTTP message are, however its body is written: plain, chunked, compressed, in frames."""

import re
import zlib
from collections.abc import Sequence

from passerella.recordings.masking.known import Known
from passerella.recordings.masking.spans import Span, form_spans, joined, text_spans

MASK = 0x2A  # «*»

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHUNKED = re.compile(rb"(?im)^transfer-encoding[ \t]*:[^\r\n]*chunked")
_FORM = re.compile(rb"(?im)^content-type[ \t]*:[^\r\n]*x-www-form-urlencoded")
_CODED = re.compile(rb"(?im)^content-encoding[ \t]*:[ \t]*(?!identity)(\S+)")
_UPGRADE = re.compile(rb"(?im)^upgrade[ \t]*:[^\r\n]*websocket")
_DEFLATED = re.compile(rb"(?im)^sec-websocket-extensions[ \t]*:[^\r\n]*deflate")
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[^\r\n]*\r?\n")
_MOST_INFLATED = 1024 * 1024
_GZIP_OR_ZLIB = 47


def mask_message(data: bytes, known: Known) -> bytes:
    """``data`` with its secrets covered, and the same length. ``known`` are those told so far, and learns these."""
    end = _HEAD_END.search(data)
    begin = end.end() if end is not None else len(data)
    head = data[:begin]
    covered = bytearray(data)
    for start, stop in _found(head.decode("latin-1"), known):
        _cover(covered, start, stop)
    body = data[begin:]
    if not body:
        return bytes(covered)
    if _UPGRADE.search(head) is not None:
        covered[begin:] = _mask_frames(body, _DEFLATED.search(head) is not None, known)
        return bytes(covered)
    parts = _chunks(body) if _CHUNKED.search(head) is not None else [(0, len(body))]
    whole = b"".join(body[start:stop] for start, stop in parts)
    for start, stop in _body_spans(head, whole, known):
        for first, last in _placed(start, stop, parts):
            _cover(covered, begin + first, begin + last)
    return bytes(covered)


def _found(text: str, known: Known, more: Sequence[Span] = ()) -> list[Span]:
    """The secrets that ``text`` tells, and those that it repeats."""
    told = joined(iter((*text_spans(text), *more)))
    for start, end in told:
        known.add(text[start:end])
    return joined(iter((*told, *known.spans(text))))


def _cover(data: bytearray, start: int, stop: int) -> None:
    data[start:stop] = bytes([MASK]) * (stop - start)


def _body_spans(head: bytes, body: bytes, known: Known) -> list[Span]:
    coding = _CODED.search(head)
    if coding is not None:
        return [(0, len(body))] if _hides_secret(coding[1].lower(), body, known) else []
    text = body.decode("latin-1")
    return _found(text, known, form_spans(text) if _FORM.search(head) is not None else ())


def _hides_secret(coding: bytes, body: bytes, known: Known) -> bool:
    """Whether a compressed body holds one, or cannot be read: then it may."""
    if coding not in (b"gzip", b"x-gzip", b"deflate"):
        return True
    try:
        plain = zlib.decompressobj(_GZIP_OR_ZLIB).decompress(body, _MOST_INFLATED)
    except zlib.error:
        return True
    return len(plain) == _MOST_INFLATED or bool(_found(plain.decode("latin-1"), known))


def _chunks(body: bytes) -> list[Span]:
    """The data of each chunk, and whatever comes after what can be read as chunks."""
    parts: list[Span] = []
    at = 0
    while (size := _CHUNK.match(body, at)) is not None:
        length = int(size[1], 16)
        if length == 0 or size.end() + length > len(body):
            at = size.end()
            break
        parts.append((size.end(), size.end() + length))
        at = size.end() + length
        at += 2 if body[at : at + 2] == b"\r\n" else 1 if body[at : at + 1] == b"\n" else 0
    return [*parts, (at, len(body))]


def _placed(start: int, stop: int, parts: Sequence[Span]) -> list[Span]:
    """Where in the body a span of the joined parts is."""
    placed: list[Span] = []
    at = 0
    for first, last in parts:
        length = last - first
        low, high = max(start, at), min(stop, at + length)
        if low < high:
            placed.append((first + low - at, first + high - at))
        at += length
    return placed


def _mask_frames(data: bytes, deflated: bool, known: Known) -> bytes:
    """WebSocket frames (RFC 6455 §5.2): what is covered reads as asterisks once the frame is unmasked."""
    covered = bytearray(data)
    at = 0
    while at + 2 <= len(data):
        payload, length, key = _frame(data, at)
        plain = _unmasked(data[payload : payload + length], key)
        spans = [(0, len(plain))] if deflated and plain else _found(plain.decode("latin-1"), known)
        for start, stop in spans:
            for position in range(start, stop):
                covered[payload + position] = MASK ^ (key[position % 4] if key else 0)
        at = max(payload + length, at + 2)
    return bytes(covered)


def _frame(data: bytes, at: int) -> tuple[int, int, bytes]:
    """Where the payload of the frame begins, how long it is, and its masking key."""
    length = data[at + 1] & 0x7F
    payload = at + 2
    if length >= 126:
        wide = 2 if length == 126 else 8
        length = int.from_bytes(data[payload : payload + wide], "big")
        payload += wide
    key = b""
    if data[at + 1] & 0x80:
        key = data[payload : payload + 4]
        payload += 4
    return payload, length, key if len(key) == 4 else b""


def _unmasked(data: bytes, key: bytes) -> bytes:
    if not key:
        return data
    stream = (key * (len(data) // 4 + 1))[: len(data)]
    return (int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(data), "big")
