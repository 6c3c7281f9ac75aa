"""``--al-secondo``: how much is recorded when journeys are many."""

import click
import pytest

from passerella.cli.limits import read_limits
from passerella.errors import CommandError


def _read(text: str | None) -> tuple[int, int] | None:
    return read_limits(click.Context(click.Command("traccia")), click.Option(["--al-secondo"]), text)


def test_one_number_or_two() -> None:
    assert _read(None) is None
    assert _read("5:20") == (5, 20)
    assert _read("0:0") == (0, 0)
    assert _read("7") == (7, 1_000_000)


@pytest.mark.parametrize("text", ["", ":", "a", "5:", ":5", "5:4", "-1", "1e3", "²", "5:20:30", "9" * 5000, "\x1b[31m"])
def test_anything_else_is_refused_in_words(text: str) -> None:
    with pytest.raises(CommandError, match="--al-secondo"):
        _read(text)
