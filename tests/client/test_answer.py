import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerella.client.answer import AnswerReader
from passerella.probe.vocabulary import BYTES_KEPT

FIXED = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nciao"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nciao\r\n0\r\n\r\n"
UNTIL_CLOSE = b"HTTP/1.0 200 OK\r\n\r\nciao"
INTERIM = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"


def read(data: bytes, method: str = "GET", closed: bool = False) -> AnswerReader:
    reader = AnswerReader(method)
    reader.feed(data)
    if closed and not reader.whole:
        reader.feed(b"")
    return reader


@pytest.mark.parametrize(
    ("data", "method", "last"),
    [
        (FIXED, "GET", False),
        (CHUNKED, "GET", False),
        (INTERIM + FIXED, "GET", False),
        (UNTIL_CLOSE, "GET", True),
        (FIXED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), "GET", True),
        (FIXED.removesuffix(b"ciao"), "HEAD", False),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "GET", False),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", "GET", False),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n", "GET", True),
        (b"HTTP/1.1 200 OK\r\n\r\n", "CONNECT", True),
        (b"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", "GET", False),
    ],
)
def test_where_an_answer_ends(data: bytes, method: str, last: bool) -> None:
    reader = read(data, method, closed=True)
    assert reader.whole
    assert reader.last is last
    assert (reader.data, reader.length) == (data, len(data))
    assert str(reader.status).encode() in data
    for end in range(len(data)):
        assert not read(data[:end], method).whole


def test_interim_responses_are_not_the_status() -> None:
    reader = read(INTERIM)
    assert (reader.status, reader.whole) == (None, False)
    reader.feed(FIXED)
    assert (reader.status, reader.whole) == (200, True)


@pytest.mark.parametrize("data", [FIXED, CHUNKED, INTERIM, b"", b"HTTP/1.1 2"])
def test_a_close_in_the_middle_is_no_whole_answer(data: bytes) -> None:
    assert not read(data[:-1], closed=True).whole


@pytest.mark.parametrize(
    "data", [b"<h1>ciao</h1>\n", b"\0" * 50, b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", b"HTTP/3 200\r\n\r\n"]
)
def test_what_h11_cannot_read_is_still_kept(data: bytes) -> None:
    reader = read(data)
    reader.feed(b"more")
    reader.feed(b"")
    assert not reader.whole
    assert reader.data == data + b"more"


def test_what_follows_is_left_for_the_next_answer() -> None:
    reader = read(FIXED + CHUNKED)
    assert (reader.data, reader.length, reader.leftover) == (FIXED, len(FIXED), CHUNKED)


def test_a_large_head_is_read() -> None:
    head = b"HTTP/1.1 200 OK\r\nX-Grande: " + b"a" * 100_000 + b"\r\nContent-Length: 0\r\n\r\n"
    assert read(head).whole


def test_all_bytes_are_counted_and_the_first_are_kept() -> None:
    size = 3 * BYTES_KEPT
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode()
    reader = AnswerReader("GET")
    reader.feed(head)
    for _ in range(3):
        reader.feed(b"a" * BYTES_KEPT)
    assert reader.whole
    assert reader.length == len(head) + size
    assert reader.data == (head + b"a" * BYTES_KEPT)[:BYTES_KEPT]


@given(st.sampled_from([FIXED, CHUNKED, INTERIM + FIXED, INTERIM + CHUNKED]), st.sets(st.integers(1, 200)))
def test_any_split_gives_the_same_answer(data: bytes, cuts: set[int]) -> None:
    edges = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    reader = AnswerReader("GET")
    for start, end in itertools.pairwise(edges):
        assert not reader.whole
        reader.feed(data[start:end])
    assert reader.whole
    assert (reader.status, reader.data, reader.length, reader.leftover) == (200, data, len(data), b"")


@given(st.binary())
def test_any_bytes_are_taken(data: bytes) -> None:
    reader = read(data, closed=bool(data))
    assert reader.length + len(reader.leftover) == len(data)
