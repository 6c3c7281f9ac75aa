"""Many cases fast: parts that Hypothesis made once, mixed by a seeded generator of random numbers.

Half of the journeys' cases are made plausible: moments in order of time, on few connections, exits that name entries.
"""

import random
import warnings
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.errors import NonInteractiveExampleWarning

from fuzz.lines import probe_lines, viewer_lines
from fuzz.wire_events import messages
from passerella.events import Accepted, Closed, Event, Left, Moment, Received, Sent

_PARTS = 1500
_LONGEST = 50
_DAYS = 4000


def parts(strategy: st.SearchStrategy[Any], how_many: int = _PARTS) -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NonInteractiveExampleWarning)
        return [strategy.example() for _ in range(how_many)]


class Mixer:
    """Makes cases; the same ``seed`` over the same parts makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311
        self._viewer = [line for lines in parts(viewer_lines) for line in lines]
        self._probe = [line for lines in parts(probe_lines) for line in lines]
        self._events: list[Event] = parts(messages, 3 * _PARTS)
        self._accepted = [event for event in self._events if isinstance(event, Accepted)]
        self._closed = [event for event in self._events if isinstance(event, Closed)]

    def viewer_case(self) -> tuple[list[bytes], list[int], bool]:
        lines = [self._bent(line) for line in self._some(self._viewer, 8)]
        cuts = [self._random.randrange(4000) for _ in range(self._random.randrange(8))]
        return lines, cuts, self._random.random() < 0.5

    def probe_case(self) -> list[bytes]:
        return [self._bent(line) for line in self._some(self._probe, 5)]

    def journeys_case(self) -> tuple[list[tuple[int, Event, bool]], bool]:
        events = self._some(self._events, _LONGEST) if self._random.random() < 0.998 else self._for_days()
        if self._random.random() < 0.5:
            events = self._plausible([self._random.choice(self._accepted), *events])
        pids = (7,) if self._random.random() < 0.5 else (7, 7, 7, 8, -1)
        told = [(self._random.choice(pids), event, self._random.random() < 0.05) for event in events]
        return told, self._random.random() < 0.9

    def _for_days(self) -> list[Event]:
        """So many connections that those that are over are forgotten."""
        pools = (*4 * (self._accepted, self._closed), self._events)
        return self._plausible([self._random.choice(self._random.choice(pools)) for _ in range(_DAYS)])

    def _some(self, pool: list[Any], most: int) -> list[Any]:
        return self._random.choices(pool, k=self._random.randrange(most) + 1)

    def _bent(self, line: bytes) -> bytes:
        """A line, one in three times with something changed."""
        if self._random.random() > 1 / 3:
            return line
        start = self._random.randrange(len(line) + 1)
        bits = self._random.choice((b"", b"\n", b"9" * 400, b"[", b'"', self._random.randbytes(3)))
        return line[:start] + bits + line[start + self._random.randrange(4) :]

    def _plausible(self, events: list[Event]) -> list[Event]:
        return [self._placed(event, n) if isinstance(event, Moment) else event for n, event in enumerate(events, 1)]

    def _placed(self, event: Moment, n: int) -> Moment:
        draw = self._random.randrange
        places: dict[str, Any] = {"n": n, "t": n * 10 + draw(-15, 15), "connection": 1 + draw(2) * draw(2)}
        places["request"] = draw(4)
        if isinstance(event, Left):
            places["entry"] = draw(n)
        if isinstance(event, Received | Sent):
            places["length"] = len(event.data) + draw(3) * draw(2)
        return msgspec.structs.replace(event, **places)
