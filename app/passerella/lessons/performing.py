"""Doing what a trace asks for, request by request, as our own client; what the client saw comes back."""

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from passerella.client.abort import Abort
from passerella.client.answer import Answer
from passerella.client.manner import After, Manner, Piece, cut_at, evenly
from passerella.client.prepared import Prepared
from passerella.client.request import compose
from passerella.events import ClientReceived, ClientSent, Event
from passerella.lessons.model import Request, Then, Trace
from passerella.lessons.outcome import Received
from passerella.lessons.scripts import perform_script
from passerella.session.live import Session

_SECOND = 1e9
_HEAD_END = b"\r\n\r\n"
_THEN: dict[Then, After] = {
    "leggi": "read",
    "chiudi-scrittura": "half-close",
    "interrompi": "reset",
    "vattene": "leave",
}


class Performer:
    """One run of the requests of a trace; ``hear`` must be told what our client logs, by the thread that it runs on."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._own = threading.local()
        self._stopped = threading.Event()
        self._waiting: set[Abort] = set()
        self.pid = 0  # of the server's first process, for signals
        self.heard: dict[str, list[str]] = {}

    def hear(self, pid: int, event: Event) -> None:
        if isinstance(event, ClientSent | ClientReceived):
            log: list[ClientSent | ClientReceived] | None = getattr(self._own, "log", None)
            if log is not None:
                log.append(event)

    def stop(self) -> None:
        """Wait for nothing any more; from any thread."""
        self._stopped.set()
        for abort in list(self._waiting):
            abort.request()

    def run(self, session: Session) -> list[Received]:
        """Do it all; what came back, one for each HTTP request, in their order."""
        received: list[Received] = []
        for group in _groups(_expanded(self._trace.requests), bool(self._trace.connection)):
            alone = not any(each.together for each in group)
            received += self._one(session, group) if alone else self._together(session, group)
        return received

    def _together(self, session: Session, group: Sequence[Request]) -> list[Received]:
        with ThreadPoolExecutor(len(group)) as pool:
            done = [pool.submit(self._one, session, [each]) for each in group]
            return [one for each in done for one in each.result()]

    def _one(self, session: Session, group: Sequence[Request]) -> list[Received]:
        """One thing, or several requests on the same connection."""
        [first, *_others] = group
        if self._stopped.wait(first.after):
            return []
        if first.signal:
            os.kill(self.pid, getattr(signal, f"SIG{first.signal}"))
            return []
        if first.script:
            self.heard |= perform_script(session, first.script, first.patience)
            return []
        return self._ask(session, group)

    def _ask(self, session: Session, group: Sequence[Request]) -> list[Received]:
        host = session.url.partition("//")[2]
        prepared = [_prepared(each, host) for each in group]
        log: list[ClientSent | ClientReceived] = []
        self._own.log = log
        with Abort() as abort:
            self._waiting.add(abort)
            timer = threading.Timer(sum(each.patience for each in group), abort.request)
            timer.start()
            began = time.monotonic_ns()
            try:
                answers = session.send(prepared, same_connection=len(group) > 1, abort=abort)
            finally:
                timer.cancel()
                self._waiting.discard(abort)
                self._own.log = None
        ended = time.monotonic_ns()
        turns = _turns(log) or [(began, None, ended)]
        return [_received(answer, turns[min(index, len(turns) - 1)]) for index, answer in enumerate(answers)] or [
            _received(Answer(left=True), turns[0])
        ]


_Turn = tuple[int, int | None, int]  # first byte sent, first received, last of both


def _turns(log: Sequence[ClientSent | ClientReceived]) -> list[_Turn]:
    """The exchanges on a connection that is used for one request after the other."""
    turns: list[_Turn] = []
    answered = True
    for event in log:
        if isinstance(event, ClientSent):
            if answered:
                turns.append((event.t, None, event.t))
            answered = False
        elif turns:
            sent, first, _last = turns[-1]
            first = event.t if first is None and event.length else first
            turns[-1] = (sent, first, event.t)
            answered = answered or bool(event.length)
    return turns


def _received(answer: Answer, turn: _Turn) -> Received:
    sent, first, last = turn
    return Received(
        status=answer.status,
        complete=answer.complete,
        closed=answer.closed,
        length=answer.length,
        data=answer.data,
        first_byte=None if first is None else (first - sent) / _SECOND,
        duration=(last - sent) / _SECOND,
        failure=answer.failure,
    )


def _expanded(requests: Sequence[str | Request]) -> Iterator[Request]:
    for each in requests:
        request = Request(line=each) if isinstance(each, str) else each
        yield from [request] * request.times


def _groups(requests: Iterator[Request], one_connection: bool) -> Iterator[list[Request]]:
    """What goes at the same time, or one after the other on the same connection, group by group."""
    group: list[Request] = []
    for request in requests:
        follows = one_connection and _is_http(request) and all(map(_is_http, group))
        if group and not (request.together or follows):
            yield group
            group = []
        group.append(request)
    if group:
        yield group


def _is_http(request: Request) -> bool:
    return not request.signal and not request.script


def _prepared(request: Request, host: str) -> Prepared:
    data = _data(request, host)
    return Prepared.of(data).sent(Manner(_pieces(request, data), _THEN[request.then], request.stop_after))


def _pieces(request: Request, data: bytes) -> tuple[Piece, ...]:
    if request.pieces == "corpo":
        return cut_at([data.index(_HEAD_END) + len(_HEAD_END)], request.pause)
    return evenly(request.pieces, request.pause) if request.pieces else ()


def _data(request: Request, host: str) -> bytes:
    if request.raw:
        return request.raw.replace("{host}", host).encode()
    body = b"x" * request.long_body if request.long_body else request.body.encode()
    pairs = [(name.strip(), value.strip()) for name, _colon, value in (each.partition(":") for each in request.headers)]
    return compose(request.line, host=host, headers=pairs, body=body or None)
