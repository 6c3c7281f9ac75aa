"""Apache's error log and access log, line by line, as what it does with each request. Pure but for one look at the clocks.

The messages are those of ``modules/proxy``, ``server/protocol.c`` and ``mod_dumpio``; Apache writes no line end of
anybody's into its log, and says in which thread it was: that is how what goes to the app is known to be of a request.
"""

import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime

from passerella.events import FrontSaid, Value

ERRORS = "{token}|%{cu}t|%-m|%-l|%-T|%-{c}L|%-a|%M"
ACCESS = "{token}+%{c}L|%a:%{remote}p|%>s|%O|%D|%{end:usec}t|%{proxy-source-port}n|%X|%{mod_wsgi.queue_start}e|%R|%r"
HOOK = "passerella file %{REQUEST_FILENAME} handler %{HANDLER}"

_MOST_PENDING = 64 * 1024
_MOST_HEAD = 64 * 1024
_MOST_KNOWN = 1024
_HEAD_END = b"\r\n\r\n"
_TROUBLES = frozenset(("warn", "error", "crit", "alert", "emerg"))
_PARTS = 7  # of a line of the error log, before its message
_ACCESS_PARTS = 11

_SIZE = re.compile(r"mod_dumpio:\s+dumpio_out \((?P<kind>\w+)-(?P<name>\w+)\): (?P<size>\d+) bytes")
_DATA = re.compile(r"mod_dumpio:\s+dumpio_out \(data-\w+\): ?(?P<data>.*)", re.DOTALL)
_ESCAPED = re.compile(r"\\(x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "v": "\v", "f": "\f", "a": "\a"}
_FIELD = re.compile(r"  (?P<name>[^\s:]+): (?P<value>.*)", re.DOTALL)
_ITS_OWN = re.compile(r"Timeout|Truncated|Failed to|Unable to|Script timed out|Request (?:body|aborted)")
_ADDRESS = re.compile(r"AH\d+: ")

_Said = tuple[str, str, bool, dict[str, Value]]  # what, data, cut, value


class _Client:
    """A connection with a client."""

    def __init__(self, number: str, peer: str) -> None:
        self.number = number
        self.peer = peer
        self.headers: list[Value] = []
        self.telling_headers = False
        self.forwarded = b""  # the head that goes to the app, as far as it was written
        self.head_forwarded = False
        self.response = b""
        self.head_sent = False
        self.located = False

    def rest(self) -> None:
        """A request is over, or begins."""
        self.headers, self.telling_headers = [], False
        self.forwarded, self.head_forwarded = b"", False
        self.response, self.head_sent = b"", False
        self.located = False


class ApacheLog:
    """See :class:`passerella.servers.fronts.model.Log`."""

    def __init__(self, token: str) -> None:
        self.ready = False
        self.version = ""
        self._error = f"{token}|"
        self._access = f"{token}+"
        self._pending = b""
        self._clients: dict[str, _Client] = {}
        self._threads: dict[int, _Client] = {}
        self._left: dict[str, int] = {}  # bytes that a connection is about to show
        self._wall_ahead = time.time_ns() - time.monotonic_ns()

    def feed(self, data: bytes, t: int) -> list[FrontSaid]:
        """What the lines that are whole by now say; ``t``: when they were read."""
        *lines, rest = (self._pending + data).split(b"\n")
        self._pending = rest[-_MOST_PENDING:]
        said: list[FrontSaid] = []
        for line in lines:
            text = line.decode("latin-1")
            if text.startswith(self._access):
                said += self._over(text[len(self._access) :], t)
            elif text.startswith(self._error):
                said += self._heard(text[len(self._error) :], t)
        return said

    def _heard(self, text: str, read_at: int) -> Iterator[FrontSaid]:
        parts = text.split("|", _PARTS - 1)
        if len(parts) < _PARTS:
            return
        stamp, module, level, thread, connection, address, message = parts
        if connection == "-" and module == "mpm_event" and "resuming normal operations" in message:
            self.ready = True
            found = re.search(r"Apache/(\S+)", message)
            self.version = found[1] if found is not None else ""
        tid = int(thread) if thread.isdigit() else 0
        t = min(read_at, self._when(stamp, read_at))
        for client, (what, data, cut, value) in self._stages(module, level, tid, connection, address, message):
            yield FrontSaid(t, tid, client.number, client.peer, what, data, cut, value)

    def _when(self, stamp: str, read_at: int) -> int:
        """Apache's own microseconds, on the monotonic clock."""
        try:
            moment = datetime.fromisoformat(stamp)
        except ValueError:
            return read_at
        return int(moment.timestamp() * 1_000_000) * 1000 - self._wall_ahead

    def _stages(
        self, module: str, level: str, tid: int, connection: str, address: str, message: str
    ) -> Iterator[tuple[_Client, _Said]]:
        if module == "dumpio":
            yield from self._written(tid, connection, message)
            return
        if module == "core" and message.startswith(_RECEIVED):
            client = self._met(tid, connection, address)
            yield client, ("request", "", False, {"line": _plain(message[len(_RECEIVED) :])})
            return
        client = self._clients.get(connection) or self._threads.get(tid)  # type: ignore[assignment]
        if client is None:
            return
        if module == "http":
            self._take_header(client, message)
            return
        if client.telling_headers:
            client.telling_headers = False
            yield client, ("headers", "", False, {"headers": client.headers})
        if module == "wsgi" and _ITS_OWN.match(message) is None:
            return  # what the app wrote to wsgi.errors
        stage = _trouble(message) if level in _TROUBLES else _stage(message)
        if stage is not None and not (stage[0] == "location" and client.located):  # it is looked for again and again
            client.located = client.located or stage[0] == "location"
            yield client, stage

    def _met(self, tid: int, connection: str, address: str) -> _Client:
        client = self._clients.get(connection)
        if client is None:
            client = self._clients[connection] = _Client(connection, address)
            if len(self._clients) > _MOST_KNOWN:
                del self._clients[next(iter(self._clients))]
        client.rest()
        self._threads[tid] = client
        if len(self._threads) > _MOST_KNOWN:
            del self._threads[next(iter(self._threads))]
        return client

    def _take_header(self, client: _Client, message: str) -> None:
        if message.startswith("Headers received from client"):
            client.telling_headers = True
        elif message.startswith("Response sent with status"):
            client.telling_headers = False
        elif client.telling_headers:
            field = _FIELD.fullmatch(message)
            if field is not None:
                client.headers.append([_plain(field["name"]), _plain(field["value"])])

    def _written(self, tid: int, connection: str, message: str) -> Iterator[tuple[_Client, _Said]]:
        """Bytes that it writes: to a client, or else to the app for the client that this thread works for."""
        client = self._clients.get(connection)
        to_client = client is not None
        client = client or self._threads.get(tid)
        if client is None:
            return
        left = self._left.get(connection, 0)
        size = _SIZE.fullmatch(message)
        if left <= 0 and size is not None:
            if size["kind"] == "data" and int(size["size"]):
                self._left[connection] = int(size["size"])
            elif size["name"] == "EOC" and to_client:
                self._clients.pop(connection, None)
                yield client, ("close", "", False, {})
            return
        found = _DATA.fullmatch(message)
        if found is None or left <= 0:
            return
        data = _bytes(found["data"])
        self._left[connection] = left - len(data)
        if self._left[connection] <= 0:
            del self._left[connection]
        yield from ((client, stage) for stage in (_to_client(client, data) if to_client else _to_app(client, data)))

    def _over(self, text: str, t: int) -> Iterator[FrontSaid]:
        """The line of a request that is over."""
        parts = [*text.split("|", _ACCESS_PARTS - 1), *[""] * _ACCESS_PARTS][:_ACCESS_PARTS]
        number, peer, status, sent, micros, end, port, ending, queued, _handler, line = parts
        client = self._clients.get(number)
        value: dict[str, Value] = {"status": status, "line": _plain(line), "sent": sent, "completed": ""}
        value["completed"] = "" if ending == "X" else "OK"
        if micros.isdigit():
            value["time"] = f"{int(micros) / 1e6:.6f}"
        if port.isdigit():
            value["port"] = port
        if queued.isdigit():
            value["queued"] = queued
        if client is not None:
            client.rest()
        if end.isdigit():
            t = min(t, int(end) * 1000 - self._wall_ahead)
        yield FrontSaid(t, 0, number, client.peer if client is not None else peer, "done", value=value)


_RECEIVED = "Request received from client: "


def _to_app(client: _Client, data: bytes) -> Iterator[_Said]:
    if client.head_forwarded:
        yield "forwarded", "", False, {"length": len(data)}
        return
    client.forwarded = (client.forwarded + data)[:_MOST_HEAD]
    head, end, body = client.forwarded.partition(_HEAD_END)
    if end:
        client.head_forwarded = True
        yield "forward", (head + end).decode("latin-1"), False, {}
        if body:
            yield "forwarded", "", False, {"length": len(body)}


def _to_client(client: _Client, data: bytes) -> Iterator[_Said]:
    if not client.head_sent:
        client.response = (client.response + data)[:_MOST_HEAD]
        head, end, _body = client.response.partition(_HEAD_END)
        if end:
            client.head_sent = True
            yield "response_head", (head + end).decode("latin-1"), False, {}
    yield "relay", "", False, {"length": len(data)}


def _read(
    pattern: str, what: str, **names: Callable[[str], Value]
) -> tuple[re.Pattern[str], str, dict[str, Callable[[str], Value]]]:
    return re.compile(pattern, re.DOTALL), what, names


_MESSAGES = (
    _read(r"AH03464: URI path '.*' matches proxy handler '(?P<location>.*)'", "location", location=str),
    _read(r"AH0(?:0947): connecting .* to (?P<address>\S+)(?: .*)?", "upstream", address=str),
    _read(r"AH02824: http: connection established with (?P<address>.*)", "connect", address=str),
    _read(r"Status from backend: (?P<line>\d+)", "answer", line=str),
    _read(r"passerella file (?P<file>.+) handler (?:-|\(null\))?", "static", file=str),
    _read(r"passerella file .+ handler (?P<location>wsgi-script)", "location", location=str),
)


def _stage(message: str) -> _Said | None:
    for pattern, what, names in _MESSAGES:
        match = pattern.fullmatch(message)
        if match is not None:
            return what, "", False, {name: kind(_plain(match[name])) for name, kind in names.items()}
    return None


def _trouble(message: str) -> _Said:
    return "trouble", "", False, {"message": _plain(_ADDRESS.sub("", message, count=1))}


def _plain(text: str) -> str:
    """A message as it was before Apache made it fit to be printed."""
    return _bytes(text).decode("latin-1")


def _bytes(text: str) -> bytes:
    return _ESCAPED.sub(_unescaped, text).encode("latin-1", "replace")


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] == "x" and len(code) > 1:
        return chr(int(code[1:], 16))
    return _ESCAPES.get(code, code)
