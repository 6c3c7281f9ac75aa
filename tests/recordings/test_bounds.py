"""What can be seen in the JSON itself is true of what it says."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerella.recordings.bounds import plainly_small

_TEXTS = st.text('0123456789eE.:,[]{}"\\-+ a', max_size=30)
_NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.integers(2**60, 2**70)
_VALUES = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=20,
)


def _depth(value: Any) -> int:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inside is None else 1 + max(map(_depth, inside), default=0)


def _numbers(value: Any) -> list[float]:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = [value] if isinstance(value, int | float) and not isinstance(value, bool) else []
    return own + [each for item in inside for each in _numbers(item)]


@given(_VALUES, st.sampled_from([None, (",", ":"), (" , ", " :  ")]))
def test_a_line_that_looks_small_is_so(value: Any, separators: tuple[str, str] | None) -> None:
    if plainly_small(json.dumps(value, separators=separators).encode()):
        assert _depth(value) <= 32
        assert all(-(2**64) < number < 2**64 for number in _numbers(value))


@pytest.mark.parametrize("text", ["[" * 33 + "]" * 33, '{"a":' * 33 + "1" + "}" * 33, "[1e3]", "[-1E3]", "[ 1.5e300]"])
def test_a_doubt_is_left_to_who_looks_closer(text: str) -> None:
    assert not plainly_small(text.encode())


def test_what_the_probe_says_looks_small() -> None:
    line = b'[["enter",1,123456789012345,7,"Task-1",1,1,3,{"raw":"0x7f3e21","path":"/a[1]"},"environ",null]]'
    assert plainly_small(line)
