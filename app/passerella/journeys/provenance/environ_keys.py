"""What each key of ``environ`` would be (PEP 3333, "environ Variables"), computed from the bytes."""

from collections.abc import Iterable, Iterator, Mapping

from passerella.journeys.provenance.context import Context, Derive
from passerella.journeys.provenance.fields import Field
from passerella.journeys.provenance.notation import Candidate
from passerella.journeys.provenance.targets import Path

_PREFIX = "HTTP_"


def environ_candidates(context: Context, key: str) -> Iterable[Candidate]:
    if key.startswith(_PREFIX):
        return _field_values(context, key.removeprefix(_PREFIX))
    derive = context.dialect.derivations.get(key) or _DERIVATIONS.get(key)
    return derive(context) if derive is not None else ()


def mounted_script_name(context: Context) -> Iterable[Candidate]:
    """A prefix of the path that a mounting middleware moved: with PATH_INFO it still makes the whole path."""
    for path, rest in _mounted(context):
        if context.values.get("PATH_INFO") == rest.decoded.decode("latin-1"):
            prefix = path.before(rest)
            yield Candidate(prefix.decoded.decode("latin-1"), [prefix.span])


def _method(context: Context) -> Iterable[Candidate]:
    if context.head.method is not None:
        yield Candidate(context.text(context.head.method), [context.head.method])


def _target(context: Context) -> Iterable[Candidate]:
    if context.head.target is not None:
        yield Candidate(context.text(context.head.target), [context.head.target])


def _protocol(context: Context) -> Iterable[Candidate]:
    if context.head.version is not None:
        start, end = context.head.version
        span = (start - len("HTTP/"), end)
        yield Candidate(context.text(span), [span])


def path_info(context: Context) -> Iterable[Candidate]:
    """The path, or what of it is left to the app."""
    whole = [division.path for division in context.divisions if division.path is not None]
    for path in (*whole, *(rest for _, rest in _mounted(context))):
        yield Candidate(path.decoded.decode("latin-1"), [path.span])


def path_translated(context: Context) -> Iterable[Candidate]:
    """RFC 3875 §4.1.6: a path of the server's own with PATH_INFO after it."""
    whole = context.values.get("PATH_TRANSLATED")
    for part in path_info(context):
        if isinstance(whole, str) and isinstance(part.value, str) and part.value and whole.endswith(part.value):
            yield Candidate(whole, part.spans)


def _mounted(context: Context) -> Iterator[tuple[Path, Path]]:
    """The paths that begin with SCRIPT_NAME, and what is left of each."""
    prefix = _script_name(context)
    for division in context.divisions if prefix else ():
        if division.path is not None and division.path.decoded.startswith(prefix):
            yield division.path, division.path.after(context.request, prefix)


def _script_name(context: Context) -> bytes:
    """PEP 3333, "Unicode Issues": the code points of a string are bytes; what holds others was no path."""
    text = context.values.get("SCRIPT_NAME")
    return text.encode("latin-1") if isinstance(text, str) and all(ord(point) < 256 for point in text) else b""


def _query_string(context: Context) -> Iterable[Candidate]:
    for division in context.divisions:
        if division.query is not None:
            yield Candidate(context.text(division.query), [division.query])


def _content_type(context: Context) -> Iterable[Candidate]:
    return _field_values(context, "CONTENT_TYPE")


def _content_length(context: Context) -> Iterable[Candidate]:
    return () if _is_measured(context) else _field_values(context, "CONTENT_LENGTH")


def _is_measured(context: Context) -> bool:
    """A server may count the bytes of a chunked body, which HTTP/1.0 does not have."""
    version = context.head.version
    chunked = version is not None and context.text(version) != "1.0" and context.named("transfer-encoding")
    return context.dialect.measures_chunks and bool(chunked)


def _field_values(context: Context, name: str) -> Iterable[Candidate]:
    """All the values of a repeated field, joined; or the first one alone."""
    for groups in context.grouped_fields:
        fields = groups.get(name)
        if fields:
            yield from (_joined(fields, separator) for separator in context.dialect.separators)
            yield _joined(fields[:1], b"")


def _joined(fields: list[Field], separator: bytes) -> Candidate:
    value = separator.join(field.value for field in fields)
    return Candidate(value.decode("latin-1"), [span for field in fields for span in field.spans])


_DERIVATIONS: Mapping[str, Derive] = {
    "REQUEST_METHOD": _method,
    "RAW_URI": _target,
    "REQUEST_URI": _target,
    "SERVER_PROTOCOL": _protocol,
    "PATH_INFO": path_info,
    "QUERY_STRING": _query_string,
    "CONTENT_TYPE": _content_type,
    "CONTENT_LENGTH": _content_length,
}
