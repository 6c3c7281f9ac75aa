"""Bytes or a word, for each key."""

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from passerella.events import Value
from passerella.journeys.model import Origin, Span
from passerella.journeys.provenance.context import Context
from passerella.journeys.provenance.dialects import dialect_of
from passerella.journeys.provenance.environ_keys import environ_candidates, mounted_script_name
from passerella.journeys.provenance.notation import Candidate, items, same
from passerella.journeys.provenance.scope_keys import header_spans, scope_candidates
from passerella.journeys.request_head import read_head

_CANDIDATES = {"wsgi": environ_candidates, "asgi": scope_candidates}
_NOTHING: Mapping[str, Value] = {}
_INNER_HEADER = re.compile(r"headers\[\d+\]")

# PEP 3333, and the extras of CGI (RFC 3875) that servers give: a variable of the process with one of these names is
# not where the key came from, unless the server really copies it. So for HTTP_ and wsgi. keys.
_STANDARD_KEYS = frozenset(
    (
        "AUTH_TYPE",
        "CONTENT_LENGTH",
        "CONTENT_TYPE",
        "GATEWAY_INTERFACE",
        "HTTPS",
        "PATH_INFO",
        "PATH_TRANSLATED",
        "QUERY_STRING",
        "RAW_URI",
        "REMOTE_ADDR",
        "REMOTE_HOST",
        "REMOTE_IDENT",
        "REMOTE_PORT",
        "REMOTE_USER",
        "REQUEST_METHOD",
        "REQUEST_URI",
        "SCRIPT_NAME",
        "SERVER_NAME",
        "SERVER_PORT",
        "SERVER_PROTOCOL",
        "SERVER_SOFTWARE",
    )
)
_STANDARD_PREFIXES = ("HTTP_", "wsgi.")


def origins(
    request: bytes,
    mapping: Mapping[str, Value],
    *,
    interface: Literal["wsgi", "asgi"],
    server: str,
    process_keys: frozenset[str],
    later: Mapping[str, Value] = _NOTHING,
) -> dict[str, Origin]:
    """The byte ranges of ``request`` that gave each key, or the word of where else it comes from.

    :param mapping: ``environ`` or ``scope`` as the server built it, frozen.
    :param later: keys (or inner paths, ``headers[2]``) added or changed beyond the gateway, with their last value.
    :return: also ``headers[0]``, ``headers[1]``… for the headers of a scope: the spans of name and value.
    """
    head, dialect = read_head(request), dialect_of(interface, server)
    found: dict[str, Origin] = {}
    built = Context(request, head, dialect, mapping)
    for key, value in mapping.items():
        found |= _traced(built, interface, key, value, _word(built, key, process_keys))
    changed = Context(request, head, dialect, {**mapping, **later})
    for key, value in later.items():
        found |= _traced(changed, interface, key, value, "middleware")
    return found | _mounting(changed, later)


def _traced(context: Context, interface: str, key: str, value: Value, word: str) -> dict[str, Origin]:
    if interface == "asgi" and key == "headers":
        return _headers(context, value, word)
    if interface == "asgi" and _INNER_HEADER.fullmatch(key):
        return {key: header_spans(context, [value])[0] or word}
    return {key: _spans(_CANDIDATES[interface](context, key), value) or word}


def _headers(context: Context, value: Value, word: str) -> dict[str, Origin]:
    each = header_spans(context, items(value))
    whole = [span for spans in each for span in spans or ()]
    return {"headers": whole or word, **{f"headers[{index}]": spans or word for index, spans in enumerate(each)}}


def _mounting(context: Context, later: Mapping[str, Value]) -> dict[str, Origin]:
    """A middleware that mounts an app moves a part of the path from PATH_INFO to SCRIPT_NAME: both came from it."""
    if not {"SCRIPT_NAME", "PATH_INFO"} <= later.keys():
        return {}
    spans = _spans(mounted_script_name(context), later["SCRIPT_NAME"])
    return {"SCRIPT_NAME": spans} if spans else {}


def _spans(candidates: Iterable[Candidate], value: Value) -> list[Span] | None:
    return next((candidate.spans for candidate in candidates if same(value, candidate.value)), None)


def _word(context: Context, key: str, process_keys: frozenset[str]) -> str:
    if key in process_keys:
        standard = key in _STANDARD_KEYS or key.startswith(_STANDARD_PREFIXES)
        if not standard or context.dialect.copies(key):
            return "process"
    return context.dialect.words.get(key, "server")
