"""Requests sent in pieces, in line, and clients that leave: seen from the server's side."""

import itertools
import socket
import threading
import time
from collections.abc import Callable

import pytest

from passerella.client.abort import Abort
from passerella.client.answer import Answer
from passerella.client.exchange import run
from passerella.client.manner import After, Manner, Piece, cut_at, evenly
from passerella.client.prepared import Prepared, in_line
from passerella.events import ClientClosed, ClientConnected, ClientReceived, ClientSent

Serve = Callable[..., int]
Event = ClientConnected | ClientClosed | ClientSent | ClientReceived

GET = Prepared.of(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
POST = Prepared.of(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nciao Ada")
CIAO = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nciao"
REFUSAL = b"HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\n\r\nbasta"
LARGE = 20 * 1024 * 1024  # more than the two kernels' buffers can take
PAUSE = 0.15


class Seen:
    """What a server saw: each read with its time, the answers that it gave, and how the connection ended."""

    def __init__(self) -> None:
        self.reads: list[tuple[float, bytes]] = []
        self.end = ""

    def read(self, client: socket.socket, size: int) -> None:
        while sum(len(data) for _t, data in self.reads) < size:
            data = client.recv(65536)
            if not data:
                self.end = "eof"
                return
            self.reads.append((time.monotonic(), data))

    def read_to_end(self, client: socket.socket) -> None:
        try:
            self.read(client, 2**62)
        except ConnectionResetError:
            self.end = "reset"

    @property
    def data(self) -> bytes:
        return b"".join(data for _t, data in self.reads)

    @property
    def gaps(self) -> list[float]:
        return [after - before for (before, _), (after, _) in itertools.pairwise(self.reads)]


def send(request: Prepared, port: int, log: list[Event] | None = None) -> list[Answer]:
    return run([request], "127.0.0.1", port, (log if log is not None else []).append)


def sent(log: list[Event]) -> list[ClientSent]:
    return [event for event in log if isinstance(event, ClientSent)]


def received(log: list[Event]) -> list[ClientReceived]:
    return [event for event in log if isinstance(event, ClientReceived)]


@pytest.mark.parametrize(
    ("request_", "pieces", "sizes"),
    [
        (GET, evenly(7, PAUSE), [7, 7, 7, 6]),
        (POST, cut_at([POST.data.index(b"ciao")], PAUSE), [len(POST.data) - 8, 8]),
        (POST, (Piece(len(POST.data) - 8, PAUSE), Piece(3, PAUSE)), [len(POST.data) - 8, 3, 3, 2]),
    ],
)
def test_pieces_arrive_apart(serve: Serve, request_: Prepared, pieces: tuple[Piece, ...], sizes: list[int]) -> None:
    seen = Seen()
    log: list[Event] = []

    def script(client: socket.socket) -> None:
        seen.read(client, len(request_.data))
        client.sendall(CIAO)
        seen.read_to_end(client)

    [answer] = send(request_.sent(Manner(pieces)), serve(script), log)
    assert (answer.complete, answer.status) == (True, 200)
    assert seen.data == request_.data
    assert [len(data) for _t, data in seen.reads] == sizes
    assert all(gap > PAUSE / 2 for gap in seen.gaps)
    assert [(event.offset, event.length) for event in sent(log)] == [
        (end - size, size) for size, end in zip(sizes, itertools.accumulate(sizes), strict=True)
    ]
    times = [event.t for event in sent(log)]
    assert all(after - before >= PAUSE * 1e9 for before, after in itertools.pairwise(times))


def test_an_answer_in_a_pause_is_read_in_its_time_and_ends_the_sending(serve: Serve) -> None:
    seen = Seen()
    log: list[Event] = []

    def refuse(client: socket.socket) -> None:
        seen.read(client, 5)
        client.sendall(REFUSAL)
        seen.read_to_end(client)

    started = time.monotonic()
    [answer] = send(POST.sent(Manner(evenly(5, 60))), serve(refuse), log)
    assert time.monotonic() - started < 20
    assert (answer.complete, answer.status, answer.closed) == (True, 413, True)
    assert seen.data == POST.data[:5]
    assert received(log)[0].t - sent(log)[0].t < 20e9


@pytest.mark.parametrize("after", ["read", "half-close", "reset", "leave"])
def test_abort_interrupts_a_pause(serve: Serve, after: After) -> None:
    with Abort() as abort:
        timer = threading.Timer(0.2, abort.request)
        timer.start()
        started = time.monotonic()
        request = GET.sent(Manner(evenly(1, 60), after))
        answers = run([request], "127.0.0.1", serve(Seen().read_to_end), lambda event: None, abort=abort)
        timer.join()
    assert time.monotonic() - started < 20
    assert [answer.failure for answer in answers] == ["aborted"] * len(request.methods)


@pytest.mark.parametrize("pause", [None, 0.0, PAUSE])
def test_requests_in_line_leave_before_any_answer(serve: Serve, pause: float | None) -> None:
    seen = Seen()
    log: list[Event] = []
    answers = [CIAO.replace(b"ciao", word) for word in (b"uno.", b"due.", b"tre.")]

    def script(client: socket.socket) -> None:
        seen.read(client, 3 * len(GET.data))
        for answer in answers:
            client.sendall(answer)
            time.sleep(0.01)
        seen.read_to_end(client)

    given = send(in_line([GET] * 3, pause), serve(script), log)
    assert [(answer.complete, answer.data) for answer in given] == [(True, answer) for answer in answers]
    assert seen.data == 3 * GET.data
    assert len(sent(log)) == (1 if pause is None else 3)
    assert sent(log)[-1].t < received(log)[0].t
    if pause:
        assert [len(data) for _t, data in seen.reads] == [len(GET.data)] * 3
        assert all(gap > PAUSE / 2 for gap in seen.gaps)


def test_a_half_close_is_an_end_for_the_server_and_the_answer_still_comes(serve: Serve) -> None:
    seen = Seen()

    def script(client: socket.socket) -> None:
        seen.read_to_end(client)
        client.sendall(CIAO[:20])
        time.sleep(0.05)
        client.sendall(CIAO[20:])

    port = serve(script, lambda client: client.sendall(CIAO))
    half = GET.sent(Manner(after="half-close"))
    answers = run([half, GET], "127.0.0.1", port, lambda event: None, same_connection=True)
    assert (seen.data, seen.end) == (GET.data, "eof")
    assert [(answer.complete, answer.data, answer.reopened) for answer in answers] == [(True, CIAO, False)] * 2
    assert not answers[0].left


def test_a_reset_after_sending(serve: Serve) -> None:
    seen = Seen()
    log: list[Event] = []
    assert send(GET.sent(Manner(after="reset")), serve(seen.read_to_end), log) == []
    assert sum(event.length for event in sent(log)) == len(GET.data)
    wait_for(seen)
    assert seen.end == "reset"


def test_leaving_after_sending(serve: Serve) -> None:
    seen = Seen()
    assert send(GET.sent(Manner(after="leave")), serve(seen.read_to_end)) == []
    wait_for(seen)
    assert (seen.data, seen.end) == (GET.data, "eof")


def wait_for(seen: Seen) -> None:
    deadline = time.monotonic() + 20
    while not seen.end and time.monotonic() < deadline:
        time.sleep(0.01)


@pytest.mark.parametrize("after", ["reset", "leave"])
def test_leaving_after_some_bytes_of_the_answer(serve: Serve, after: After) -> None:
    failures: list[type[OSError]] = []
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {LARGE}\r\n\r\n".encode()

    def script(client: socket.socket) -> None:
        Seen().read(client, len(GET.data))
        try:
            client.sendall(head + b"x" * LARGE)
        except OSError as error:
            failures.append(type(error))

    log: list[Event] = []
    port = serve(script, lambda client: client.sendall(CIAO))
    request = GET.sent(Manner(after=after, stop_after=100_000))
    first, second = run([request, GET], "127.0.0.1", port, log.append, same_connection=True)
    assert (first.left, first.complete, first.closed, first.failure) == (True, False, True, "")
    assert (first.status, first.length) == (200, 100_000)
    assert sum(event.length for event in received(log) if event.local == log[0].local) == 100_000
    assert failures, "the server could not finish"
    assert failures[0] in (ConnectionResetError, BrokenPipeError)
    assert (second.complete, second.reopened, second.left) == (True, False, False)


def test_an_answer_shorter_than_the_limit_is_whole(serve: Serve) -> None:
    seen = Seen()

    def script(client: socket.socket) -> None:
        seen.read(client, len(GET.data))
        client.sendall(CIAO)
        seen.read_to_end(client)

    [answer] = send(GET.sent(Manner(after="reset", stop_after=10_000)), serve(script))
    assert (answer.complete, answer.left, answer.data) == (True, False, CIAO)
    wait_for(seen)
    assert seen.end == "reset"


def test_whoever_wants_no_answer_is_told_that_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert [answer.failure for answer in send(GET.sent(Manner(after="leave")), port)] == ["refused"]


def test_raw_bytes_without_an_end_do_not_hold_whoever_reads_some(serve: Serve) -> None:
    seen = Seen()

    def script(client: socket.socket) -> None:
        seen.read_to_end(client)
        client.sendall(REFUSAL)

    half = Prepared.of(b"GET / HTTP/1.1\r\nHos").sent(Manner(after="leave", stop_after=3))
    [answer] = send(half, serve(script))
    assert (seen.end, answer.length, answer.left) == ("eof", 3, True)
