"""Data read from TOML into our structs; what is wrong with it is said in Italian, with the authors' own words."""

import re
import tomllib
from typing import Any, TypeVar

import msgspec

from passerella.errors import ContentError
from passerella.language import _, later

T = TypeVar("T")

_TYPES = {
    "str": later("un testo"),
    "int": later("un numero intero"),
    "float": later("un numero"),
    "bool": later("vero o falso (true, false)"),
    "array": later("un elenco"),
    "object": later("una tabella"),
}
# What msgspec says, and how we say it: the groups are names of fields or of types.
_SENTENCES = (
    (r"Object missing required field `(?P<name>\w+)`", later("manca «{name}»")),
    (r"Object contains unknown field `(?P<name>.+?)`", later("«{name}» non è una voce prevista: forse è scritta male")),
    (r"Expected `(?P<wanted>[\w| ]+)`, got `(?P<got>\w+)`", later("mi aspetto {wanted}, è arrivato {got}")),
    (r"Invalid enum value '(?P<name>.*?)'", later("«{name}» non è fra i valori previsti")),
)
_WHERE = re.compile(r" - at `\$\.?(?P<path>[^`]*)`")


def toml(text: str, where: str) -> dict[str, Any]:
    """Read TOML. :class:`ContentError` says where it is broken."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = at.groups() if at else ("?", "?")
        raise ContentError(
            _(
                "{where}: il TOML non si legge alla riga {line}, colonna {column}. Controlla virgolette e parentesi."
            ).format(where=where, line=line, column=column)
        ) from None


def convert(data: object, kind: type[T], where: str) -> T:
    """Data as ``kind``. :class:`ContentError` says what is missing or wrong."""
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise ContentError(f"{where}: {_in_words(str(error))}.") from None


def _in_words(sentence: str) -> str:
    place = _WHERE.search(sentence)
    at = _(" (in «{place}»)").format(place=place["path"]) if place is not None and place["path"] else ""
    for pattern, words in _SENTENCES:
        match = re.match(pattern, sentence)
        if match is not None:
            parts = {
                name: _type(text) if name in ("wanted", "got") else text for name, text in match.groupdict().items()
            }
            return _(words).format(**parts) + at
    return _("non è fatto come descritto in LEGGIMI.md") + at


def _type(name: str) -> str:
    return _(" o ").join(_(_TYPES.get(each.strip(), each.strip())) for each in name.split("|"))
