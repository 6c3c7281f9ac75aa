"""Calls of an app whose bytes were seen elsewhere: by a relay in front of a server that no tap reaches."""

from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from passerella.events import Entered, Value
from passerella.journeys.growing import Growing
from passerella.journeys.process import Process
from passerella.journeys.stream import Stream

_MOST = 1024  # connections of relays, and calls whose bytes were not told of yet


class Relays:
    """Which request on a relay's connection each call is of.

    On a connection the requests go in order, so only the first that nobody took can be meant. The app is told the
    client's port by ASGI: then it must be the relay's own. A WSGI server may not tell it: then the first request with
    the same method and target is taken. Two that are equal in all this may be exchanged one for the other.
    """

    def __init__(self) -> None:
        self._streams: dict[int, Stream] = {}
        self._taken: dict[int, int] = {}  # stream -> how many of its requests found their call
        self._upstream: dict[int, str] = {}  # stream -> the address that the server behind knows it by

    def follow(self, stream: Stream) -> None:
        """A connection of a relay."""
        self._streams[id(stream)] = stream
        if len(self._streams) > _MOST:
            oldest = next(iter(self._streams))
            del self._streams[oldest]
            self._taken.pop(oldest, None)
            self._upstream.pop(oldest, None)

    def goes_on_as(self, stream: Stream, upstream: Value) -> None:
        if isinstance(upstream, str):
            self._upstream[id(stream)] = upstream

    def take(self, mapping: Mapping[str, Value], request: int, t: int) -> tuple[Stream, Growing] | None:
        """The connection and the journey of the call at ``t`` that has this ``environ`` or ``scope``."""
        asked, client = _asked(mapping), _client(mapping)
        for number, stream in self._streams.items():
            ordinal = self._taken.get(number, 0) + 1
            growing = stream.journeys.get(ordinal)
            if growing is None or (client and self._upstream.get(number) != client):
                continue
            if _target(growing) == asked and _read_before(growing, t):
                self._taken[number] = ordinal
                stream.began(request, growing.brief)
                return stream, growing
        return None


def is_relay(process: Process) -> bool:
    return "relay" in process.libraries


def upstream_of(event: Entered) -> Value:
    return event.value.get("upstream")


def _asked(mapping: Mapping[str, Value]) -> tuple[str, bytes, bytes]:
    """Method, path and query as the app is told them."""
    if "REQUEST_METHOD" in mapping:
        path = str(mapping.get("PATH_INFO", "")).encode("latin-1", "replace")
        return str(mapping["REQUEST_METHOD"]), path, str(mapping.get("QUERY_STRING", "")).encode("latin-1", "replace")
    path = str(mapping.get("path", "")).encode("utf-8", "replace")
    query = mapping.get("query_string")
    shown = query.get("bytes", "") if isinstance(query, dict) else query
    return str(mapping.get("method", "GET")), path, str(shown or "").encode("latin-1", "replace")


def _target(growing: Growing) -> tuple[str, bytes, bytes]:
    """The same, as the request line says them."""
    path, _, query = (growing.journey.target or "").encode("latin-1", "replace").partition(b"?")
    return growing.journey.method or "", unquote_to_bytes(path), query


def _read_before(growing: Growing, t: int) -> bool:
    """The relay had read some of it by then: that our client sent it is not enough."""
    return any(step.name == "recv" and step.t < t for step in growing.journey.steps)


def _client(mapping: Mapping[str, Value]) -> str:
    """«address:port» of the client in a scope."""
    client = mapping.get("client")
    if isinstance(client, dict):
        client = client.get("tuple")
    if isinstance(client, list) and len(client) == 2:
        return f"{client[0]}:{client[1]}"
    return ""
