"""Messages of the wire as no server would make them: each one valid by its type, in no order, of no sense.

Numbers are few, so that connections, requests, sites and moments meet; some are negative or huge.
"""

import json
from typing import Any, get_args

import msgspec
from hypothesis import strategies as st

from passerella import events
from passerella.events import Event
from passerella.probe.landmarks.every import ROWS
from passerella.session.wire import Wire

PIDS = st.sampled_from((7, 8, 0, -1))
SITES = [events.Site(number, key, "f", "/x/site-packages/a.py", 3) for number, key in enumerate(ROWS, 1)]

_NASTY = (
    "", "\x00", "\x1b[2J\x1b]0;x\x07", "[red]x[/red]", "\u202e\ufeff\u2028", "\ud800", "😀" * 9, "è", "{}", "%s{n}",
    "127.0.0.1:5", "127.0.0.1:6", "wsgi", "asgi", "environ", "scope", "lifespan", "gunicorn", "uvicorn", "x" * 300,
    "/x/site-packages/a.py", "\\lib\\python3.11\\b.py", "headers[2]", "a['b']", "[", "]]['",
)  # fmt: skip
_HTTP = (
    "GET /ciao?nome=Ada HTTP/1.1\r\nHost: x\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n", "abc",
    "Transfer-Encoding: chunked\r\n\r\n", "3\r\nuno\r\n", "0\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 101 X\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.0 304 X\r\n\r\n", "\r\n", "\n", " ", "H", "\xff",
    "Content-Length: 99999999999999999999\r\n\r\n", "HEAD * HTTP/1.1\r\n\r\n", "CONNECT a:1 HTTP/1.1\r\n\r\n",
    "Connection: close\r\n", "HTTP/1.1 204 X\r\n\r\n", "GET http://[ HTTP/1.1\r\nHost: [\r\nCookie: a=b\r\n\r\n",
)  # fmt: skip

texts = st.sampled_from(_NASTY) | st.text(st.characters(exclude_categories=()), max_size=12)
small = st.integers(-1, 6)
numbers = small | st.integers(-(2**63), 2**63) | st.sampled_from((10**9, 2**64, 10**400, -(10**400)))
sites = st.integers(-1, len(SITES) + 1)
streams = st.lists(st.sampled_from(_HTTP), max_size=4).map("".join) | texts

# Names of captures, of environ and of scope that some code of ours looks at.
_NAMES = st.sampled_from(
    (
        "REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "HTTP_HOST", "HTTP_COOKIE", "SERVER_PORT", "REMOTE_ADDR",
        "CONTENT_LENGTH", "type", "asgi", "method", "path", "raw_path", "query_string", "headers", "headers[0]",
        "headers[2]", "state['a']", "client", "server", "scheme", "root_path", "length", "status", "line", "target",
        "result", "message", "raised_at", "file", "function", "closes", "end", "app", "class", "name", "route", "rule",
        "bytes", "tuple", "id", "text", "iterable", "peer",
    )
)  # fmt: skip
_leaves = st.none() | st.booleans() | numbers | st.floats() | texts | st.just({"type": "a.B", "id": 1})
values: st.SearchStrategy[Any] = st.recursive(
    _leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMES | texts, inner, max_size=4),
    max_leaves=8,
)
captures = st.dictionaries(_NAMES | texts, values, max_size=4)
changes = st.builds(
    events.Changes,
    captures,
    st.dictionaries(_NAMES | texts, st.tuples(values, values), max_size=3),
    st.lists(_NAMES | texts, max_size=3),
)

_calls = st.integers(0, 5)
_times = st.integers(0, 50) | numbers
marks = st.one_of(
    st.builds(events.FunctionSeen, _calls, texts, texts, numbers, st.booleans()),
    st.builds(events.CallSeen, _calls, _calls, _calls, _times, small, texts, captures),
    st.builds(events.LineSeen, _calls, _times, numbers, captures, st.lists(texts, max_size=2)),
    st.builds(
        events.ReturnSeen, _calls, _times, _times, _times, numbers, values, texts, numbers, captures, st.just(["a"])
    ),
)

_BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    list[events.Mark]: st.lists(marks, max_size=8),
    int: numbers,
    str: texts,
    bool: st.booleans(),
    list[str]: st.lists(texts, max_size=3),
    dict[str, Any]: captures,
    events.Changes | None: st.none() | changes,
}
_BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    "n": small | numbers,
    "t": st.integers(0, 50) | numbers,
    "connection": st.integers(0, 3) | small,
    "request": st.integers(0, 4) | small,
    "site": sites,
    "entry": small,
    "moment": small,
    "length": st.integers(0, 60) | numbers,
    "count": st.integers(-2, 5) | numbers,
    "data": streams,
    "landmark": st.sampled_from(sorted(ROWS)) | texts,
    "mapping": st.sampled_from(("", "environ", "scope")) | texts,
    "how": st.sampled_from(("shutdown", "close", "lost", "await")) | texts,
    "peer": st.sampled_from(_NASTY[10:12]) | texts,
    "local": st.sampled_from(_NASTY[10:12]) | texts,
    "error": st.sampled_from(("", "", "KeyError")) | texts,
}


def _messages(kind: Any) -> st.SearchStrategy[Event]:
    fields = msgspec.structs.fields(kind)
    return st.builds(kind, **{each.name: _BY_NAME.get(each.name, _BY_TYPE.get(each.type, texts)) for each in fields})


_KINDS: tuple[Any, ...] = get_args(events.Message)
_BUSY = (events.Received, events.Sent, events.Began, events.Entered, events.Left, events.Accepted)
messages = st.one_of(*map(_messages, _BUSY)) | st.one_of(*map(_messages, _KINDS))


def line_of(event: Event) -> bytes:
    """As the probe would write it: who is where first, then a number in its stead."""
    message = msgspec.to_builtins(event)
    if not isinstance(event, events.Moment):
        return json.dumps(message).encode("ascii")
    place = ["place", 1, *message[3:7]]
    return json.dumps([place, [*message[:3], 1, *message[7:]]]).encode("ascii")


def let_in(event: Event) -> Event | None:
    """The event as the viewer reads it, or None when its door is closed to it."""
    try:
        (read,) = Wire().events(line_of(event))
    except (ValueError, RecursionError):
        return None
    return read
