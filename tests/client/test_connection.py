import socket
import struct
import sys
import threading
import time
from collections.abc import Callable

import pytest

from passerella.client.connection import Connection
from passerella.events import ClientClosed, ClientConnected, ClientReceived, ClientSent
from passerella.probe.vocabulary import BYTES_KEPT

Serve = Callable[..., int]
Event = ClientConnected | ClientClosed | ClientSent | ClientReceived

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
CIAO = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nciao"
REFUSAL = b"HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\nConnection: close\r\n\r\nbasta"
LARGE = 20 * 1024 * 1024  # more than the two kernels' buffers can take

POST_LARGE = f"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {LARGE}\r\n\r\n".encode() + b"x" * LARGE


def read_head(client: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        data = client.recv(1)
        if not data:
            break
        head += data
    return head


def read_exactly(client: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size and (piece := client.recv(size - len(data))):
        data += piece
    return data


def read_to_end(client: socket.socket) -> bytes:
    data = b""
    while piece := client.recv(65536):
        data += piece
    return data


def connect(port: int, log: list[Event] | None = None) -> Connection:
    return Connection.open("127.0.0.1", port, (log if log is not None else []).append)


def received(log: list[Event]) -> list[ClientReceived]:
    return [event for event in log if isinstance(event, ClientReceived)]


def sent(log: list[Event]) -> list[ClientSent]:
    return [event for event in log if isinstance(event, ClientSent)]


def test_an_answer_that_comes_byte_by_byte(serve: Serve) -> None:
    def drip(client: socket.socket) -> None:
        read_head(client)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in CIAO:
            client.sendall(bytes([byte]))
            time.sleep(0.001)
        read_to_end(client)

    log: list[Event] = []
    with connect(serve(drip), log) as connection:
        connection.send(GET)
        answer = connection.receive("GET")
    assert (answer.complete, answer.status, answer.closed, answer.failure) == (True, 200, False, "")
    assert (answer.data, answer.length) == (CIAO, len(CIAO))
    assert len(received(log)) > 1
    assert "".join(event.data for event in received(log)).encode("latin-1") == CIAO


def test_an_answer_without_a_length_ends_when_the_server_closes(serve: Serve) -> None:
    def stream(client: socket.socket) -> None:
        read_head(client)
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\nuno ")
        time.sleep(0.05)
        client.sendall(b"due")

    log: list[Event] = []
    with connect(serve(stream), log) as connection:
        connection.send(GET)
        answer = connection.receive("GET")
    assert (answer.complete, answer.status, answer.closed) == (True, 200, True)
    assert answer.data.endswith(b"\r\n\r\nuno due")
    assert received(log)[-1].length == 0
    assert received(log)[-1].offset == answer.length


def test_interim_responses_come_before_the_answer(serve: Serve) -> None:
    interim = b"HTTP/1.1 100 Continue\r\n\r\n"

    def script(client: socket.socket) -> None:
        read_head(client)
        client.sendall(interim)
        assert read_exactly(client, 4) == b"ciao"
        client.sendall(CIAO)
        read_to_end(client)

    with connect(serve(script)) as connection:
        connection.send(b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nciao")
        answer = connection.receive("POST")
    assert (answer.complete, answer.status, answer.data) == (True, 200, interim + CIAO)


def test_an_early_refusal_is_read_even_if_the_body_was_not(serve: Serve) -> None:
    def refuse(client: socket.socket) -> None:
        read_head(client)
        client.sendall(REFUSAL)
        # Closing with unread bytes resets the connection.

    with connect(serve(refuse)) as connection:
        connection.send(POST_LARGE)
        answer = connection.receive("POST")
    assert (answer.complete, answer.status, answer.closed) == (True, 413, True)
    assert answer.data == REFUSAL


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="altrove un reset butta via ciò che era arrivato")
def test_an_answer_that_came_before_a_reset_is_read(serve: Serve) -> None:
    gone = threading.Event()

    def refuse_and_reset(client: socket.socket) -> None:
        client.sendall(REFUSAL)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        gone.set()

    with connect(serve(refuse_and_reset)) as connection:
        assert gone.wait(20)
        connection.send(POST_LARGE)
        answer = connection.receive("POST")
    assert (answer.complete, answer.status, answer.data) == (True, 413, REFUSAL)


def test_a_server_that_answers_and_stops_reading_does_not_hold_us(serve: Serve) -> None:
    answered = threading.Event()

    def answer_only(client: socket.socket) -> None:
        read_head(client)
        client.sendall(CIAO)
        assert answered.wait(20)

    with connect(serve(answer_only)) as connection:
        connection.send(POST_LARGE)
        answer = connection.receive("POST")
        answered.set()
        assert (answer.complete, answer.status) == (True, 200)
        assert answer.closed, "half a request was sent: nothing else can go on this connection"
        assert not connection.is_reusable()


def test_a_server_that_answers_while_it_reads_gets_everything(serve: Serve) -> None:
    arrived: list[int] = []

    def echo(client: socket.socket) -> None:
        read_head(client)
        client.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {LARGE}\r\n\r\n".encode())
        rest = LARGE
        while rest:
            data = client.recv(65536)
            client.sendall(data)
            rest -= len(data)
        arrived.append(LARGE)
        read_to_end(client)

    log: list[Event] = []
    with connect(serve(echo), log) as connection:
        connection.send(POST_LARGE)
        answer = connection.receive("POST")
    assert (answer.complete, answer.closed) == (True, False)
    assert arrived == [LARGE]
    assert sum(event.length for event in sent(log)) == len(POST_LARGE)
    assert sum(event.length for event in received(log)) == answer.length > LARGE


def test_a_close_in_the_middle_of_an_answer(serve: Serve) -> None:
    def half(client: socket.socket) -> None:
        read_head(client)
        client.sendall(CIAO[:-2])

    with connect(serve(half)) as connection:
        connection.send(GET)
        answer = connection.receive("GET")
    assert (answer.complete, answer.status, answer.closed, answer.failure) == (False, 200, True, "")
    assert answer.data == CIAO[:-2]


def test_a_close_without_an_answer(serve: Serve) -> None:
    with connect(serve(read_head)) as connection:
        connection.send(GET)
        answer = connection.receive("GET")
    assert (answer.complete, answer.status, answer.closed, answer.length) == (False, None, True, 0)


def test_a_reset(serve: Serve) -> None:
    def reset(client: socket.socket) -> None:
        read_head(client)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with connect(serve(reset)) as connection:
        connection.send(GET)
        answer = connection.receive("GET")
        assert not connection.is_reusable()
    assert (answer.complete, answer.closed, answer.failure) == (False, True, "reset")


def test_what_h11_cannot_read_is_read_until_the_close(serve: Serve) -> None:
    def old(client: socket.socket) -> None:
        read_head(client)
        client.sendall(b"<h1>ciao</h1>")
        time.sleep(0.02)
        client.sendall(b"<p>a tutti</p>")

    with connect(serve(old)) as connection:
        connection.send(GET)
        answer = connection.receive("GET")
    assert (answer.complete, answer.status, answer.data) == (False, None, b"<h1>ciao</h1><p>a tutti</p>")


def test_head_is_answered_without_a_body(serve: Serve) -> None:
    def script(client: socket.socket) -> None:
        read_head(client)
        client.sendall(CIAO.removesuffix(b"ciao"))
        read_to_end(client)

    with connect(serve(script)) as connection:
        connection.send(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
        answer = connection.receive("HEAD")
    assert (answer.complete, answer.status, answer.closed) == (True, 200, False)


def test_two_answers_in_one_read(serve: Serve) -> None:
    def script(client: socket.socket) -> None:
        read_head(client)
        client.sendall(CIAO + REFUSAL)
        read_to_end(client)

    with connect(serve(script)) as connection:
        connection.send(GET + GET)
        first, second = connection.receive("GET"), connection.receive("GET")
    assert (first.status, first.data, first.closed) == (200, CIAO, False)
    assert (second.status, second.data, second.closed) == (413, REFUSAL, True)


def test_the_log_tells_each_byte_its_place_and_its_time(serve: Serve) -> None:
    peers: list[str] = []
    times: list[int] = []

    def script(client: socket.socket) -> None:
        peers.append("{}:{}".format(*client.getpeername()))
        for _ in range(2):
            read_head(client)
            times.append(time.monotonic_ns())
            client.sendall(CIAO)
        read_to_end(client)

    log: list[Event] = []
    with connect(serve(script), log) as connection:
        for _ in range(2):
            connection.send(GET)
            assert connection.receive("GET").complete
    assert {event.local for event in log} == set(peers)
    assert [type(event) for event in (log[0], log[-1])] == [ClientConnected, ClientClosed]
    assert sum(isinstance(event, ClientConnected | ClientClosed) for event in log) == 2
    assert log[0].t <= log[1].t <= log[-1].t
    assert [event.offset for event in sent(log)] == [0, len(GET)]
    assert [(event.length, event.data) for event in sent(log)] == [(len(GET), GET.decode())] * 2
    position = 0
    for event in received(log):
        assert event.offset == position
        assert event.length == len(event.data)
        position += event.length
    assert position == 2 * len(CIAO)
    assert [event.t for event in log] == sorted(event.t for event in log)
    assert all(event.t < moment for event, moment in zip(sent(log), times, strict=True))
    assert received(log)[-1].t > times[-1]
    assert {event.tid for event in log} == {threading.get_native_id()}


def test_the_log_keeps_the_first_bytes_of_each_exchange(serve: Serve) -> None:
    size = 4 * BYTES_KEPT
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode()
    request = f"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {size}\r\n\r\n".encode() + b"\xe8" * size

    def script(client: socket.socket) -> None:
        for _ in range(2):
            read_head(client)
            read_exactly(client, size)
            client.sendall(head + b"\xff" * size)
        read_to_end(client)

    log: list[Event] = []
    with connect(serve(script), log) as connection:
        for turn in (1, 2):
            connection.send(request)
            assert connection.receive("POST").complete
            assert sum(event.length for event in sent(log)) == turn * len(request)
            assert sum(event.length for event in received(log)) == turn * (len(head) + size)
            assert sum(len(event.data) for event in sent(log)) == turn * BYTES_KEPT
            assert sum(len(event.data) for event in received(log)) == turn * BYTES_KEPT
    kept = "".join(event.data for event in sent(log)).encode("latin-1")
    assert kept == request[:BYTES_KEPT] * 2


def test_a_server_that_closed_meanwhile_is_seen(serve: Serve) -> None:
    closing = threading.Event()

    def script(client: socket.socket) -> None:
        read_head(client)
        client.sendall(CIAO)
        assert closing.wait(20)

    log: list[Event] = []
    with connect(serve(script), log) as connection:
        connection.send(GET)
        assert not connection.receive("GET").closed
        assert connection.is_reusable()
        closing.set()
        deadline = time.monotonic() + 10
        while connection.is_reusable() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not connection.is_reusable()
    assert [event.length for event in received(log)].count(0) == 1


def test_finish_tells_the_server_that_nothing_else_comes(serve: Serve) -> None:
    def script(client: socket.socket) -> None:
        assert read_to_end(client) == b"GET / HT"
        client.sendall(REFUSAL)

    with connect(serve(script)) as connection:
        connection.send(b"GET / HT")
        connection.finish()
        assert connection.receive("GET").status == 413


@pytest.mark.parametrize("moment", ["receiving", "sending", "before"])
def test_abort_frees_whoever_waits(serve: Serve, moment: str) -> None:
    done = threading.Event()

    def silent(client: socket.socket) -> None:
        assert done.wait(20)

    with connect(serve(silent)) as connection:
        aborter = threading.Timer(0.2, connection.abort)
        if moment == "before":
            connection.abort()
        aborter.start()
        started = time.monotonic()
        connection.send(POST_LARGE if moment == "sending" else GET)
        answer = connection.receive("GET")
        assert time.monotonic() - started < 5
        assert (answer.complete, answer.closed, answer.failure) == (False, True, "aborted")
        done.set()
        aborter.join()
    connection.abort()  # after the end it does nothing
