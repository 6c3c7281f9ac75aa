"""The pieces of a stream: each on a row of its own, as long as they are not too many."""

from collections.abc import Callable

import pytest

from passerella.journeys.model import Journey, Step
from passerella.views.rows import rows

Make = Callable[..., Step]


@pytest.mark.parametrize("line", ["GET /flusso"])
@pytest.mark.parametrize("scenario", ["gunicorn-flask", "uvicorn-asgi"])
def test_each_piece_has_its_time(scenario: str, line: str, real: Callable[[str], dict[str, Journey]]) -> None:
    arrived = [row for row in rows(real(scenario)[line]) if row.step.name == "response_received"]
    assert len(arrived) >= 3
    assert arrived[-1].t - arrived[0].t > 300_000_000
    assert all(len(row.covers) == 1 for row in arrived)


@pytest.mark.parametrize(("given", "pieces", "expected"), [(1, 12, 1), (2, 5, 5), (2, 8, 8), (2, 20, 8)])
def test_only_a_stream_is_unfolded_and_only_so_far(step: Make, given: int, pieces: int, expected: int) -> None:
    steps = [step(n, name="chunk", level=3, value={"length": 9}) for n in range(1, given + 1)]
    steps += [step(given + n, station="client", name="response_received") for n in range(1, pieces + 1)]
    journey = Journey(1, "", 1, steps=steps)
    arrived = [row for row in rows(journey) if row.step.name == "response_received"]
    assert len(arrived) == expected
    assert sum(len(row.covers) for row in arrived) == pieces
