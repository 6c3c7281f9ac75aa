"""Calls of an app whose bytes were seen elsewhere: by a relay in front of a server that no tap reaches."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from passerella.events import Entered, Value
from passerella.journeys.growing import Growing
from passerella.journeys.process import Process
from passerella.journeys.stream import Stream

_LATELY = 256  # calls of which it is remembered what they were taken for
_MOST = 1024  # connections of relays, and calls whose bytes were not told of yet

_Asked = tuple[str, bytes, bytes]  # method, path and query


class Relays:
    """Which request on a relay's connection each call is of.

    On a connection the requests go in order, so only the first that nobody took can be meant. The app is told the
    client's port by ASGI: then it must be the relay's own. A WSGI server may not tell it: then the first request with
    the same method and target is taken. Two that are equal in all this, at the same time, may be exchanged one for the
    other: both journeys say so.
    """

    def __init__(self) -> None:
        self._streams: dict[int, Stream] = {}
        self._taken: dict[int, int] = {}  # stream -> how many of its requests found their call
        self._upstream: dict[int, str] = {}  # stream -> the address that the server behind knows it by
        self._doubted: list[Stream] = []
        self._lately: deque[_Placed] = deque(maxlen=_LATELY)

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
        found = list(self._candidates(asked, client, t))
        if not found:
            return None
        chosen = found[0]
        number = id(chosen.stream)
        self._taken[number] = self._taken.get(number, 0) + 1
        chosen.stream.began(request, chosen.growing.brief)
        if not client:
            alike = [each for each in (*found, *self._lately) if each.may_be(chosen)]
            for each in (chosen, *alike) if alike else ():
                each.growing.doubt()
                self._doubted.append(each.stream)
            self._lately.append(chosen)
        return chosen.stream, chosen.growing

    def take_doubted(self) -> list[Stream]:
        """The connections of the journeys that became uncertain since the last time."""
        doubted, self._doubted = self._doubted, []
        return doubted

    def _candidates(self, asked: _Asked, client: str, t: int) -> Iterator["_Placed"]:
        """The first request that nobody took of each connection, where it may be the one of a call at ``t``."""
        for number, stream in self._streams.items():
            growing = stream.journeys.get(self._taken.get(number, 0) + 1)
            if growing is None or (client and self._upstream.get(number) != client):
                continue
            read = _first_read(growing)
            if _target(growing) == asked and read is not None and read < t:
                yield _Placed(asked, stream, growing, read, t)


class _Placed(NamedTuple):
    """A call at ``called`` and the request, read from ``read`` on, that it was taken for."""

    asked: _Asked
    stream: Stream
    growing: Growing
    read: int
    called: int

    def may_be(self, other: "_Placed") -> bool:
        """Whether the two calls may be exchanged: each came after both requests had begun to be read."""
        apart = self.growing is not other.growing and self.asked == other.asked
        return apart and self.read < other.called and other.read < self.called


def is_relay(process: Process) -> bool:
    return "relay" in process.libraries


def upstream_of(event: Entered) -> Value:
    return event.value.get("upstream")


def _asked(mapping: Mapping[str, Value]) -> _Asked:
    """Method, path and query as the app is told them."""
    if "REQUEST_METHOD" in mapping:
        path = str(mapping.get("PATH_INFO", "")).encode("latin-1", "replace")
        return str(mapping["REQUEST_METHOD"]), path, str(mapping.get("QUERY_STRING", "")).encode("latin-1", "replace")
    path = str(mapping.get("path", "")).encode("utf-8", "replace")
    query = mapping.get("query_string")
    shown = query.get("bytes", "") if isinstance(query, dict) else query
    return str(mapping.get("method", "GET")), path, str(shown or "").encode("latin-1", "replace")


def _target(growing: Growing) -> _Asked:
    """The same, as the request line says them."""
    path, _, query = (growing.journey.target or "").encode("latin-1", "replace").partition(b"?")
    return growing.journey.method or "", unquote_to_bytes(path), query


def _first_read(growing: Growing) -> int | None:
    """When the relay had some of it: that our client sent it is not enough."""
    return next((step.t for step in growing.journey.steps if step.name == "recv"), None)


def _client(mapping: Mapping[str, Value]) -> str:
    """«address:port» of the client in a scope."""
    client = mapping.get("client")
    if isinstance(client, dict):
        client = client.get("tuple")
    if isinstance(client, list) and len(client) == 2:
        return f"{client[0]}:{client[1]}"
    return ""
