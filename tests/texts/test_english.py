"""The English texts: the same keys as the Italian ones, the same references, the shape that the screens expect."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from passerella import texts
from passerella.language import choose

FOLDER = Path(texts.__file__).parent
FILES = ("words.toml", "steps.toml", "keys.toml", "misconceptions.toml")
TITLE_WIDTH = 28
TEXT_LENGTH = 220  # three lines of an 80-column screen, inside a border
ITALIAN = re.compile(
    r"[àèéìòù«»]|\b(il|gli|della|dei|che|non|nel|dalla|viaggio|passo|chiave|codice|funzion[ei])\b", re.I
)


def _leaves(table: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, name))
        else:
            yield (*path, name), value


def _read(language: str, file: str) -> dict[tuple[str, ...], str]:
    return dict(_leaves(tomllib.loads((FOLDER / language / file).read_text(encoding="utf-8"))))


@pytest.mark.parametrize("file", FILES)
def test_the_same_keys(file: str) -> None:
    assert _read("en", file).keys() == _read("it", file).keys()


@pytest.mark.parametrize("file", FILES)
def test_it_reads_as_english_and_fits(file: str) -> None:
    for path, text in _read("en", file).items():
        assert text.strip() == text
        assert text
        assert not ITALIAN.search(text), (path, text)
        if path[-1] in ("title", "label"):
            assert len(text) <= TITLE_WIDTH, path
            assert not text.endswith("."), path
        elif path[-1] == "text":
            assert len(text) <= TEXT_LENGTH, (path, len(text))
            assert text.endswith("."), path


@pytest.mark.parametrize("file", FILES)
def test_references_point_to_the_same_places(file: str) -> None:
    """Specifications and chapters keep their names; only the words around them are translated."""
    italian = _read("it", file)
    for path, text in _read("en", file).items():
        if path[-1] == "reference" and not text.startswith("Passerella") and "source" not in text:
            assert text == italian[path].replace(" e §", " and §"), path


@pytest.mark.parametrize("file", FILES)
def test_names_in_code_are_all_there(file: str) -> None:
    """What an Italian text calls by its name in code, the English one does too."""
    italian = _read("it", file)
    code = re.compile(r"\b[A-Z]+_[A-Z_]+\b|\b\w+\(\)|\b\w+\.\w+\.\w+\b|\b[45]\d\d\b|--[a-z-]+")
    for path, text in _read("en", file).items():
        assert set(code.findall(text)) == set(code.findall(italian[path])), path


def test_english_is_spoken_when_it_is_chosen() -> None:
    assert texts.station_title("view") == "Vista"
    choose("en")
    try:
        assert texts.station_title("view") == "View"
        assert texts.step_text("recv").title == "bytes read"
        assert texts.key_text("wsgi", "HTTP_X_ALTRO").title == "header"
    finally:
        choose("it")
