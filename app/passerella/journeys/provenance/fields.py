"""A request's header fields as each server reads them: which are kept, what a folded value becomes (RFC 9112 §5.2)."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from passerella.journeys.model import Span
from passerella.journeys.request_head import Head, Header, trimmed

# What str.strip() takes away from text decoded as latin-1.
_LATIN1_BLANKS = bytes(code for code in range(256) if chr(code).isspace())
_EMAIL_NAME = re.compile(r"[\x21-\x39\x3b-\x7e]+")
# gunicorn's forwarder_headers: the names with an underscore that a trusted peer may send.
_GUNICORN_FORWARDER_HEADERS = frozenset(("script_name", "path_info"))
# What h11 makes of the fields that say where the body ends ("5, 5" is 5).
_H11_NORMAL: Mapping[str, Callable[[bytes], bytes]] = {
    "transfer-encoding": bytes.lower,
    "content-length": lambda value: value.partition(b",")[0].strip(),
}


class Field(NamedTuple):
    """A field as a server sees it: ``spans`` of the request gave ``value``."""

    name: str
    name_span: Span
    value: bytes
    spans: list[Span]


Render = Callable[[bytes, Header], Field]
Select = Callable[[Head], list[Header]]


class Reading(NamedTuple):
    """A way of reading the fields of a head."""

    select: Select
    render: Render

    def fields(self, request: bytes, head: Head) -> list[Field]:
        return [self.render(request, header) for header in self.select(head)]


def all_headers(head: Head) -> list[Header]:
    return [header for header in head.headers if header.name]


def headers_and_trailers(head: Head) -> list[Header]:
    """httptools tells trailer fields as it tells the others, so uvicorn puts them in ``headers`` when they arrive."""
    return [header for header in (*head.headers, *head.trailers) if header.name]


def last_of_each(head: Head) -> list[Header]:
    """Of a repeated field the last one takes the place of those before it: cheroot, but for the lists it knows."""
    return list({header.name: header for header in all_headers(head)}.values())


def without_underscores(head: Head) -> list[Header]:
    """``X_A`` and ``X-A`` would be one key, so gunicorn and waitress leave the first one out."""
    return [header for header in all_headers(head) if "_" not in header.name]


def gunicorn_headers(head: Head) -> list[Header]:
    headers = all_headers(head)
    return [header for header in headers if "_" not in header.name or header.name in _GUNICORN_FORWARDER_HEADERS]


def email_headers(head: Head) -> list[Header]:
    """http.server reads them as an e-mail's: for it, a line that is no header ends them all."""
    kept = []
    for header in head.headers:
        if head.stray is not None and header.name_span[0] > head.stray:
            break
        if header.name and not _EMAIL_NAME.fullmatch(header.name):
            break
        kept.append(header)
    return [header for header in kept if header.name]


def spaced(request: bytes, header: Header) -> Field:
    """Lines trimmed, joined with a space: gunicorn (when it permits folding)."""
    return Field(
        header.name, header.name_span, b" ".join(request[slice(*span)] for span in header.values), list(header.values)
    )


def listed(request: bytes, header: Header) -> Field:
    """Each line as one more element of a list: cheroot, of the fields that it knows to be lists."""
    return spaced(request, header)._replace(value=b", ".join(request[slice(*span)] for span in header.values))


def last_line(request: bytes, header: Header) -> Field:
    """A line that goes on takes the place of those before it: cheroot."""
    span = header.values[-1]
    return Field(header.name, header.name_span, request[slice(*span)], [span])


def emptied(request: bytes, header: Header) -> Field:
    """Nothing is left of a value that is not all ASCII: granian, for WSGI."""
    field = spaced(request, header)
    return field if field.value.isascii() else field._replace(value=b"")


def unfolded(request: bytes, header: Header) -> Field:
    """Lines joined with a space that takes the place of their indentation: h11."""
    first, *others = header.lines
    pieces = [first, *((trimmed(request, span)[0], span[1]) for span in others)]
    value = b" ".join(request[slice(*span)] for span in pieces).strip(b" \t")
    normal = _H11_NORMAL.get(header.name, bytes)(value)
    return Field(header.name, header.name_span, normal, _outer_trimmed(request, pieces))


def glued(request: bytes, header: Header) -> Field:
    """Lines one after the other, indentation included: waitress."""
    value = b"".join(request[slice(*span)] for span in header.lines)
    return Field(header.name, header.name_span, value.strip(b" \t"), _outer_trimmed(request, list(header.lines)))


def verbatim(request: bytes, header: Header) -> Field:
    """Line ends and all, then str.strip(): wsgiref's HTTP_ keys."""
    span = trimmed(request, _whole(header), _LATIN1_BLANKS)
    return Field(header.name, header.name_span, request[slice(*span)], [span])


def left_trimmed(request: bytes, header: Header) -> Field:
    """Blanks kept at the end: httptools, and wsgiref's CONTENT_TYPE and CONTENT_LENGTH."""
    start, end = _whole(header)
    span = (trimmed(request, (start, end))[0], end)
    return Field(header.name, header.name_span, request[slice(*span)], [span])


def _whole(header: Header) -> Span:
    return header.lines[0][0], header.lines[-1][1]


def _outer_trimmed(request: bytes, spans: list[Span]) -> list[Span]:
    """``spans`` without the blanks before the first character and after the last one."""
    full = [index for index, span in enumerate(spans) if request[slice(*span)].strip(b" \t")]
    if not full:
        return [trimmed(request, spans[0])]
    kept = spans[full[0] : full[-1] + 1]
    kept[0] = (trimmed(request, kept[0])[0], kept[0][1])
    kept[-1] = (kept[-1][0], trimmed(request, kept[-1])[1])
    return [span for span in kept if span[0] < span[1]]
