"""From a byte of the request to the keys that it gave."""

from bisect import bisect_right
from collections.abc import Mapping

from passerella.journeys.model import Origin, Span
from passerella.journeys.request_head import Header, read_head

_NO_NAMES: Mapping[str, list[Span]] = {}


def header_names(request: bytes, origins: Mapping[str, Origin]) -> dict[str, list[Span]]:
    """For each key that came from the values of header fields, where the names of those fields are.

    Changing a byte of the name makes the key vanish. The keys of a scope's ``headers`` hold the names already.
    """
    headers = read_head(request).headers
    starts = [header.lines[0][0] for header in headers]
    found = {}
    for key, spans in origins.items():
        if isinstance(spans, str) or key.startswith("headers"):
            continue
        names = [_name(headers, starts, span) for span in spans]
        if any(names):
            found[key] = list(dict.fromkeys(name for name in names if name is not None))
    return found


def keys_at(origins: Mapping[str, Origin], position: int, names: Mapping[str, list[Span]] = _NO_NAMES) -> list[str]:
    """The keys that the byte at ``position`` gave, the most specific first: the one with the fewest bytes."""
    found = []
    for key, spans in origins.items():
        if isinstance(spans, str):
            continue
        covering = [end - start for start, end in (*spans, *names.get(key, ())) if start <= position < end]
        if covering:
            found.append((min(covering), sum(end - start for start, end in spans), key))
    return [key for _, _, key in sorted(found)]


def _name(headers: tuple[Header, ...], starts: list[int], span: Span) -> Span | None:
    """The name of the field that ``span`` is in; None in the request line."""
    index = bisect_right(starts, span[0]) - 1
    return headers[index].name_span if index >= 0 else None
