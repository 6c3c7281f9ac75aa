"""The keys of ``environ`` and ``scope`` as entries that can be compared.

Where WSGI stands by ASGI, a scope is told in the words of ``environ`` (PEP 3333, «environ Variables»; ASGI, «HTTP
connection scope»): ``method`` under REQUEST_METHOD, each header under its HTTP_* key.
"""

from collections.abc import Callable, Iterator, Mapping

from passerella.events import Value
from passerella.journeys.comparison.entry import Entry
from passerella.journeys.comparison.settling import any_port, settled
from passerella.journeys.provenance.notation import items

HEADERS = "headers"
_HEADER = "headers: {}"
ORDER = "order of headers"

Mean = Callable[[Value], Value]


def mapping_entries(mapping: Mapping[str, Value], host: str) -> dict[str, Entry]:
    """A mapping in its own words; the headers of a scope one by one."""
    entries = {key: _entry(key, value, host) for key, value in mapping.items() if not _is_headers(key, value)}
    if _is_headers(HEADERS, mapping.get(HEADERS)):
        by_name = _by_name(mapping[HEADERS])
        entries |= {
            _HEADER.format(name): _entry(_HEADER.format(name), values, host) for name, values in by_name.items()
        }
        entries[ORDER] = _plain(HEADERS, list(by_name))
    return entries


def environ_in_common_words(mapping: Mapping[str, Value], host: str) -> dict[str, Entry]:
    """Each key of an ``environ`` with what it means, to be held against a scope."""
    return {key: _common(key, key, value, _FROM_ENVIRON.get(key, _as_it_is), host) for key, value in mapping.items()}


def scope_in_common_words(mapping: Mapping[str, Value], host: str, known: frozenset[str]) -> dict[str, Entry]:
    """The keys of a scope under those of ``environ`` that say the same; ``known`` are those that some environ has."""
    entries: dict[str, Entry] = {}
    for key, value in mapping.items():
        if _is_headers(key, value):
            entries |= _headers_in_common_words(value, host)
        else:
            entries |= _counterparts(mapping, key, value, host, known)
    return entries


def _is_headers(key: str, value: Value) -> bool:
    return key == HEADERS and isinstance(value, list)


def _by_name(headers: Value) -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for header in items(headers):
        pair = items(header)
        if len(pair) == 2:
            found.setdefault(_text(pair[0]), []).append(pair[1])
    return found


# ── a mapping in its own words ────────────────────────────────────────────────────────────────────────────────────────

_PORTS = frozenset(("SERVER_PORT", "REMOTE_PORT"))
_ADDRESSES = frozenset(("server", "client"))


def _entry(key: str, value: Value, host: str) -> Entry:
    if key in _PORTS:
        return Entry(key, value, value, any_port(value), "port")
    left, reason = settled(value, host)
    if key in _ADDRESSES and len(items(value)) == 2:
        address, port = items(left)
        return Entry(key, value, value, {type(value).__name__: [address, any_port(port)]}, "port")
    return Entry(key, value, value, left, reason)


def _plain(name: str, value: Value) -> Entry:
    return Entry(name, value, value, value)


# ── a scope by an environ ─────────────────────────────────────────────────────────────────────────────────────────────


def _text(value: Value) -> str:
    """What a frozen str or bytes says."""
    if isinstance(value, dict) and isinstance(value.get("bytes"), str):
        return str(value["bytes"])
    return value if isinstance(value, str) else str(value)


def _as_it_is(value: Value) -> Value:
    return value


def _decoded(value: Value) -> Value:
    """PEP 3333, «Unicode Issues»: each character of ``environ`` is a byte; a scope's path is text."""
    return value.encode("latin-1", "replace").decode("utf-8", "replace") if isinstance(value, str) else value


def _number_of_version(value: Value) -> Value:
    return value.removeprefix("HTTP/") if isinstance(value, str) else value


def _path_of_target(value: Value) -> Value:
    return value.partition("?")[0] if isinstance(value, str) else value


_FROM_ENVIRON: Mapping[str, Mean] = {
    "PATH_INFO": _decoded,
    "SCRIPT_NAME": _decoded,
    "SERVER_PROTOCOL": _number_of_version,
    "RAW_URI": _path_of_target,
    "REQUEST_URI": _path_of_target,
    "SERVER_PORT": _text,
    "REMOTE_PORT": _text,
}

# The keys of environ that say the same as a key of a scope, and the item of it that does.
_COUNTERPARTS: Mapping[str, tuple[tuple[str, int | None], ...]] = {
    "method": (("REQUEST_METHOD", None),),
    "path": (("PATH_INFO", None),),
    "root_path": (("SCRIPT_NAME", None),),
    "raw_path": (("RAW_URI", None), ("REQUEST_URI", None)),
    "query_string": (("QUERY_STRING", None),),
    "http_version": (("SERVER_PROTOCOL", None),),
    "scheme": (("wsgi.url_scheme", None),),
    "server": (("SERVER_NAME", 0), ("SERVER_PORT", 1)),
    "client": (("REMOTE_ADDR", 0), ("REMOTE_PORT", 1)),
}
_FIELDS_WITHOUT_HTTP = frozenset(("CONTENT_TYPE", "CONTENT_LENGTH"))


def _common(topic: str, name: str, value: Value, mean: Mean, host: str) -> Entry:
    meaning = mean(value)
    if topic in _PORTS:
        return Entry(name, value, meaning, "port", "port")
    left, reason = settled(meaning, host)
    return Entry(name, value, meaning, left, reason)


def _counterparts(
    scope: Mapping[str, Value], key: str, value: Value, host: str, known: frozenset[str]
) -> Iterator[tuple[str, Entry]]:
    """Under the keys of environ that are ``known``; under its own name, if none is."""
    found = False
    for topic, item in _COUNTERPARTS.get(key, ()):
        if topic not in known:
            continue
        inner = value if item is None else [*items(value), None, None][item]
        name = key if item is None else f"{key}[{item}]"
        found = True
        yield topic, _common(topic, name, inner, _without_root(scope) if key == "path" else _text, host)
    if not found:
        yield key, _entry(key, value, host)


def _without_root(scope: Mapping[str, Value]) -> Mean:
    """ASGI: ``path`` begins with ``root_path``; PATH_INFO does not hold SCRIPT_NAME."""
    root = scope.get("root_path")
    return lambda value: _text(value).removeprefix(root) if isinstance(root, str) else _text(value)


def _headers_in_common_words(headers: Value, host: str) -> Iterator[tuple[str, Entry]]:
    merged: dict[str, tuple[str, list[Value]]] = {}
    for name, values in _by_name(headers).items():
        merged.setdefault(_environ_key(name), (name, []))[1].extend(values)
    for topic, (name, values) in merged.items():
        value = values[0] if len(values) == 1 else values
        yield topic, _common(topic, _HEADER.format(name), value, _joined, host)


def _environ_key(name: str) -> str:
    key = name.upper().replace("-", "_")
    return key if key in _FIELDS_WITHOUT_HTTP else f"HTTP_{key}"


def _joined(value: Value) -> Value:
    """RFC 9110 §5.2: several fields of a name are one, whose members a comma parts; cookies part with «;»."""
    return ",".join(map(_text, value)) if isinstance(value, list) else _text(value)
