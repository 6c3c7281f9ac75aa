"""Numbers as people write them."""

import pytest

from passerella.language import read_decimal


@pytest.mark.parametrize(
    ("text", "number"), [("1,5", 1.5), ("1.5", 1.5), ("3", 3.0), (" 0,25 ", 0.25), (",5", 0.5), ("2,", 2.0)]
)
def test_a_comma_or_a_point(text: str, number: float) -> None:
    assert read_decimal(text) == number


@pytest.mark.parametrize("text", ["", ",", "-1", "1e3", "nan", "inf", "1_0", "²", "1,5,0", "9" * 5000, "\x1b[31m"])
def test_what_is_no_number(text: str) -> None:
    assert read_decimal(text) is None
