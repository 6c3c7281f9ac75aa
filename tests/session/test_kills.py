"""Whatever becomes of us, nothing that we started goes on (``tests/long/uccisioni.py`` does it a hundred times each)."""

import random
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("i segnali di POSIX", allow_module_level=True)

from session.killing import killed, resized

_SLICE = 0.6  # seconds: each turn is killed in one of its own, from the start of the parent until it serves


@pytest.mark.parametrize("scenario", ["gunicorn-flask", "uvicorn-fastapi", "hypercorn-fastapi", "granian-fastapi"])
@pytest.mark.parametrize("turn", range(3))
def test_the_parent_is_killed_at_some_moment(scenario: str, turn: int, tmp_path: Path) -> None:
    moment = random.Random().uniform(turn * _SLICE, (turn + 1) * _SLICE)  # noqa: S311 - a moment, not a secret
    assert killed(scenario, tmp_path / "t", moment) == [], f"after {moment} s"


@pytest.mark.parametrize(
    "scenario",
    [
        "gunicorn-flask",
        pytest.param("nginx-gunicorn-flask", marks=pytest.mark.nginx),
        pytest.param("apache-gunicorn-flask", marks=pytest.mark.apache),
    ],
)
def test_a_terminal_that_is_resized_ends_nothing(scenario: str, tmp_path: Path) -> None:
    """SIGWINCH makes Gunicorn stop its workers, Nginx and Apache themselves."""
    assert resized(scenario, tmp_path / "t") == []
