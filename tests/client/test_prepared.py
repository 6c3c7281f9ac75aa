import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerella.client.prepared import Prepared, method_of
from passerella.client.request import compose

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
HEAD = b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nciao"
CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    ("data", "methods"),
    [
        (GET, ("GET",)),
        (HEAD, ("HEAD",)),
        (POST, ("POST",)),
        (CHUNKED + HEAD, ("POST", "HEAD")),
        (GET + POST + GET, ("GET", "POST", "GET")),
        (GET + b"\r\n", ("GET",)),
        (GET + POST[:-1], ("GET",)),
        (GET + b"garbage\r\n\r\n", ("GET",)),
        (LAST + GET, ("GET",)),
        (b"HEAD /\r\n\r\n", ("HEAD",)),
        (b"\0\xff\r\n\r\n", ("GET",)),
    ],
)
def test_the_answers_to_wait_for(data: bytes, methods: tuple[str, ...]) -> None:
    prepared = Prepared.of(data)
    assert prepared.methods == methods
    assert not prepared.partial
    assert prepared.data == data


@pytest.mark.parametrize(
    "data", [b"", GET[:-2], POST[:-1], CHUNKED[:-2], b"GET /", b"\0\xff", b"GET / HTTP/1.1\r\n\0: \r\n"]
)
def test_a_request_without_its_end_is_partial(data: bytes) -> None:
    assert Prepared.of(data).partial


@pytest.mark.parametrize("line", ["/", "POST /", "PUT / HTTP/1.0", "HEAD /caffè"])
def test_what_we_compose_is_whole(line: str) -> None:
    assert not Prepared.of(compose(line, host="a", body=b"ciao")).partial


def test_a_length_that_promises_more_is_partial() -> None:
    assert Prepared.of(compose("POST /", host="a", body=b"ciao", headers=[("Content-Length", "100")])).partial


def test_method_of_odd_bytes() -> None:
    assert method_of(b"\r\n\r\nHEAD / HTTP/1.1") == "HEAD"
    assert method_of(b"\x80\x81") == "GET"
    assert method_of(b"A" * 5000 + b" /") == "GET"


@given(st.binary() | st.lists(st.sampled_from([GET, POST, b"\r\n", b"GET", b"\0"])).map(b"".join))
def test_any_bytes_can_be_prepared(data: bytes) -> None:
    prepared = Prepared.of(data)
    assert prepared.data == data
    assert len(prepared.methods) >= 1
