"""Where each part of a request's head is (RFC 9112 §2–§5), as servers read it: tolerant, and it never raises."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from passerella.journeys.model import Span

_WORD = re.compile(rb"[^ \t]+")
_VERSION = re.compile(rb"HTTP/(\d*(?:\.\d*)?)")
_ABSOLUTE_FORM = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})")
_BLANKS = b" \t"


class Header(msgspec.Struct, frozen=True):
    """A header field.

    :ivar name: in lower case, without the blanks that some servers tolerate before the colon.
    :ivar lines: what follows the colon, and each continuation line whole; line ends are left out.
    :ivar values: the same without the blanks around; several when the field is folded.
    """

    name: str
    name_span: Span
    lines: tuple[Span, ...]
    values: tuple[Span, ...]


class Head(msgspec.Struct, frozen=True):
    """A request's head; what is not there, or not there yet, is None.

    :ivar path: may be empty, when the absolute form has none; None in the authority form (CONNECT).
    :ivar query: what is between ``?`` and ``#``, perhaps nothing; None without ``?``.
    :ivar version: its digits only, ``1.1``.
    :ivar stray: where the first line begins that is no header and does not continue one.
    :ivar end: where the body begins.
    :ivar trailers: the fields after the last chunk, when the body is chunked and has come that far.
    """

    method: Span | None = None
    target: Span | None = None
    path: Span | None = None
    query: Span | None = None
    authority: Span | None = None
    fragment: Span | None = None
    version: Span | None = None
    headers: tuple[Header, ...] = ()
    stray: int | None = None
    end: int | None = None
    trailers: tuple[Header, ...] = ()


class _Line(NamedTuple):
    """A line: ``end`` leaves its CRLF (or bare LF) out, ``ended`` says that there was one."""

    start: int
    end: int
    ended: bool


class _Target(NamedTuple):
    path: Span | None = None
    query: Span | None = None
    authority: Span | None = None
    fragment: Span | None = None


def read_head(request: bytes) -> Head:
    """The spans of the head of ``request``, which may be only a first part."""
    lines = _lines(request, len(request) - len(request.lstrip(b"\r\n")))  # RFC 9112 §2.2: blank lines may come first
    first = next(lines, None)
    if first is None:
        return Head()
    method, target, version = _request_line(request, first)
    parts = _target_parts(request, target, method)
    headers, stray, end = _headers(request, lines)
    trailers = _trailers(request, headers, end)
    return Head(method, target, *parts, version=version, headers=headers, stray=stray, end=end, trailers=trailers)


def trimmed(request: bytes, span: Span, blanks: bytes = _BLANKS) -> Span:
    """``span`` without the ``blanks`` around; of a span of blanks, its end."""
    text = request[span[0] : span[1]]
    start = span[0] + len(text) - len(text.lstrip(blanks))
    return start, max(start, span[0] + len(text.rstrip(blanks)))


def _lines(request: bytes, start: int) -> Iterator[_Line]:
    while start < len(request):
        found = request.find(b"\n", start)
        if found < 0:
            yield _Line(start, len(request), ended=False)
            return
        end = found - 1 if found > start and request[found - 1] == ord("\r") else found
        yield _Line(start, end, ended=True)
        start = found + 1


def _request_line(request: bytes, line: _Line) -> tuple[Span | None, Span | None, Span | None]:
    """Method, target, version. A target with blanks inside is taken whole, once the line is."""
    words = [found.span() for found in _WORD.finditer(request, line.start, line.end)]
    if len(words) < 2:
        return (words[0] if words else None), None, None
    version = _VERSION.match(request, *words[-1]) if len(words) > 2 else None
    last = words[1] if not line.ended else words[-1] if version is None else words[-2]
    return words[0], (words[1][0], last[1]), version.span(1) if version is not None else None


def _target_parts(request: bytes, target: Span | None, method: Span | None) -> _Target:
    """The four forms of RFC 9112 §3.2."""
    if target is None:
        return _Target()
    start, end = target
    if method is not None and request[slice(*method)] == b"CONNECT":
        return _Target(authority=target)
    absolute = _ABSOLUTE_FORM.match(request, start, end)
    authority = absolute.span(1) if absolute is not None else None
    path = authority[1] if authority is not None else start
    hash_at = request.find(b"#", path, end)
    fragment = (hash_at + 1, end) if hash_at >= 0 else None
    stop = hash_at if hash_at >= 0 else end
    mark = request.find(b"?", path, stop)
    query = (mark + 1, stop) if mark >= 0 else None
    return _Target((path, mark if mark >= 0 else stop), query, authority, fragment)


class _Pending:
    """A header whose continuation lines may still come."""

    def __init__(self, name_span: Span, value: Span) -> None:
        self.name_span = name_span
        self.lines = [value]

    def finished(self, request: bytes) -> Header:
        name = request[slice(*self.name_span)].lower().decode("latin-1")
        values = tuple(trimmed(request, line) for line in self.lines)
        return Header(name, self.name_span, tuple(self.lines), values)


def _headers(request: bytes, lines: Iterator[_Line]) -> tuple[tuple[Header, ...], int | None, int | None]:
    """The header lines up to the blank one; where the first line that is none of them begins; where the body begins."""
    pending: list[_Pending] = []
    stray: int | None = None
    end: int | None = None
    for line in lines:
        if line.start == line.end and line.ended:
            end = request.find(b"\n", line.start) + 1
            break
        colon = request.find(b":", line.start, line.end)
        if request[line.start] in _BLANKS:
            if pending:
                pending[-1].lines.append((line.start, line.end))
        elif colon >= 0:
            name_span = trimmed(request, (line.start, colon))
            pending.append(_Pending(name_span, (colon + 1, line.end)))
        elif stray is None and line.ended:
            stray = line.start
    return tuple(header.finished(request) for header in pending), stray, end


def _trailers(request: bytes, headers: tuple[Header, ...], end: int | None) -> tuple[Header, ...]:
    """The trailer fields of a chunked body (RFC 9112 §7.1.2); httptools gives them with the others."""
    codings = [request[slice(*header.values[-1])] for header in headers if header.name == "transfer-encoding"]
    if end is None or not codings or not codings[-1].lower().endswith(b"chunked"):
        return ()
    start = _after_last_chunk(request, end)
    return _headers(request, _lines(request, start))[0] if start is not None else ()


def _after_last_chunk(request: bytes, position: int) -> int | None:
    while True:
        size = _CHUNK_SIZE.match(request, position)
        line_end = request.find(b"\n", position)
        if size is None or line_end < 0:
            return None
        if int(size[1], 16) == 0:
            return line_end + 1
        position = request.find(b"\n", line_end + 1 + int(size[1], 16)) + 1
        if position == 0:
            return None
