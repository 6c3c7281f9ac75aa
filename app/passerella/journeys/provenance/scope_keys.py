"""What each key of ``scope`` would be (ASGI, HTTP and WebSocket message format), computed from the bytes."""

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping

from passerella.events import Value
from passerella.journeys.model import Span
from passerella.journeys.provenance.context import Context, Derive
from passerella.journeys.provenance.fields import Field
from passerella.journeys.provenance.notation import Candidate, Kept, items, kept, kept_bytes

_UPGRADE_TOKEN = re.compile(rb"(?i)(?:^|,)[ \t]*(upgrade)[ \t]*(?=,|$)")


def scope_candidates(context: Context, key: str) -> Iterable[Candidate]:
    derive = context.dialect.derivations.get(key) or _DERIVATIONS.get(key)
    return derive(context) if derive is not None else ()


def header_spans(context: Context, headers: list[Value]) -> list[list[Span] | None]:
    """For each header of a frozen ``headers``, the spans of its name and of its value; None if no field is equal."""
    unclaimed: dict[tuple[str, Kept], deque[int]] = defaultdict(deque)
    for fields in context.fields:
        for index, field in enumerate(fields):
            unclaimed[field.name, kept(field.value.decode("latin-1"))].append(index)
    claimed: set[int] = set()
    return [_claim(context, unclaimed, claimed, header) for header in headers]


def _claim(
    context: Context, unclaimed: Mapping[tuple[str, Kept], deque[int]], claimed: set[int], header: Value
) -> list[Span] | None:
    name, value = (kept_bytes(item) for item in _pair(header))
    if name is None or value is None:
        return None
    equal = unclaimed.get((name.beginning, value), deque())
    while equal:
        index = equal.popleft()
        if index not in claimed:
            claimed.add(index)
            return _spans(context, index, value)
    return None


def _pair(header: Value) -> list[Value]:
    pair = items(header)
    return pair if len(pair) == 2 else [None, None]


def _spans(context: Context, index: int, value: Kept) -> list[Span]:
    """The name and the value of field ``index``, in the way of reading it that gives ``value``."""
    readings: Iterator[Field] = (fields[index] for fields in context.fields)
    field = next(field for field in readings if kept(field.value.decode("latin-1")) == value)
    return [field.name_span, *field.spans]


def _is_websocket(context: Context) -> bool:
    return context.values.get("type") == "websocket"


def _type(context: Context) -> Iterable[Candidate]:
    """The last Upgrade field and the word of the last Connection field that calls for it."""
    upgrades, connections = context.named("upgrade")[-1:], context.named("connection")[-1:]
    for upgrade, connection in zip(upgrades, connections, strict=False):
        token = _UPGRADE_TOKEN.search(connection.value)
        if upgrade.value.lower() == b"websocket" and token is not None and len(connection.spans) == 1:
            start = connection.spans[0][0]
            yield Candidate("websocket", [*upgrade.spans, (start + token.start(1), start + token.end(1))])


def _http_version(context: Context) -> Iterable[Candidate]:
    """For a WebSocket uvicorn always says 1.1."""
    if context.head.version is not None and not _is_websocket(context):
        yield Candidate(context.text(context.head.version), [context.head.version])


def _method(context: Context) -> Iterable[Candidate]:
    if context.head.method is not None:
        yield Candidate(context.text(context.head.method), [context.head.method])


def _root(context: Context) -> str:
    root = context.values.get("root_path")
    return root if isinstance(root, str) else ""


def _path(context: Context) -> Iterable[Candidate]:
    for division in context.divisions:
        if division.path is not None:
            text = division.path.decoded.decode("utf-8", "replace")
            yield Candidate(_root(context) + text, [division.path.span])


def _raw_path(context: Context) -> Iterable[Candidate]:
    for division in context.divisions:
        if division.path is not None:
            raw = context.request[slice(*division.path.span)]
            yield Candidate(_root(context).encode() + raw, [division.path.span])


def _query_string(context: Context) -> Iterable[Candidate]:
    for division in context.divisions:
        if division.query is not None:
            yield Candidate(context.request[slice(*division.query)], [division.query])


def _subprotocols(context: Context) -> Iterable[Candidate]:
    fields = context.named("sec-websocket-protocol")
    if fields:
        offered = [token.strip() for field in fields for token in field.value.decode("latin-1").split(",")]
        yield Candidate(offered, [span for field in fields for span in field.spans])


_DERIVATIONS: Mapping[str, Derive] = {
    "type": _type,
    "http_version": _http_version,
    "method": _method,
    "path": _path,
    "raw_path": _raw_path,
    "query_string": _query_string,
    "subprotocols": _subprotocols,
}
