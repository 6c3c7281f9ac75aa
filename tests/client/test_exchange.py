import socket
import threading
from collections.abc import Callable

from passerella.client.abort import Abort
from passerella.client.exchange import run
from passerella.client.prepared import Prepared
from passerella.events import ClientClosed, ClientConnected, ClientReceived, ClientSent

Serve = Callable[..., int]
Event = ClientConnected | ClientClosed | ClientSent | ClientReceived

GET = Prepared.of(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
CIAO = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nciao"
GOODBYE = CIAO.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


def once(answer: bytes) -> Callable[[socket.socket], None]:
    """Answer one request, then close."""
    return answering(answer)


def answering(*answers: bytes) -> Callable[[socket.socket], None]:
    """Answer as many requests, then close once the client did, or at once after a «Connection: close»."""

    def script(client: socket.socket) -> None:
        for answer in answers:
            data = b""
            while b"\r\n\r\n" not in data and (piece := client.recv(1)):
                data += piece
            client.sendall(answer)

    return script


def locals_of(log: list[Event]) -> set[str]:
    return {event.local for event in log}


def test_one_connection_each(serve: Serve) -> None:
    log: list[Event] = []
    port = serve(once(CIAO), once(CIAO), once(CIAO))
    answers = run([GET, GET, GET], "127.0.0.1", port, log.append)
    assert [(answer.status, answer.complete, answer.reopened) for answer in answers] == [(200, True, False)] * 3
    assert len(locals_of(log)) == 3
    assert all("Connection" not in event.data for event in log if isinstance(event, ClientSent))


def test_the_same_connection(serve: Serve) -> None:
    log: list[Event] = []
    port = serve(answering(CIAO, CIAO, CIAO))
    answers = run([GET, GET, GET], "127.0.0.1", port, log.append, same_connection=True)
    assert [(answer.status, answer.reopened) for answer in answers] == [(200, False)] * 3
    assert len(locals_of(log)) == 1


def test_a_connection_that_the_server_closes_is_opened_again_and_it_is_said(serve: Serve) -> None:
    log: list[Event] = []
    port = serve(answering(CIAO, GOODBYE), once(CIAO))
    answers = run([GET, GET, GET], "127.0.0.1", port, log.append, same_connection=True)
    assert [(answer.complete, answer.closed, answer.reopened) for answer in answers] == [
        (True, False, False),
        (True, True, False),
        (True, False, True),
    ]
    assert len(locals_of(log)) == 2


def test_pipelined_requests_have_an_answer_each(serve: Serve) -> None:
    both = Prepared.of(GET.data + b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
    port = serve(answering(CIAO, CIAO.removesuffix(b"ciao")))
    answers = run([both], "127.0.0.1", port, lambda event: None)
    assert [(answer.status, answer.data) for answer in answers] == [(200, CIAO), (200, CIAO.removesuffix(b"ciao"))]


def test_a_long_pipeline_is_sent_to_its_end_while_answers_come(serve: Serve) -> None:
    size = 8 * 1024 * 1024  # more than the two kernels' buffers can take
    post = f"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {size}\r\n\r\n".encode() + b"x" * size
    last = b"HTTP/1.1 200 OK\r\n\r\nfine"

    def script(client: socket.socket) -> None:
        client.sendall(CIAO)
        rest = len(GET.data) + len(post) + len(GET.data)
        while rest:
            rest -= len(client.recv(65536))
        client.sendall(CIAO + last)

    request = Prepared.of(GET.data + post + GET.data)
    assert request.methods == ("GET", "POST", "GET")
    answers = run([request], "127.0.0.1", serve(script), lambda event: None)
    assert [(answer.complete, answer.data) for answer in answers] == [(True, CIAO), (True, CIAO), (True, last)]


def test_a_pipelined_request_that_is_never_answered(serve: Serve) -> None:
    answers = run([Prepared.of(GET.data * 2)], "127.0.0.1", serve(once(GOODBYE)), lambda event: None)
    assert [(answer.complete, answer.length) for answer in answers] == [(True, len(GOODBYE)), (False, 0)]


def test_a_request_without_its_end_does_not_hold_us(serve: Serve) -> None:
    def patient(client: socket.socket) -> None:
        while client.recv(1024):
            pass
        client.sendall(GOODBYE)

    answers = run([Prepared.of(b"GET / HTTP/1.1\r\nHos")], "127.0.0.1", serve(patient), lambda event: None)
    assert [answer.complete for answer in answers] == [True]


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    answers = run([GET, Prepared.of(GET.data * 2)], "127.0.0.1", port, lambda event: None, same_connection=True)
    assert [answer.failure for answer in answers] == ["refused"] * 3
    assert not any(answer.complete for answer in answers)


def test_abort_ends_the_request_in_course_and_those_that_follow(serve: Serve) -> None:
    done = threading.Event()
    log: list[Event] = []
    with Abort() as abort:

        def silent(client: socket.socket) -> None:
            client.recv(1024)
            abort.request()
            assert done.wait(20)

        answers = run([GET, GET], "127.0.0.1", serve(silent), log.append, abort=abort)
        done.set()
    assert [answer.failure for answer in answers] == ["aborted", "aborted"]
    assert len(locals_of(log)) == 1
