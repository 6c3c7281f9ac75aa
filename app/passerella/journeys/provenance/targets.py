"""How each server divides the request target (RFC 9112 §3.2) into a path and a query."""

import posixpath
import re
from collections.abc import Callable
from typing import NamedTuple

from passerella.journeys.model import Span
from passerella.journeys.provenance.percent import (
    ENCODED,
    ENCODED_BUT_SLASHES,
    decoded,
    decoded_but_slashes,
    raw_index,
)
from passerella.journeys.request_head import Head


class Path(NamedTuple):
    """A path: its bytes in the request, what they are decoded to, and which sequences of them were."""

    span: Span
    decoded: bytes
    encoded: re.Pattern[bytes] = ENCODED

    def after(self, request: bytes, prefix: bytes) -> "Path":
        """What is left when ``prefix`` is taken off the decoded path."""
        start = self.span[0] + raw_index(request[slice(*self.span)], len(prefix), self.encoded)
        return Path((start, self.span[1]), self.decoded[len(prefix) :], self.encoded)

    def before(self, rest: "Path") -> "Path":
        """What ``rest`` was left of."""
        return Path((self.span[0], rest.span[0]), self.decoded[: len(self.decoded) - len(rest.decoded)], self.encoded)


class Division(NamedTuple):
    """The two parts of a target; None where there is none."""

    path: Path | None
    query: Span | None


Divide = Callable[[bytes, Head], Division]


def as_url(request: bytes, head: Head) -> Division:
    """Scheme, host and fragment are left out: gunicorn, httptools."""
    return Division(_path(request, head.path), head.query)


def as_collapsed_url(request: bytes, head: Head) -> Division:
    """The same, and slashes at the start of the *decoded* path become one: waitress."""
    path = _path(request, head.path)
    if path is not None:
        slashes = len(path.decoded) - len(path.decoded.lstrip(b"/"))
        path = path.after(request, path.decoded[: max(0, slashes - 1)])
    return Division(path, head.query)


def as_url_of_cheroot(request: bytes, head: Head) -> Division:
    """Slashes at the start become one, ``%2F`` stays as it is, and ``*`` becomes ``/*``."""
    if head.path is None:
        return Division(None, head.query)
    start, end = head.path
    raw = request[start:end]
    start += max(0, len(raw) - len(raw.lstrip(b"/")) - 1)
    kept = b"/*" if raw == b"*" else decoded_but_slashes(request[start:end])
    return Division(Path((start, end), kept, ENCODED_BUT_SLASHES), head.query)


def at_question_mark(request: bytes, head: Head) -> Division:
    """All that is before the first ``?`` is path, whatever the form: h11."""
    if head.target is None:
        return Division(None, None)
    start, end = head.target
    mark = request.find(b"?", start, end)
    return Division(_path(request, (start, mark if mark >= 0 else end)), (mark + 1, end) if mark >= 0 else None)


def at_question_mark_collapsed(request: bytes, head: Head) -> Division:
    """The same, and slashes at the start of the target become one first: http.server, so wsgiref."""
    path, query = at_question_mark(request, head)
    if path is not None:
        start, end = path.span
        raw = request[start:end]
        path = _path(request, (start + max(0, len(raw) - len(raw.lstrip(b"/")) - 1), end))
    return Division(path, query)


def merged(request: bytes, head: Head) -> Division:
    """Decoded, then each row of slashes becomes one and the segments «.» and «..» are resolved: Apache."""
    path = _path(request, head.path)
    if path is not None:
        absolute = posixpath.normpath(b"/" + path.decoded)
        kept_slash = path.decoded.endswith((b"/", b"/.", b"/..")) and not absolute.endswith(b"/")
        path = path._replace(decoded=b"/" + absolute.lstrip(b"/") + b"/" * kept_slash)
    return Division(path, head.query)


def after_scheme(request: bytes, head: Head) -> Division:
    """``CONNECT host:443`` read as a URL whose scheme is ``host``: gunicorn, waitress."""
    if head.target is None:
        return Division(None, None)
    start, end = head.path or head.target
    colon = request.find(b":", start, end)
    return Division(_path(request, (colon + 1, end)) if colon >= 0 else None, head.query)


def _path(request: bytes, span: Span | None) -> Path | None:
    return Path(span, decoded(request[slice(*span)])) if span is not None else None
