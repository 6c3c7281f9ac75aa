"""Many requests at the same time, from one connection each."""

import contextlib
import socket
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from passerella.client.abort import Abort
from passerella.client.exchange import run
from passerella.client.manner import Manner, evenly
from passerella.client.prepared import MOST_TOGETHER, Prepared, together
from passerella.errors import CommandError
from passerella.events import ClientClosed, ClientConnected, ClientReceived, ClientSent

Event = ClientConnected | ClientClosed | ClientSent | ClientReceived


def asking(number: int) -> Prepared:
    return Prepared.of(b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n" % number)


def answer_to(head: bytes) -> bytes:
    number = head.split(b" ")[1].removeprefix(b"/")
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(number), number)


def read_head(client: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and (data := client.recv(65536)):
        head += data
    return head


@contextlib.contextmanager
def answering_all_at_the_end(expected: list[int]) -> Iterator[int]:
    """A server that answers a group only when so many requests have all arrived, the last one first."""

    def serve() -> None:
        for size in expected:
            with contextlib.ExitStack() as owned:
                clients = [owned.enter_context(listener.accept()[0]) for _ in range(size)]
                heads = [read_head(client) for client in clients]
                for client, head in reversed(list(zip(clients, heads, strict=True))):
                    client.sendall(answer_to(head))

    with socket.create_server(("127.0.0.1", 0), backlog=MOST_TOGETHER) as listener:
        listener.settimeout(20)
        server = threading.Thread(target=serve)
        server.start()
        yield listener.getsockname()[1]
        server.join()


@pytest.mark.parametrize("size", [2, 50, MOST_TOGETHER])
def test_all_are_there_at_the_same_time_and_answers_are_in_order(size: int) -> None:
    log: list[Event] = []
    with answering_all_at_the_end([size]) as port:
        answers = run(together([asking(number) for number in range(size)]), "127.0.0.1", port, log.append)
    assert [answer.data.rpartition(b"\n")[2] for answer in answers] == [b"%d" % number for number in range(size)]
    assert all(answer.complete for answer in answers)
    assert len({event.local for event in log}) == size
    last_sent = max(event.t for event in log if isinstance(event, ClientSent))
    assert last_sent < min(event.t for event in log if isinstance(event, ClientReceived))


def test_groups_go_one_after_the_other_beside_single_requests() -> None:
    requests = [asking(1), *together([asking(2), asking(3)]), *together([asking(4), asking(5), asking(6)]), asking(7)]
    with answering_all_at_the_end([1, 2, 3, 1]) as port:
        answers = run(requests, "127.0.0.1", port, lambda event: None)
    assert [answer.data[-1:] for answer in answers] == [b"1", b"2", b"3", b"4", b"5", b"6", b"7"]


def test_each_keeps_its_manner() -> None:
    slow, gone, plain = asking(1).sent(Manner(evenly(9, 0.05))), asking(2).sent(Manner(after="leave")), asking(3)
    log: list[Event] = []
    with answering_all_at_the_end([3]) as port:
        answers = run(together([slow, gone, plain]), "127.0.0.1", port, log.append)
    assert [answer.data[-1:] for answer in answers] == [b"1", b"3"]
    counts = [sum(isinstance(event, ClientSent) and event.local == local for event in log) for local in locals_of(log)]
    assert sorted(counts) == [1, 1, 4]


def locals_of(log: list[Event]) -> set[str]:
    return {event.local for event in log}


def test_too_many_are_refused_before_any_leaves() -> None:
    log: list[Event] = []
    requests = [asking(0), *together([asking(1)] * (MOST_TOGETHER + 1))]
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(CommandError, match=str(MOST_TOGETHER)):
        run(requests, "127.0.0.1", listener.getsockname()[1], log.append)
    assert log == []


def test_abort_frees_all() -> None:
    with Abort() as abort, socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        timer = threading.Timer(0.3, abort.request)
        timer.start()
        answers = run(
            together([asking(1)] * 50), "127.0.0.1", listener.getsockname()[1], lambda event: None, abort=abort
        )
        timer.join()
    assert [answer.failure for answer in answers] == ["aborted"] * 50


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="altrove una coda piena rifiuta")
def test_abort_frees_whoever_waits_to_be_accepted() -> None:
    log: list[Event] = []
    with Abort() as abort, socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        timer = threading.Timer(0.5, abort.request)
        timer.start()
        started = time.monotonic()
        answers = run(together([asking(1)] * 10), "127.0.0.1", listener.getsockname()[1], log.append, abort=abort)
        timer.join()
    assert time.monotonic() - started < 20
    assert [answer.failure for answer in answers] == ["aborted"] * 10
    assert len(locals_of(log)) < 10, "some never got in"


def test_a_failure_of_the_log_reaches_the_caller() -> None:
    def fail(event: Event) -> None:
        raise RuntimeError("log")

    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(RuntimeError, match="log"):
        run(together([asking(1)] * 2), "127.0.0.1", listener.getsockname()[1], fail)
