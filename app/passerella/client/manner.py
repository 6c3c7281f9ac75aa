"""How the bytes of a request are sent, and how the client leaves. Pure."""

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise, repeat
from typing import Literal, NamedTuple

LONGEST_PAUSE = 3600  # seconds between a piece and the next, for who asks for one

After = Literal["read", "half-close", "reset", "leave"]


class Piece(NamedTuple):
    """So many bytes in one go, then a pause of so many seconds."""

    size: int
    pause: float = 0.0


class Manner(NamedTuple):
    """A way to send a request and to end its connection. Without arguments: all at once, then read the answer.

    :ivar pieces: the cuts from the first byte on; the last one is repeated until the request is over.
    :ivar after: once it is sent: read the answer; close our side only, then read; reset the connection; just close it.
    :ivar stop_after: with «reset» and «leave»: how many bytes of the answer to read before. With none, what comes while
        the request is still going is read all the same.
    :ivar together: goes at the same time as the request before it; each of them on a connection of its own.
    """

    pieces: tuple[Piece, ...] = ()
    after: After = "read"
    stop_after: int = 0
    together: bool = False

    @property
    def wants_answer(self) -> bool:
        return self.stop_after > 0 or self.after in ("read", "half-close")

    @property
    def ends_connection(self) -> bool:
        return self.stop_after > 0 or self.after != "read"


def evenly(size: int, pause: float) -> tuple[Piece, ...]:
    """``size`` bytes at a time."""
    return (Piece(size, pause),)


def cut_at(points: Sequence[int], pause: float) -> tuple[Piece, ...]:
    """A pause at each of the growing ``points``; what is after the last goes in one piece."""
    sizes = [end - start for start, end in pairwise((0, *points))]
    return (*(Piece(size, pause) for size in sizes), _REST)


def cut(data: memoryview, pieces: Sequence[Piece]) -> Iterator[tuple[memoryview, float]]:
    """The pieces of ``data``, each with the pause that follows it; none follows the last."""
    start = 0
    for size, pause in chain(pieces, repeat(pieces[-1] if pieces else _REST)):
        end = start + max(size, 1)
        if end >= len(data):
            yield data[start:], 0.0
            return
        yield data[start:end], pause
        start = end


_REST = Piece(2**63)
