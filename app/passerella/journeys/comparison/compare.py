"""Two or more journeys, compared."""

from collections.abc import Mapping, Sequence

import msgspec

from passerella.events import Value
from passerella.journeys.comparison.alignment import align
from passerella.journeys.comparison.entry import Entries, Entry, facet, settled_alike, topics
from passerella.journeys.comparison.mapping import (
    environ_in_common_words,
    mapping_entries,
    scope_in_common_words,
)
from passerella.journeys.comparison.model import PROCESS_VARIABLES, Comparison, Facet, Where
from passerella.journeys.comparison.response import (
    BODY,
    ORDER,
    first_difference,
    order_entries,
    read_response,
    response_entries,
)
from passerella.journeys.comparison.settling import own_host
from passerella.journeys.comparison.snapshot import added_beyond, handed_over
from passerella.journeys.comparison.timing import timing
from passerella.journeys.model import Journey

_PROCESS = "process"

# Keys that no specification asks for, under which servers say the same thing.
_SYNONYMS = (frozenset(("RAW_URI", "REQUEST_URI")), frozenset(("gunicorn.socket", "werkzeug.socket")))

_Mappings = Sequence[Mapping[str, Value]]


def compare(columns: Sequence[tuple[str, Journey]]) -> Comparison:
    """``columns``: what each journey is called, and the journey. Nothing of them is kept live: it is as of now."""
    labels, journeys = tuple(label for label, _ in columns), tuple(journey for _, journey in columns)
    return Comparison(
        labels=labels,
        journeys=journeys,
        mixed=_is_mixed(journeys),
        facets=(*_of_mappings(journeys), *_of_additions(journeys), *_of_responses(journeys)),
        timings=tuple(map(timing, journeys)),
        aligned=tuple(align(journeys)),
    )


def _is_mixed(journeys: Sequence[Journey]) -> bool:
    return len({journey.interface for journey in journeys if journey.interface}) > 1


def _of_mappings(journeys: Sequence[Journey]) -> list[Facet]:
    mappings = [handed_over(journey) for journey in journeys]
    copied = _copied(journeys, mappings)
    kept = [
        {key: value for key, value in mapping.items() if key not in away}
        for mapping, away in zip(mappings, copied, strict=True)
    ]
    columns = _entries(journeys, kept)
    facets = [_with_context(each, columns, journeys) for each in _facets("mapping", columns)]
    if any(copied):
        counts = [Entry("", len(away), len(away), len(away)) if away else None for away in copied]
        facets.append(facet("mapping", PROCESS_VARIABLES, counts))
    return facets


def _copied(journeys: Sequence[Journey], mappings: _Mappings) -> list[set[str]]:
    """By column, the keys that a server copied from its process's variables and no other server has from elsewhere."""
    copied = [
        {key for key in mapping if journey.origins.get(key) == _PROCESS}
        for journey, mapping in zip(journeys, mappings, strict=True)
    ]
    elsewhere = {key for mapping, keys in zip(mappings, copied, strict=True) for key in mapping.keys() - keys}
    return [keys - elsewhere for keys in copied]


def _entries(journeys: Sequence[Journey], mappings: _Mappings) -> list[Entries]:
    hosts = [own_host(journey) for journey in journeys]
    if not _is_mixed(journeys):
        return [mapping_entries(mapping, host) for mapping, host in zip(mappings, hosts, strict=True)]
    spoken = [journey.interface for journey in journeys]
    known = frozenset(
        key for mapping, interface in zip(mappings, spoken, strict=True) if interface != "asgi" for key in mapping
    )
    return [
        scope_in_common_words(mapping, host, known) if interface == "asgi" else environ_in_common_words(mapping, host)
        for mapping, interface, host in zip(mappings, spoken, hosts, strict=True)
    ]


def _facets(where: Where, columns: Sequence[Entries]) -> list[Facet]:
    return [facet(where, topic, [entries.get(topic) for entries in columns]) for topic in topics(columns)]


def _with_context(each: Facet, columns: Sequence[Entries], journeys: Sequence[Journey]) -> Facet:
    """What can be said of a key that some have not."""
    if each.kind != "only":
        return each
    return msgspec.structs.replace(each, instead=_instead(each, columns), interface=_interface(each, columns, journeys))


def _instead(each: Facet, columns: Sequence[Entries]) -> tuple[str, ...]:
    others = next((same - {each.topic} for same in _SYNONYMS if each.topic in same), frozenset())
    found = [
        next((other for other in others if cell is None and other in entries), "")
        for cell, entries in zip(each.cells, columns, strict=True)
    ]
    return tuple(found) if any(found) else ()


def _interface(each: Facet, columns: Sequence[Entries], journeys: Sequence[Journey]) -> str:
    having = {journey.interface for cell, journey in zip(each.cells, journeys, strict=True) if cell is not None}
    lacking = {journey.interface for cell, journey in zip(each.cells, journeys, strict=True) if cell is None}
    entries = [entries[each.topic] for entries in columns if each.topic in entries]
    if len(having) != 1 or having & lacking or not settled_alike(entries):
        return ""
    return having.pop() or ""


def _of_additions(journeys: Sequence[Journey]) -> list[Facet]:
    hosts = [own_host(journey) for journey in journeys]
    added = [mapping_entries(added_beyond(each), host) for each, host in zip(journeys, hosts, strict=True)]
    return _facets("beyond", added)


def _of_responses(journeys: Sequence[Journey]) -> list[Facet]:
    responses = [read_response(bytes(journey.response), journey.method) for journey in journeys]
    facets = _facets("response", [response_entries(journey, own_host(journey)) for journey in journeys])
    facets.append(facet("response", ORDER, order_entries(responses)))
    bodies = [response.body for response in responses if response is not None]
    return [_located(each, bodies) if each.topic == BODY and each.kind == "different" else each for each in facets]


def _located(each: Facet, bodies: Sequence[bytes]) -> Facet:
    return msgspec.structs.replace(each, at=first_difference(bodies))
