"""Bytes of a connection, cut into requests and responses."""

import sys
from collections.abc import Callable
from itertools import pairwise
from types import FrameType
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerella.journeys.framing import Cut, RequestFramer, ResponseCut, ResponseFramer

GET = b"GET /ciao?nome=Ada HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /moduli HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n"
    b"5;nome=valore\r\nhello\r\nA \r\n0123456789\r\n0\r\nX-Coda: 1\r\n\r\n"
)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nciao"
WEBSOCKET = b"GET /ws HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"


def owners(framer: RequestFramer, reads: list[bytes]) -> list[tuple[int, int]]:
    """For each byte, its request and its place in it; the cuts of each read must cover it."""
    found = []
    for data in reads:
        cuts = framer.feed(data, len(data))
        check_cover(cuts, len(data))
        found += [(cut.ordinal, cut.at + offset) for cut in cuts for offset in range(cut.end - cut.start)]
    return found


def check_cover(cuts: list[Cut] | list[ResponseCut], length: int) -> None:
    edges = [0, *(cut.end for cut in cuts)]
    assert edges[:-1] == [cut.start for cut in cuts]
    assert edges[-1] == length
    assert all(cut.start < cut.end for cut in cuts)


def split(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted({place % (len(data) + 1) for place in places}), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


def told(framer: RequestFramer) -> list[tuple[object, ...]]:
    return [
        (request.state, request.head_end, request.method, request.target, request.version, request.length)
        for request in framer.requests.values()
    ]


def cut_requests(*reads: bytes) -> RequestFramer:
    framer = RequestFramer()
    owners(framer, list(reads))
    return framer


def test_a_read_with_two_requests_gives_two_cuts() -> None:
    framer = RequestFramer()
    assert framer.feed(GET + POST, len(GET + POST)) == [
        Cut(1, 0, len(GET), 0),
        Cut(2, len(GET), len(GET) + len(POST), 0),
    ]
    first, second = framer.requests[1], framer.requests[2]
    assert (first.method, first.target, first.version) == (b"GET", b"/ciao?nome=Ada", b"1.1")
    assert (first.complete, first.head_end, first.length) == (True, len(GET), len(GET))
    assert (second.complete, second.head_end, second.length) == (True, len(POST) - 5, len(POST))


def test_what_is_not_known_yet_is_none() -> None:
    framer = RequestFramer()
    assert framer.feed(GET[:10], 10) == [Cut(1, 0, 10, 0)]
    request = framer.requests[1]
    assert (request.method, request.target, request.version, request.head_end) == (None, None, None, None)
    assert framer.feed(GET[10:39], 29) == [Cut(1, 0, 29, 10)]
    assert (request.method, request.head_end, request.complete) == (b"GET", None, False)


def test_blank_lines_belong_to_the_request_that_follows() -> None:
    framer = RequestFramer()
    assert owners(framer, [GET + b"\r\n", b"\r\n" + GET])[len(GET)] == (2, 0)
    assert framer.requests[2].head_end == len(b"\r\n\r\n" + GET)


@pytest.mark.parametrize(
    ("request_bytes", "expected"),
    [
        (b"GET / HTTP/1.1\nHost: a\n\n", (b"GET", b"/", b"1.1")),
        (b"GET /\r\n\r\n", (b"GET", b"/", None)),
        (b"  GET \t/  HTTP/1.0 \r\n\r\n", (b"GET", b"/", b"1.0")),
        (b"M-SEARCH * HTTP/1.1\r\n\r\n", (b"M-SEARCH", b"*", b"1.1")),
        (b"POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", (b"POST", b"/", b"1.1")),
        (b"POST / HTTP/1.1\r\nContent-Length : 2, 2\r\n\r\nok", (b"POST", b"/", b"1.1")),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding:\r\n chunked\r\n\r\n2\nok\n0\n\n", (b"POST", b"/", b"1.1")),
        (b"POST / HTTP/1.1\r\nX: a\r\n Content-Length: 9\r\n\r\n", (b"POST", b"/", b"1.1")),
        (
            b"POST / HTTP/1.1\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            (b"POST", b"/", b"1.1"),
        ),
        (b"GET / HTTP/1.1\r\nnonsense\r\n: x\r\n\r\n", (b"GET", b"/", b"1.1")),
        (CHUNKED, (b"POST", b"/", b"1.1")),
    ],
)
def test_tolerant_as_servers_are(request_bytes: bytes, expected: tuple[bytes, ...]) -> None:
    framer = cut_requests(request_bytes + GET)
    request = framer.requests[1]
    assert (request.method, request.target, request.version) == expected
    assert (request.complete, request.length, len(framer.requests)) == (True, len(request_bytes), 2)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"CIAO\r\n",
        b"GET /a b HTTP/1.1\r\n",
        b"GET / FTP/1.1\r\n",
        b"GE(T / HTTP/1.1\r\n",
        b"\x16\x03\x01\x02\x00\x01\n",
        b"POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -2\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: +2\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: \xb2\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokk\r\n0\r\n\r\n",
    ],
)
def test_all_that_follows_a_malformed_request_is_its_own(request_bytes: bytes) -> None:
    framer = RequestFramer()
    assert {ordinal for ordinal, _ in owners(framer, [request_bytes, GET, POST])} == {1}
    assert framer.requests[1].state == "malformed"
    assert not framer.requests[1].complete
    framer.next_turn()
    assert {ordinal for ordinal, _ in owners(framer, [GET])} == {1}


def test_after_an_upgrade_all_is_the_handshakes() -> None:
    framer = cut_requests(WEBSOCKET)
    assert framer.requests[1].complete
    framer.upgraded(1)
    assert framer.feed(GET, len(GET)) == [Cut(1, 0, len(GET), len(WEBSOCKET))]
    assert framer.requests[1].state == "upgraded"
    framer.upgraded(7)


def test_a_handshake_that_was_not_accepted_is_a_request_like_the_others() -> None:
    assert len(cut_requests(WEBSOCKET, GET).requests) == 2


def test_what_comes_after_the_upgrade_of_an_earlier_request_is_of_that_one() -> None:
    framer = cut_requests(WEBSOCKET + b"\x81\x01")
    framer.upgraded(1)
    assert framer.feed(b"abc", 3) == [Cut(1, 0, 3, len(WEBSOCKET))]


def test_a_body_whose_bytes_were_not_kept_is_still_measured() -> None:
    framer = RequestFramer()
    head = b"POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n"
    assert framer.feed(head, len(head) + 600) == [Cut(1, 0, len(head) + 600, 0)]
    assert framer.feed(b"", 300) == [Cut(1, 0, 300, len(head) + 600)]
    assert framer.feed(b"", 150) == [Cut(1, 0, 100, len(head) + 900), Cut(2, 100, 150, 0)]
    assert framer.requests[1].complete
    assert framer.requests[2].state == "lost"


@pytest.mark.parametrize(
    "kept",
    [b"GET / HT", b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc", b"POST / HTTP/1.1\r\nX: "],
)
def test_a_lost_boundary_is_found_again_at_the_next_turn(kept: bytes) -> None:
    framer = RequestFramer()
    assert framer.feed(kept, 2000) == [Cut(1, 0, 2000, 0)]
    assert framer.requests[1].state == "lost"
    assert framer.feed(GET, len(GET)) == [Cut(1, 0, len(GET), 2000)]
    framer.next_turn()
    assert framer.requests[1].complete
    assert framer.feed(GET, len(GET)) == [Cut(2, 0, len(GET), 0)]


def test_the_next_turn_ends_only_what_is_lost() -> None:
    framer = cut_requests(POST[:-2])
    framer.next_turn()
    assert framer.feed(b"lo", 2) == [Cut(1, 0, 2, len(POST) - 2)]
    RequestFramer().next_turn()


# Responses


class Reply(NamedTuple):
    """For each byte of a response: its ordinal, its place, and whether it is head, body or extra."""

    ordinal: int
    at: int
    part: str


def replies(framer: ResponseFramer, reads: list[bytes]) -> list[Reply]:
    found = []
    for data in reads:
        cuts = framer.feed(data, len(data))
        check_cover(cuts, len(data))
        for cut in cuts:
            parts = ["head"] * cut.head + ["body"] * cut.body
            parts += ["extra"] * (cut.end - cut.start) if cut.extra else []
            found += [Reply(cut.ordinal, cut.at + offset, part) for offset, part in enumerate(parts)]
            assert len(parts) == cut.end - cut.start
    return found


def expecting(*methods: bytes | None) -> ResponseFramer:
    framer = ResponseFramer()
    for method in methods:
        framer.expect(method)
    return framer


def test_a_write_with_two_responses_gives_two_cuts() -> None:
    framer = expecting(b"GET", b"GET")
    head = len(OK) - 4
    assert framer.feed(OK + OK[:-1], len(OK) * 2 - 1) == [
        ResponseCut(1, 0, len(OK), 0, head, 4, extra=False, complete=True),
        ResponseCut(2, len(OK), 2 * len(OK) - 1, 0, head, 3, extra=False, complete=False),
    ]
    assert framer.feed(b"o", 1) == [ResponseCut(2, 0, 1, len(OK) - 1, 0, 1, extra=False, complete=True)]
    assert [response.status for response in framer.responses.values()] == [200, 200]
    assert framer.responses[2].head_end == head


@pytest.mark.parametrize(
    ("method", "response"),
    [
        (b"GET", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK),
        (b"HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"),
        (b"GET", b"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\n"),
        (b"GET", b"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"),
        (b"GET", b"HTTP/1.0 404\r\nContent-Length: 0\r\n\r\n"),
        (None, b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\n\r\nno"),
        (b"GET", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nciao\r\n0\r\n\r\n"),
        (b"CONNECT", b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"),
    ],
)
def test_a_response_ends_where_its_head_says(method: bytes | None, response: bytes) -> None:
    framer = expecting(method, b"GET")
    assert replies(framer, [response + OK])[len(response)] == Reply(2, 0, "head")
    assert framer.responses[1].complete
    assert framer.responses[1].length == len(response)


def test_interim_responses_are_told() -> None:
    framer = expecting(b"GET")
    replies(framer, [b"HTTP/1.1 100 Continue\r\n\r\n"])
    assert (framer.responses[1].status, framer.responses[1].interim) == (None, [100])
    assert {reply.part for reply in replies(framer, [OK[:-4]])} == {"head"}
    assert (framer.responses[1].status, framer.responses[1].head_end) == (200, 25 + len(OK) - 4)


@pytest.mark.parametrize(
    ("method", "response", "state"),
    [
        (b"GET", b"HTTP/1.0 200 OK\r\n\r\nciao", "body"),
        (b"GET", b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "body"),
        (b"GET", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "body"),
        (b"GET", b"HTTP/1.1 101 Switching Protocols\r\n\r\n", "upgraded"),
        (b"CONNECT", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "upgraded"),
        (b"GET", b"HTTP/1.1 OK\r\n\r\n", "malformed"),
        (b"GET", b"ciao, senza intestazioni", "body"),
        (b"GET", b"Html, che comincia per H", "body"),
    ],
)
def test_what_cannot_be_measured_lasts_until_the_connection_ends(method: bytes, response: bytes, state: str) -> None:
    framer = expecting(method, b"GET")
    assert {reply.ordinal for reply in replies(framer, [response, OK])} == {1}
    assert (framer.responses[1].state, framer.responses[1].complete) == (state, False)
    assert framer.closed() == 1
    assert framer.responses[1].complete
    assert framer.closed() is None


def test_a_response_cut_short_by_the_end_is_not_complete() -> None:
    framer = expecting(b"GET")
    replies(framer, [OK[:-1]])
    assert framer.closed() is None
    assert not framer.responses[1].complete
    assert expecting(b"GET").closed() is None


def test_extra_bytes_are_of_the_last_response() -> None:
    framer = expecting(b"GET")
    assert framer.feed(OK + b"HTTP/1.1", len(OK) + 8)[1] == ResponseCut(
        1, len(OK), len(OK) + 8, len(OK), 0, 0, extra=True, complete=True
    )
    framer.expect(b"GET")
    assert [reply.part for reply in replies(framer, [b"\r\nH"])] == ["extra", "extra", "head"]
    assert framer.responses[1].length == len(OK) + 10


def test_bytes_that_answer_nothing_belong_to_nobody() -> None:
    assert ResponseFramer().feed(OK, len(OK)) == []


def test_a_lost_response_ends_at_the_next_turn_or_with_the_connection() -> None:
    start = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nab"
    framer = expecting(b"GET", b"GET")
    framer.feed(start, 4000)
    framer.feed(b"", 4000)
    assert (framer.responses[1].state, framer.responses[1].length) == ("lost", 8000)
    framer.next_turn()
    assert framer.responses[1].complete
    framer.feed(start, 4000)
    assert framer.closed() == 2


# Whatever the bytes, however they are split

_names = st.sampled_from([b"Host", b"X-A", b"content-type"])
_values = st.binary(max_size=12).map(lambda value: value.replace(b"\n", b"").replace(b"\r", b""))
_ends = st.sampled_from([b"\r\n", b"\n"])
_targets = st.from_regex(rb"/[!-~]{0,12}", fullmatch=True)


@st.composite
def heads(draw: st.DrawFn, field: bytes) -> bytes:
    end = draw(_ends)
    method = draw(st.sampled_from([b"GET", b"POST", b"M-SEARCH"]))
    line = method + b" " + draw(_targets) + draw(st.sampled_from([b" HTTP/1.1", b" HTTP/1.0", b""]))
    fields = [name + b":" + value for name, value in draw(st.lists(st.tuples(_names, _values), max_size=3))]
    fields.insert(draw(st.integers(0, len(fields))), field)
    blank = draw(st.sampled_from([b"", b"\r\n", b"\n\n"]))
    return blank + end.join([line, *(field for field in fields if field)]) + end + end


@st.composite
def chunks(draw: st.DrawFn) -> bytes:
    body = b""
    for data in draw(st.lists(st.binary(min_size=1, max_size=30), max_size=3)):
        body += f"{len(data):x}".encode() + draw(st.sampled_from([b"", b";a=b", b" "])) + b"\r\n" + data + b"\r\n"
    return body + b"0\r\n" + draw(st.sampled_from([b"", b"X-Coda: 1\r\n"])) + b"\r\n"


@st.composite
def messages(draw: st.DrawFn) -> bytes:
    """A valid request."""
    body = draw(st.binary(max_size=40))
    return draw(
        st.one_of(
            heads(b""),
            heads(b"Content-Length: %d" % len(body)).map(lambda head: head + body),
            heads(b"Transfer-Encoding: chunked").flatmap(lambda head: chunks().map(lambda rest: head + rest)),
        )
    )


places = st.lists(st.integers(0, 10_000), max_size=12)
noise = st.lists(
    st.one_of(
        st.binary(max_size=20),
        st.sampled_from(
            [GET, POST, CHUNKED, OK, WEBSOCKET, b"\r\n", b"\n\n", b"HTTP/1.1 ", b"Content-Length: 3\r\n", b"0\r\n\r\n"]
        ),
    ),
    max_size=8,
).map(b"".join)


@given(st.lists(messages(), min_size=1, max_size=5), places)
def test_requests_are_cut_where_they_were_joined(requests: list[bytes], where: list[int]) -> None:
    framer = RequestFramer()
    found = owners(framer, split(b"".join(requests), where))
    assert found == [(number, at) for number, request in enumerate(requests, 1) for at in range(len(request))]
    assert all(request.complete for request in framer.requests.values())


@given(noise, places)
def test_any_split_gives_the_same_requests(data: bytes, where: list[int]) -> None:
    whole, parts, single = RequestFramer(), RequestFramer(), RequestFramer()
    expected = owners(whole, [data])
    assert owners(parts, split(data, where)) == expected
    assert owners(single, split(data, list(range(len(data))))) == expected
    assert told(whole) == told(parts) == told(single)


@given(noise, places, st.lists(st.sampled_from([b"GET", b"HEAD", b"CONNECT", None]), max_size=4))
def test_any_split_gives_the_same_responses(data: bytes, where: list[int], methods: list[bytes | None]) -> None:
    methods = [b"GET", *methods]
    whole, parts, single = expecting(*methods), expecting(*methods), expecting(*methods)
    expected = replies(whole, [data])
    assert replies(parts, split(data, where)) == expected
    assert replies(single, split(data, list(range(len(data))))) == expected
    assert whole.closed() == parts.closed() == single.closed()


@given(st.lists(st.tuples(noise, st.integers(0, 300), st.booleans()), max_size=6))
def test_bytes_that_were_not_kept_never_raise_and_always_have_an_owner(reads: list[tuple[bytes, int, bool]]) -> None:
    requests, responses = RequestFramer(), expecting(*[b"GET"] * 50)
    for data, missing, turn in reads:
        length = len(data) + missing
        check_cover(requests.feed(data, length), length)
        check_cover(responses.feed(data, length), length)
        if turn:
            requests.next_turn()
            responses.next_turn()
    assert sum(request.length for request in requests.requests.values()) == sum(len(d) + m for d, m, _ in reads)


# Linear: what is counted is the bytes that the methods of bytes and bytearray are given to look at


def looked_at(work: Callable[[], None]) -> int:
    total = 0

    def count(frame: FrameType, event: str, called: object) -> None:
        nonlocal total
        owner = getattr(called, "__self__", None)
        if event == "c_call" and isinstance(owner, (bytes, bytearray)):
            total += len(owner)

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return total


_HEAD = b"GET / HTTP/1.1\r\n"
LONG_HEADS = {
    "one field": _HEAD + b"X: " + b"a" * 65_536 + b"\r\n\r\n",
    "many fields": _HEAD + b"X: aaaa\r\n" * 2_000 + b"\r\n",
    "a folded field": _HEAD + b"Transfer-Encoding: x\r\n" + b" y\r\n" * 4_000 + b"\r\n",
    "blank lines": b"\r\n" * 8_000 + GET,
    "a long target": b"GET /" + b"a" * 16_384 + b" HTTP/1.1\r\n\r\n",
    "a chunk extension": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0;" + b"a" * 16_384 + b"\r\n\r\n",
    "trailer fields": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: a\r\n" * 2_500 + b"\r\n",
}


@pytest.mark.parametrize("name", LONG_HEADS)
def test_reads_of_one_byte_are_linear(name: str) -> None:
    data = LONG_HEADS[name]

    def one_by_one() -> None:
        framer = RequestFramer()
        for index in range(len(data)):
            framer.feed(data[index : index + 1], 1)
        assert framer.requests[1].state != "head"

    assert looked_at(one_by_one) < 20 * len(data)


def test_responses_read_one_byte_at_a_time_are_linear() -> None:
    data = b"HTTP/1.1 200 OK\r\nX: " + b"a" * 16_384 + b"\r\nContent-Length: 0\r\n\r\n" + b"x" * 16_384

    def one_by_one() -> None:
        framer = expecting(b"GET", b"GET")
        for index in range(len(data)):
            framer.feed(data[index : index + 1], 1)
        assert framer.responses[1].complete

    assert looked_at(one_by_one) < 20 * len(data)


def test_the_count_would_see_a_second_look_at_the_same_bytes() -> None:
    def quadratic() -> None:
        held = bytearray()
        for _ in range(2_000):
            held += b"a"
            held.find(b"\n")

    assert looked_at(quadratic) > 20 * 2_000
