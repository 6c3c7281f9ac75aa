"""Reads the tables of texts and looks names up in them.

A language is a folder beside this file. Italian is the source: what a translation does not say is said in Italian,
and a language without a folder is Italian. Where no language is asked for, it is the one that is spoken.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from passerella.errors import ContentError
from passerella.language import _, current

SOURCE = "it"
_FOLDERS = Path(__file__).parent

Table = TypeVar("Table")

Interface = Literal["wsgi", "asgi"]
_MAPPINGS = {"wsgi": "environ", "asgi": "scope"}

# Landmarks of the taps around an event loop: bytes are given to it or come from it, recv and send are not seen.
_LOOP_TAPS = ("transport.", "protocol.")
_LOOP_VARIANT = ".loop"

_FAMILIES = {"HTTP_": "HTTP_*", "mod_wsgi.": "mod_wsgi.*"}  # how their keys begin
_ANY_KEY = "*"


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An explanation: a few words, two sentences, where to read more."""

    title: str
    text: str
    reference: str


class Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A short label and one sentence."""

    label: str
    text: str


class Misconception(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"name": "nome", "truth": "invece"}
):
    """A wrong belief: ``name`` as a student would say it, ``truth`` what really happens."""

    name: str
    truth: str


def step_text(name: str, landmark: str = "", language: str = "") -> Text:
    """The explanation of a kind of step.

    A dotted name that has no text takes the one before the dot (``recv.loop`` → ``recv``).

    :raises KeyError: the name is in no table.
    """
    steps = _steps(language or current())
    variant = name + _LOOP_VARIANT if landmark.startswith(_LOOP_TAPS) else name
    for candidate in (variant, name, name.partition(".")[0]):
        if candidate in steps:
            return steps[candidate]
    raise KeyError(name)


def key_text(interface: Interface, key: str, language: str = "") -> Text:
    """The explanation of a key of ``environ`` or ``scope``, or of an inner path (``headers[2]``). Never fails on a key."""
    keys = _keys(language or current())[_MAPPINGS[interface]]
    for candidate in (key, key.partition("[")[0]):
        if candidate in keys:
            return keys[candidate]
    families = (name for beginning, name in _FAMILIES.items() if key.startswith(beginning))
    return keys[next(families, _ANY_KEY) if interface == "wsgi" else _ANY_KEY]


def word(name: str, language: str = "") -> Word:
    """An origin (``socket``), a way to be held (``await``) or a direction (``inbound``).

    Stations share names with origins: see :func:`station`.

    :raises KeyError: the name is in none of the three tables.
    """
    words = _words(language or current())
    for table in ("origin", "hold", "direction"):
        if name in words[table]:
            return words[table][name]
    raise KeyError(name)


def origin(name: str, language: str = "") -> Word:
    """Where a key comes from, when no byte of the request decides it."""
    return _words(language or current())["origin"][name]


def hold(name: str, language: str = "") -> Word:
    """How a step can be held."""
    return _words(language or current())["hold"][name]


def direction(name: str, language: str = "") -> Word:
    """Towards the view or back."""
    return _words(language or current())["direction"][name]


def station(name: str, language: str = "") -> Word:
    """What a station is."""
    return _words(language or current())["station"][name]


def station_title(name: str, language: str = "") -> str:
    """The name of a station on the map."""
    return station(name, language).label


@cache
def _steps(language: str) -> dict[str, Text]:
    return _read("steps.toml", language, dict[str, Text])


@cache
def _keys(language: str) -> dict[str, dict[str, Text]]:
    return _read("keys.toml", language, dict[str, dict[str, Text]])


@cache
def _words(language: str) -> dict[str, dict[str, Word]]:
    return _read("words.toml", language, dict[str, dict[str, Word]])


def misconceptions(language: str = "") -> dict[str, Misconception]:
    """Wrong beliefs that learners have, by their code."""
    return _misconceptions(language or current())


@cache
def _misconceptions(language: str) -> dict[str, Misconception]:
    return _read("misconceptions.toml", language, dict[str, Misconception])


def _read(file: str, language: str, kind: type[Table]) -> Table:
    entries = _parse(_FOLDERS / SOURCE / file)
    translation = _FOLDERS / language / file
    if language != SOURCE and translation.is_file():
        entries = _overlay(entries, _parse(translation))
    try:
        return msgspec.convert(entries, kind)
    except msgspec.ValidationError as error:
        raise _unusable(translation, error) from error


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # ValueError: not UTF-8, or not TOML
        raise _unusable(path, error) from error


def _overlay(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """``under`` with what ``over`` says instead, table by table."""
    merged = dict(under)
    for key, value in over.items():
        below = under.get(key)
        merged[key] = _overlay(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _unusable(path: Path, error: Exception) -> ContentError:
    name = f"{path.parent.name}/{path.name}"
    return ContentError(_("Il file dei testi {name} non si può usare: correggilo.").format(name=name), str(error))
