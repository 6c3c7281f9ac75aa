import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerella.views.inspector import bytes_lines
from passerella.views.values import kind, shown
from passerella.views.visible import visible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("ciao è 東", "ciao è 東"),
        ("\x1b[31m", "␛[31m"),
        ("a\x00b\r\n", "a␀b␍␊"),
        ("\x9b1m", "⟨U+009B⟩1m"),
        ("\u202egnp.exe", "⟨U+202E⟩gnp.exe"),
        ("\u2066x\u2069", "⟨U+2066⟩x⟨U+2069⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("♥\ufe0f", "♥⟨U+FE0F⟩"),
        ("\x7f", "␡"),
    ],
)
def test_what_cannot_be_seen_is_shown(text: str, seen: str) -> None:
    assert visible(text) == seen


@given(st.text(st.characters()), st.integers(1, 50))
def test_nothing_unseen_is_left_and_the_length_is_bounded(text: str, limit: int) -> None:
    seen = visible(text, limit)
    assert not [each for each in seen if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert len(seen) <= limit * len("⟨U+10FFFF⟩") + 1
    if len(text) > limit:
        assert seen.endswith("…")


@given(st.text(st.characters(codec="ascii", categories=("L", "N", "P"))))
def test_plain_text_is_left_alone(text: str) -> None:
    assert visible(text, len(text)) == text


@pytest.mark.parametrize(
    ("value", "seen", "type_name"),
    [
        ("/ciao", "'/ciao'", "str"),
        ({"bytes": "h\xe9"}, "b'h\\xe9'", "bytes"),
        ({"tuple": [1, 0]}, "(1, 0)", "tuple"),
        ({"tuple": [1]}, "(1,)", "tuple"),
        (["a", {"bytes": "b"}], "['a', b'b']", "list"),
        ({"type": "flask.wrappers.Request", "id": 7}, "‹flask.wrappers.Request›", "Request"),
        ({"a": 1}, "{'a': 1}", "dict"),
        (None, "None", "NoneType"),
        ("\x1b[bold]", "'\\x1b[bold]'", "str"),
    ],
)
def test_values_are_shown_as_python_would(value: object, seen: str, type_name: str) -> None:
    assert shown(value) == seen
    assert kind(value) == type_name


def test_a_text_cut_by_the_probe_says_how_long_it_was() -> None:
    value = {"type": "str", "id": 1, "length": 70_000, "text": "x" * 65_536}
    assert "70\u202f000" in shown(value)


_scalars = st.none() | st.booleans() | st.integers() | st.text() | st.builds(lambda text: {"bytes": text}, st.text())
_values = st.recursive(
    _scalars,
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(), inner) | st.builds(lambda each: {"tuple": each}, st.lists(inner))
    ),
)


@given(_values, st.integers(10, 300))
def test_any_value_is_shown_bounded_on_one_line(value: object, limit: int) -> None:
    seen = shown(value, limit)
    assert "\n" not in seen
    assert "\x1b" not in seen
    assert len(seen) <= limit * len("⟨U+10FFFF⟩") + 1


@given(st.binary(max_size=300), st.integers(1, 32), st.integers(0, 1000))
def test_a_dump_holds_every_byte_once_and_in_place(data: bytes, width: int, start: int) -> None:
    found = bytes_lines(data, start, (), width)
    assert bytes.fromhex("".join("".join(line.hexes) for line in found)) == data
    assert [line.offset for line in found] == list(range(start, start + len(data), width))
    assert all(len(line.text) == len(line.hexes) == len(line.lit) <= width for line in found)
    assert "".join(line.text for line in found).isprintable()


@given(st.binary(min_size=1, max_size=200), st.data())
def test_the_lit_bytes_are_those_of_the_ranges(data: bytes, draw: st.DataObject) -> None:
    first = draw.draw(st.integers(0, len(data)))
    end = draw.draw(st.integers(first, len(data)))
    lit = [lit for line in bytes_lines(data, 0, [(first, end)], 16) for lit in line.lit]
    assert [index for index, each in enumerate(lit) if each] == list(range(first, end))
