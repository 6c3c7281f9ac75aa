"""Where each part of a request's head is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerella.journeys.model import Span
from passerella.journeys.request_head import Head, read_head

PARTS = ("method", "target", "path", "query", "authority", "fragment", "version")


def texts(request: bytes) -> dict[str, bytes]:
    """The parts that are there, as bytes."""
    head = read_head(request)
    found: dict[str, Span | None] = {part: getattr(head, part) for part in PARTS}
    return {part: request[slice(*span)] for part, span in found.items() if span is not None}


def headers(request: bytes) -> list[tuple[str, list[bytes]]]:
    return [(header.name, [request[slice(*span)] for span in header.values]) for header in read_head(request).headers]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            b"GET /ciao?nome=Ada HTTP/1.1",
            {
                "method": b"GET",
                "target": b"/ciao?nome=Ada",
                "path": b"/ciao",
                "query": b"nome=Ada",
                "version": b"1.1",
            },
        ),
        (
            b"GET http://u@a.it:80/c?q#f HTTP/1.0",
            {
                "method": b"GET",
                "target": b"http://u@a.it:80/c?q#f",
                "authority": b"u@a.it:80",
                "path": b"/c",
                "query": b"q",
                "fragment": b"f",
                "version": b"1.0",
            },
        ),
        (
            b"GET /a#b?c HTTP/1.1",
            {"method": b"GET", "target": b"/a#b?c", "path": b"/a", "fragment": b"b?c", "version": b"1.1"},
        ),
        (b"GET /? HTTP/1.1", {"method": b"GET", "target": b"/?", "path": b"/", "query": b"", "version": b"1.1"}),
        (
            b"CONNECT a.it:443 HTTP/1.1",
            {"method": b"CONNECT", "target": b"a.it:443", "authority": b"a.it:443", "version": b"1.1"},
        ),
        (b"OPTIONS * HTTP/1.1", {"method": b"OPTIONS", "target": b"*", "path": b"*", "version": b"1.1"}),
        (
            b"GET http://a HTTP/1.1",
            {"method": b"GET", "target": b"http://a", "authority": b"a", "path": b"", "version": b"1.1"},
        ),
        (b"GET //a/b", {"method": b"GET", "target": b"//a/b", "path": b"//a/b"}),
        (b" GET \t/  HTTP/1.1 ", {"method": b"GET", "target": b"/", "path": b"/", "version": b"1.1"}),
        (b"GET /a b HTTP/1.1", {"method": b"GET", "target": b"/a b", "path": b"/a b", "version": b"1.1"}),
        (b"GET / FTP/3", {"method": b"GET", "target": b"/ FTP/3", "path": b"/ FTP/3"}),
        (b"CIAO", {"method": b"CIAO"}),
        (b"\x00\xff", {"method": b"\x00\xff"}),
    ],
)
def test_request_lines(line: bytes, expected: dict[str, bytes]) -> None:
    assert texts(line + b"\r\n\r\n") == expected
    assert texts(b"\r\n\n" + line + b"\n\n") == expected


def test_the_empty_query_is_just_after_the_question_mark() -> None:
    assert read_head(b"GET /? HTTP/1.1\r\n").query == (6, 6)
    assert read_head(b"GET / HTTP/1.1\r\n").query is None


def test_headers_as_they_stand() -> None:
    request = (
        b"GET / HTTP/1.1\r\nHost: a.it\r\nX-DUP:b\r\nx-dup:  c \t\r\nVuota:\r\nX_U : 8\xe8\r\n"
        b"Piegata: uno \r\n  due\r\n\ttre\r\n\r\ncorpo: no"
    )
    assert headers(request) == [
        ("host", [b"a.it"]),
        ("x-dup", [b"b"]),
        ("x-dup", [b"c"]),
        ("vuota", [b""]),
        ("x_u", [b"8\xe8"]),
        ("piegata", [b"uno", b"due", b"tre"]),
    ]
    head = read_head(request)
    assert head.end == request.index(b"corpo")
    assert [request[slice(*line)] for line in head.headers[-1].lines] == [b" uno ", b"  due", b"\ttre"]
    assert [request[slice(*header.name_span)] for header in head.headers[:2]] == [b"Host", b"X-DUP"]


def test_a_line_that_is_no_header_is_told() -> None:
    request = b"GET / HTTP/1.1\nA: 1\nnonsense\nB: 2\n\n"
    assert read_head(request).stray == request.index(b"nonsense")
    assert headers(request) == [("a", [b"1"]), ("b", [b"2"])]
    assert read_head(b"GET / HTTP/1.1\nA: 1\nno").stray is None


def test_a_continuation_of_nothing_is_nothing() -> None:
    assert headers(b"GET / HTTP/1.1\r\n a: b\r\nC: d\r\n\r\n") == [("c", [b"d"])]


def test_a_partial_head_gives_what_is_there() -> None:
    request = b"GET /ciao HTTP/1.1\r\nHost: a.it\r\n\r\n"
    assert texts(b"") == {}
    assert read_head(b"\r\n") == Head()
    assert texts(request[:2]) == {"method": b"GE"}
    assert texts(request[:12]) == {"method": b"GET", "target": b"/ciao", "path": b"/ciao"}
    assert headers(request[:28]) == [("host", [b"a."])]
    assert read_head(request[:-2]).end is None
    assert read_head(request).end == len(request)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"5;a=b\r\nhello\r\n0\r\nX-Coda: 1\r\n\r\nGET", ["x-coda"]),
        (b"0\r\n\r\nX-Altra: 1\r\n\r\n", []),
        (b"5\r\nhel", []),
        (b"5\r\nhello\r\n", []),
        (b"zz\r\n", []),
        (b"fffffffffffffff\r\nhello\r\n0\r\nX: 1\r\n\r\n", []),
    ],
)
def test_trailer_fields(body: bytes, expected: list[str]) -> None:
    head = b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n"
    assert [header.name for header in read_head(head + body).trailers] == expected
    assert read_head(b"POST / HTTP/1.1\r\n\r\n" + body).trailers == ()


def check_spans(request: bytes, head: Head) -> None:
    spans = [span for span in (getattr(head, part) for part in PARTS) if span is not None]
    for header in (*head.headers, *head.trailers):
        spans += [header.name_span, *header.lines, *header.values]
    assert all(0 <= start <= end <= len(request) for start, end in spans)
    assert head.end is None or 0 < head.end <= len(request)


pieces = st.one_of(
    st.binary(max_size=12),
    st.sampled_from(
        [
            b"GET ", b"CONNECT ", b"/a?b#c", b"http://a", b" HTTP/1.1", b"\r\n", b"\n", b" ", b"\t", b":", b"X: a",
            b"\r\n\r\n", b"Transfer-Encoding: chunked", b"5\r\n", b"0\r\n", b"\r",
        ]
    ),
)  # fmt: skip


@given(st.lists(pieces, max_size=20).map(b"".join))
def test_any_bytes_give_spans_inside_them(request: bytes) -> None:
    check_spans(request, read_head(request))


@given(st.lists(pieces, max_size=20).map(b"".join), st.integers(0, 200))
def test_what_is_there_stays_where_it_is(request: bytes, place: int) -> None:
    """The headers of a first part, but the last one, are headers of the whole."""
    part, whole = read_head(request[:place]), read_head(request)
    if part.end is None:
        assert part.headers[:-1] == whole.headers[: max(0, len(part.headers) - 1)]
    else:
        assert part.headers == whole.headers
