"""Events of a little server, as the probe would tell them, with no server."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from passerella.events import (
    Accepted,
    App,
    Began,
    Changes,
    ClientReceived,
    ClientSent,
    Closed,
    Entered,
    Event,
    Hello,
    Left,
    Library,
    Ready,
    Received,
    Sent,
    Site,
    Thread,
)
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey

Said = tuple[int, Event]

PID = 7
REQUEST = b"GET /ciao?nome=Ada HTTP/1.1\r\nHost: x\r\n\r\n"
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
ENVIRON: dict[str, Any] = {"REQUEST_METHOD": "GET", "PATH_INFO": "/ciao", "QUERY_STRING": "nome=Ada", "HTTP_HOST": "x"}

_ACCEPT, _RECV, _SEND, _CLOSE, _CALL = range(1, 6)
_ROWS = {
    _ACCEPT: "socket.accept",
    _RECV: "socket.recv",
    _SEND: "socket.send",
    _CLOSE: "socket.close",
    _CALL: "wsgi.call",
}


def process(pid: int = PID, file: str = "/x/site-packages/a.py") -> list[Said]:
    """What a process says of itself."""
    said: list[Event] = [
        Hello(1, "gettone-del-canale", pid, 1, "3.11.7", "/usr/bin/python", ["python", "-m", "server"]),
        Library("gunicorn", "27.0.1", 10, []),
        Thread(1, "MainThread"),
        App("wsgi", "flask.app.Flask"),
        *(Site(number, landmark, "f", file, 3) for number, landmark in _ROWS.items()),
        Ready("gunicorn"),
    ]
    return [(pid, each) for each in said]


def conversation(
    request: bytes = REQUEST,
    response: bytes = RESPONSE,
    environ: Mapping[str, Any] = ENVIRON,
    *,
    value: Mapping[str, Any] | None = None,
    peer: str = "127.0.0.1:5000",
    number: int = 1,
    pieces: Sequence[int] = (),
    pid: int = PID,
    client: bool = True,
) -> list[Said]:
    """One request on one connection; ``pieces`` are where its bytes are cut into reads and writes."""
    t = number * 1_000_000
    place: Any = {"tid": 1, "task": "", "connection": number, "request": number}
    early: Any = {**place, "request": 0}
    first = number * 1000
    said: list[Event] = [Accepted(n=first, t=t, **early, site=_ACCEPT, peer=peer, local="127.0.0.1:8000")]
    for at, piece in _cut(request, pieces):
        if client:
            said.append(ClientSent(t + 5 + at, peer, at, len(piece), piece.decode("latin-1")))
        said.append(
            Received(
                first + 1 + at,
                t + 10 + at,
                **early,
                site=_RECV,
                offset=at,
                length=len(piece),
                data=piece.decode("latin-1"),
            )
        )
    t, after = t + 10_000, first + 500
    said.append(Began(after, t, **place, site=0))
    said.append(
        Entered(
            after + 1,
            t + 1,
            **place,
            site=_CALL,
            value=dict(value or {}),
            mapping="environ",
            changes=Changes(dict(environ)),
        )
    )
    said.append(Left(after + 2, t + 2, **place, site=_CALL, entry=after + 1, value=dict(value or {})))
    for at, piece in _cut(response, pieces):
        said.append(
            Sent(
                after + 3 + at,
                t + 10 + at,
                **place,
                site=_SEND,
                offset=at,
                length=len(piece),
                data=piece.decode("latin-1"),
            )
        )
        if client:
            said.append(ClientReceived(t + 20 + at, peer, at, len(piece), piece.decode("latin-1")))
    said.append(Closed(after + 400, t + 90_000, **place, site=_CLOSE, how="close"))
    return [(pid, each) for each in said]


def _cut(data: bytes, pieces: Sequence[int]) -> list[tuple[int, bytes]]:
    cuts = sorted({0, *(each % max(1, len(data)) for each in pieces), len(data)})
    return [(start, data[start:end]) for start, end in pairwise(cuts)]


def journeys_of(said: Sequence[Said]) -> list[Journey]:
    """By the door of a live run."""
    assembler = Assembler()
    for pid, event in said:
        assembler.feed(pid, event)
    assembler.take_changed()
    return list(assembler.journeys)


def recorded(path: Path, said: Sequence[Said], *, masked: bool = False, told: bool = True, batch: int = 40) -> Path:
    """A recording of these events."""
    from passerella.recordings.writing import Recorder

    recorder = Recorder(path, masked=masked, started=1_700_000_000.0, origin=0)
    recorder.about("gunicorn", "flask.app.Flask", "http://127.0.0.1:8000", ["python", "-m", "server"])
    for start in range(0, len(said), batch):
        recorder.hear(said[start : start + batch])
    for journey in journeys_of(said) if told else ():
        recorder.tell(journey)
    recorder.close()
    return path
