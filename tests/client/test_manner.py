import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerella.client.manner import Manner, Piece, cut, cut_at, evenly
from passerella.client.prepared import Prepared, in_line, together

DATA = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def cuts(data: bytes, pieces: tuple[Piece, ...]) -> list[tuple[bytes, float]]:
    return [(bytes(piece), pause) for piece, pause in cut(memoryview(data), pieces)]


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ((), [(b"abcdefg", 0)]),
        (evenly(3, 0.5), [(b"abc", 0.5), (b"def", 0.5), (b"g", 0)]),
        (evenly(7, 0.5), [(b"abcdefg", 0)]),
        (cut_at([2, 5], 1), [(b"ab", 1), (b"cde", 1), (b"fg", 0)]),
        (cut_at([], 1), [(b"abcdefg", 0)]),
        (cut_at([100], 1), [(b"abcdefg", 0)]),
        ((Piece(4, 2), Piece(1, 0.5)), [(b"abcd", 2), (b"e", 0.5), (b"f", 0.5), (b"g", 0)]),
    ],
)
def test_where_a_request_is_cut(pieces: tuple[Piece, ...], expected: list[tuple[bytes, float]]) -> None:
    assert cuts(b"abcdefg", pieces) == expected


@given(st.binary(), st.lists(st.builds(Piece, st.integers(-1, 10), st.floats(0.1, 9))).map(tuple))
def test_pieces_are_the_request_with_a_pause_between_them(data: bytes, pieces: tuple[Piece, ...]) -> None:
    pairs = cuts(data, pieces)
    assert b"".join(piece for piece, _pause in pairs) == data
    assert all(piece for piece, _pause in pairs) or pairs == [(b"", 0)]
    assert [pause > 0 for _piece, pause in pairs] == [True] * (len(pairs) - 1) + [False]


def test_whoever_leaves_at_once_waits_for_no_answer() -> None:
    request = Prepared.of(DATA)
    assert request.sent(Manner(after="half-close")).methods == ("GET",)
    for after in ("reset", "leave"):
        assert request.sent(Manner(after=after)).methods == ()
        assert request.sent(Manner(after=after, stop_after=1)).methods == ("GET",)


def test_requests_in_line_are_one() -> None:
    requests = [Prepared.of(DATA), Prepared.of(DATA.replace(b"GET", b"HEAD"))]
    line = in_line(requests)
    assert (line.data, line.methods) == (requests[0].data + requests[1].data, ("GET", "HEAD"))
    assert cuts(line.data, line.manner.pieces) == [(line.data, 0)]
    slow = in_line(requests, pause=0.5)
    assert cuts(slow.data, slow.manner.pieces) == [(requests[0].data, 0.5), (requests[1].data, 0)]


def test_requests_together_keep_their_manner() -> None:
    manner = Manner(evenly(1, 0.1), "half-close")
    requests = together([Prepared.of(DATA).sent(manner)] * 3)
    assert [request.manner.together for request in requests] == [False, True, True]
    assert {request.manner._replace(together=False) for request in requests} == {manner}
    assert all(a.data == b.data for a, b in itertools.pairwise(requests))
