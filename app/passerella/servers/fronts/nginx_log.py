"""Nginx's debug log and access log, line by line, as what it does with each request. Pure.

The messages are those of ``src/http`` and ``src/event`` of Nginx; a line that is none of these is passed over.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from passerella.events import FrontSaid, Value

ACCESS = (
    '{"{token}":"$connection","peer":"$remote_addr:$remote_port","status":"$status","line":"$request",'
    '"request_bytes":"$request_length","sent":"$bytes_sent","time":"$request_time","completed":"$request_completion",'
    '"upstream":"$upstream_addr","upstream_status":"$upstream_status","connect_time":"$upstream_connect_time",'
    '"header_time":"$upstream_header_time","response_time":"$upstream_response_time",'
    '"upstream_bytes":"$upstream_bytes_received","spooled":"$request_body_file"}'
)

_ENTRY = re.compile(rb"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[(\w+)\] (\d+)#(\d+): (?:\*(\d+) )?")
_HEAD_SENT = b'http proxy header:\n"'
_HEAD_BUILT = re.compile(rb"HTTP/1\.[01] \d{3}")
_NEW_LINE = re.compile(rb"(?i)%0[ad]")
_LONGEST_ENTRY = 2000  # Nginx cuts a message at 2048 characters, its own beginning included
_MOST_PENDING = 64 * 1024
_MOST_CONNECTIONS = 1024
_TROUBLES = frozenset((b"warn", b"error", b"crit", b"alert", b"emerg"))

_Said = tuple[str, str, bool, dict[str, Value]]  # what, data, cut, value
_Read = Callable[["_Connection", re.Match[bytes]], _Said | None]


class _Connection:
    """A client's connection, as far as it was told of."""

    def __init__(self, peer: str) -> None:
        self.peer = peer
        self.upstream_fd = b""
        self.answering = False
        self.headers: list[Value] = []

    def rest(self) -> None:
        """A request is over: another may come."""
        self.upstream_fd = b""
        self.answering = False
        self.headers = []


def _plain(what: str, **names: type) -> _Read:
    """A stage whose captures are its value."""

    def read(connection: _Connection, match: re.Match[bytes]) -> _Said:
        return what, "", False, {name: kind(_text(match[name])) for name, kind in names.items()}

    return read


def _request_line(connection: _Connection, match: re.Match[bytes]) -> _Said:
    connection.rest()
    return "request", "", False, {"line": _text(match["line"])}


def _header(connection: _Connection, match: re.Match[bytes]) -> None:
    name, _colon, value = _text(match["line"]).partition(": ")
    connection.headers.append([name, value])


def _headers(connection: _Connection, match: re.Match[bytes]) -> _Said:
    return "headers", "", False, {"headers": connection.headers}


def _connecting(connection: _Connection, match: re.Match[bytes]) -> _Said:
    connection.upstream_fd = match["fd"]
    return "connect", "", False, {"address": _text(match["address"])}


def _read_bytes(connection: _Connection, match: re.Match[bytes]) -> _Said | None:
    if match["fd"] == connection.upstream_fd:
        return None
    return "read", "", False, {"length": int(match["length"])}


def _written(connection: _Connection, match: re.Match[bytes]) -> _Said:
    what = "relay" if connection.answering else "forwarded"
    return what, "", False, {"length": int(match["length"])}


# What a message says, in the order in which a request passes.
_MESSAGES: tuple[tuple[re.Pattern[bytes], _Read], ...] = tuple(
    (re.compile(pattern, re.DOTALL), read)
    for pattern, read in (
        (rb"recv: fd:(?P<fd>\d+) (?P<length>[1-9]\d*) of \d+", _read_bytes),
        (rb'http request line: "(?P<line>.*)"', _request_line),
        (rb'http header: "(?P<line>.*)"', _header),
        (rb"http header done", _headers),
        (rb'using configuration "(?P<location>.*)"', _plain("location", location=str)),
        (rb"http client request body preread (?P<length>[1-9]\d*)", _plain("body", length=int)),
        (rb"http client request body recv (?P<length>[1-9]\d*)", _plain("body", length=int)),
        (rb"http init upstream, client timer: \d+", _plain("upstream")),
        (rb"connect to (?P<address>\S+), fd:(?P<fd>\d+) #\d+", _connecting),
        (rb'http proxy status (?P<status>\d+) "(?P<line>.*)"', _plain("answer", status=int, line=str)),
        (rb'http filename: "(?P<file>.*)"', _plain("static", file=str)),
        (rb"pipe recv chain: (?P<length>[1-9]\d*)", _plain("kept", length=int)),
        (rb"writev: (?P<length>[1-9]\d*) of \d+", _written),
        (rb"sendfile: (?P<length>[1-9]\d*) of \d+ @\d+", _written),
        (rb"set http keepalive handler", _plain("keep_alive")),
        (rb"close http connection: \d+", _plain("close")),
    )
)
_ACCEPT = re.compile(rb"accept: (?P<peer>\S+) fd:\d+")


class NginxLog:
    """See :class:`passerella.servers.fronts.model.Log`.

    A path with an encoded line end (``%0A``) stands decoded in many messages: what follows could be anybody's words,
    so nothing is believed until that request's own last line, which begins with a word that only we know.
    """

    def __init__(self, token: str) -> None:
        self.ready = False
        self.version = ""
        self._token = b'{"' + token.encode("ascii") + b'":"'
        self._pending = b""
        self._connections: dict[str, _Connection] = {}
        self._blind = ""

    def feed(self, data: bytes, t: int) -> list[FrontSaid]:
        """What the lines that are whole by now say; ``t``: when they were read."""
        said: list[FrontSaid] = []
        for entry in self._entries(data):
            heard = self._access(entry, t) if entry.startswith(self._token) else self._entry(entry, t)
            if heard is not None:
                said.append(heard)
        return said

    def _entries(self, data: bytes) -> list[bytes]:
        """A message may hold line ends: it goes on up to the next one, unless it is seen to be whole."""
        *lines, rest = (self._pending + data).split(b"\n")
        entries: list[bytes] = []
        for line in lines:
            if not entries or self._begins(line):
                entries.append(line)
            else:
                entries[-1] += b"\n" + line
        self._pending = rest
        if entries and not _is_whole(entries[-1]) and len(entries[-1]) < _MOST_PENDING:
            self._pending = entries.pop() + b"\n" + rest
        self._pending = self._pending[-_MOST_PENDING:]
        return entries

    def _begins(self, line: bytes) -> bool:
        return line.startswith(self._token) or _ENTRY.match(line) is not None

    def _entry(self, entry: bytes, t: int) -> FrontSaid | None:
        match = _ENTRY.match(entry)
        if match is None:
            return None
        level, tid, message = match[1], int(match[3]), entry[match.end() :]
        if match[4] is None:
            self._of_itself(message)
            return None
        number = match[4].decode("ascii")
        if self._blind:
            return None
        connection = self._connection(number, message)
        if connection is None:
            return None
        found = _trouble(level, message) if level != b"debug" else _stage(connection, message)
        if found is None:
            return None
        what, text, cut, value = found
        if what == "request" and _NEW_LINE.search(message):
            self._blind = number
        if what == "close":
            self._connections.pop(number, None)
        return FrontSaid(t, tid, number, connection.peer, what, text, cut, value)

    def _of_itself(self, message: bytes) -> None:
        if message.startswith(b"nginx/"):
            self.version = _text(message[6:])
        elif message.startswith(b"start worker process "):
            self.ready = True

    def _connection(self, number: str, message: bytes) -> _Connection | None:
        accepted = _ACCEPT.fullmatch(message)
        if accepted is not None:
            self._connections[number] = _Connection(_text(accepted["peer"]))
            if len(self._connections) > _MOST_CONNECTIONS:
                del self._connections[next(iter(self._connections))]
        return self._connections.get(number)

    def _access(self, line: bytes, t: int) -> FrontSaid | None:
        """The line of a request that is over."""
        try:
            told: dict[str, Any] = json.loads(line)
        except ValueError:
            return None
        number = str(next(iter(told.values()), ""))
        connection = self._connections.get(number)
        peer = connection.peer if connection is not None else str(told.get("peer", ""))
        if connection is not None:
            connection.rest()
        if self._blind == number:
            self._blind = ""
        value = {name: each for name, each in list(told.items())[2:] if each}
        return FrontSaid(t, 0, number, peer, "done", value=value)


def _is_whole(entry: bytes) -> bool:
    """Whether nothing can be missing of a message that no other one follows yet."""
    begin = _ENTRY.match(entry)
    message = entry[begin.end() :] if begin is not None else entry
    if message.startswith(b"http proxy header:") and not message.startswith(b"http proxy header: "):
        return message.startswith(_HEAD_SENT) and message.endswith(b'\r\n\r\n"')
    return _HEAD_BUILT.match(message) is None or message.endswith(b"\r\n")


def _stage(connection: _Connection, message: bytes) -> _Said | None:
    if message.startswith(_HEAD_SENT):
        head = message[len(_HEAD_SENT) :].removesuffix(b'"')
        return "forward", head.decode("latin-1"), len(message) >= _LONGEST_ENTRY - 100, {}
    if _HEAD_BUILT.match(message):
        connection.answering = True
        return "response_head", message.decode("latin-1") + "\r\n", len(message) >= _LONGEST_ENTRY - 100, {}
    if _ACCEPT.fullmatch(message):
        return "accept", "", False, {}
    for pattern, read in _MESSAGES:
        match = pattern.fullmatch(message)
        if match is not None:
            return read(connection, match)
    return None


def _trouble(level: bytes, message: bytes) -> _Said | None:
    """What went wrong, without the list of circumstances that Nginx puts after it."""
    words = message.split(b", client: ")[0].split(b" while ")[0]
    if level in _TROUBLES:
        return "trouble", "", False, {"message": _text(words)}
    if level == b"info" and words.startswith(b"client sent"):
        return "client_error", "", False, {"message": _text(words)}
    if level == b"info" and b"client" in words and b"keepalive" not in words:
        return "client_trouble", "", False, {"message": _text(words)}
    return None


def _text(data: bytes) -> str:
    return data.decode("latin-1")
