"""Frames cut out of the bytes that follow a 101, however they were split."""

from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Ping, TextMessage

from passerella.journeys.frames import FrameCut, FrameCutter

CONTENTS = st.lists(st.one_of(st.text(max_size=300), st.binary(max_size=70_000)), max_size=5)


def _sent(kind: ConnectionType, contents: list[str | bytes]) -> list[bytes]:
    """Each message as wsproto frames it."""
    line = Connection(kind)
    return [line.send(TextMessage(each) if isinstance(each, str) else BytesMessage(each)) for each in contents]


def _cuts(data: bytes, sizes: list[int]) -> list[FrameCut]:
    cutter, cuts, position = FrameCutter(), [], 0
    for size in [*sizes, len(data)]:
        piece = data[position : position + size]
        for cut in cutter.feed(piece, len(piece)):
            cuts.append(FrameCut(position + cut.start, position + cut.end, cut.told))
        position += len(piece)
    return cuts


@given(CONTENTS, st.lists(st.integers(1, 5000), max_size=8), st.sampled_from(list(ConnectionType)))
def test_each_frame_is_told_once_wherever_it_is_split(
    contents: list[str | bytes], sizes: list[int], kind: ConnectionType
) -> None:
    frames = _sent(kind, contents)
    data = b"".join(frames)
    cuts = _cuts(data, sizes)
    assert [cut.start for cut in cuts[1:]] == [cut.end for cut in cuts[:-1]]
    assert not cuts or (cuts[0].start, cuts[-1].end) == (0, len(data))
    told = [cut for cut in cuts if cut.told]
    ends = [sum(map(len, frames[: index + 1])) for index in range(len(frames))]
    assert [cut.end for cut in told] == ends
    for cut, content in zip(told, contents, strict=True):
        encoded = content.encode() if isinstance(content, str) else content
        assert cut.told["length"] == len(encoded)
        assert bool(cut.told["mask"]) is (kind is ConnectionType.CLIENT)
        if isinstance(content, str) and len(encoded) <= 4096:
            assert cut.told["text"] == content
        assert cut.told["frame"] == ("text" if isinstance(content, str) else "binary")


def test_a_close_says_its_code_and_its_reason() -> None:
    (cut,) = _cuts(Connection(ConnectionType.CLIENT).send(CloseConnection(4000, "basta così")), [])
    assert (cut.told["frame"], cut.told["code"], cut.told["reason"]) == ("close", 4000, "basta così")


def test_a_ping_is_a_frame_too() -> None:
    (cut,) = _cuts(Connection(ConnectionType.SERVER).send(Ping(b"?")), [])
    assert (cut.told["frame"], cut.told["mask"]) == ("ping", None)


@given(st.binary(max_size=500), st.integers(0, 500))
def test_any_bytes_are_cut_and_what_was_not_kept_is_counted(data: bytes, more: int) -> None:
    cuts = FrameCutter().feed(data, len(data) + more)
    assert [cut.start for cut in cuts[1:]] == [cut.end for cut in cuts[:-1]]
    assert not cuts or (cuts[0].start, cuts[-1].end) == (0, len(data) + more)


def test_content_that_was_not_kept_hides_no_frame_after_it() -> None:
    first, second = _sent(ConnectionType.SERVER, [b"x" * 9000, "ciao"])
    cutter = FrameCutter()
    (cut,) = cutter.feed(first[:100], len(first))
    assert cut.told["length"] == 9000
    (cut,) = cutter.feed(second, len(second))
    assert cut.told["text"] == "ciao"
