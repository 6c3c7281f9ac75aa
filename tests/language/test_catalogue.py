"""The catalogues: every sentence of the program has its words in every language, and they fit where they go."""

import ast
import gettext
import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message

from passerella.language import CATALOGUES, DOMAIN, updating
from passerella.language.updating import TRANSLATIONS

PACKAGE = CATALOGUES.parents[1]
TO_COMPLETE = "scrivi: python -m passerella.language.updating, completa passerella.po, e di nuovo lo stesso comando"

# One thing has one name (design §2): where the Italian sentence has the first, the English one has the second.
NAMES = {
    r"viagg(io|i)": "journey|trip",
    r"pass[oi]": "steps?",
    r"stazion[ei]": "station",
    r"mappa": "map",
    r"sonda": "probe",
    r"registrazion[ei]": "recording",
    r"scenar(io|i)": "scenario",
    r"laboratorio": "lab",
    r"confronto": "compar",
    r"corsi[ae]": "lane",
    r"microscopio": "microscope",
    r"intestazion[ei]": "header",
    r"ponte": "gateway",
    r"vista": "view",
}
# Names of commands, options and their values stay as they are in every language; so do the paths of the scenarios.
UNTRANSLATED = re.compile(
    r"--[a-z-]+|passerella [a-z]+|«(testo|mezza|subito|traccia[^»]*|tutti)»|\S+\.(passerella|html)"
)
ITALIAN = re.compile(
    r"[«»èìù]|\b(il|lo|gli|della|dello|dei|degli|che|non|è|nel|nella|alla|dalla|più|quando|viaggio|chiave)\b",
    re.IGNORECASE,
)
# What is translated where it is shown, and stands in a table that the extraction knows.
FROM_TABLES = {
    "_ROLES.get(finding.name, '')",
    "REFUSED.get(refusal.what, refusal.what)",
    "REFUSED.get(event.what, event.what)",
    "_FAILURES.get(answer.failure, '')",
    "_FRAME_WORDS.get(str(value['frame']), str(value['frame']))",
    "_TITLES.get(name, name.capitalize())",
    "words.ALL_BYTES",
    "_TYPES.get(each.strip(), each.strip())",
    "words",
    "reason",
    "_WORDS[word].names",
    "known.names",
    "known.about",
    "known.argument",
    "each.title",
    "each.about",
    "each.shows",
    "each.why",
    "why",
}


def _messages(language: str) -> list[Message]:
    return [message for message in updating.read(language) if message.id]


def _pairs(message: Message) -> list[tuple[str, str]]:
    """Each Italian sentence with its translation."""
    if isinstance(message.id, str):
        assert isinstance(message.string, str)
        return [(message.id, message.string)]
    assert isinstance(message.string, tuple)
    return list(zip(message.id, message.string, strict=True))


@pytest.fixture(params=TRANSLATIONS)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_no_sentence_is_missing_and_none_is_left_over(language: str) -> None:
    in_code = {message.id for message in updating.extracted() if message.id}
    in_catalogue = {message.id for message in _messages(language)}
    assert not in_code - in_catalogue, TO_COMPLETE
    assert not in_catalogue - in_code, TO_COMPLETE
    assert not list(updating.untranslated(updating.read(language))), TO_COMPLETE


def test_nothing_is_fuzzy_or_obsolete(language: str) -> None:
    catalog = updating.read(language)
    assert not [message.id for message in catalog if message.fuzzy]
    assert not catalog.obsolete


def test_placeholders_are_the_same(language: str) -> None:
    for message in _messages(language):
        for italian, translated in _pairs(message):
            assert _placeholders(italian) == _placeholders(translated), italian


def _placeholders(sentence: str) -> set[tuple[str, str, str]]:
    return {
        (name, specification or "", conversion or "")
        for _text, name, specification, conversion in Formatter().parse(sentence)
        if name is not None
    }


def test_blanks_are_the_same(language: str) -> None:
    """Spaces at the ends join sentences; line breaks and \\b are click's."""
    for message in _messages(language):
        for italian, translated in _pairs(message):
            assert re.findall(r"^\s*|\s*$|[\n\b]", italian) == re.findall(r"^\s*|\s*$|[\n\b]", translated), italian


def test_what_gettext_reads_is_what_people_wrote(language: str) -> None:
    with (updating.folder(language) / f"{DOMAIN}.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in _messages(language):
        if isinstance(message.id, str):
            assert compiled.gettext(message.id) == message.string, TO_COMPLETE
        else:
            one, many = message.id
            assert (compiled.ngettext(one, many, 1), compiled.ngettext(one, many, 2)) == message.string
    with (updating.folder(language) / f"{DOMAIN}.mo").open("rb") as file:
        assert file.read() == updating.compiled(updating.read(language)), TO_COMPLETE


def test_english_reads_as_english() -> None:
    for message in _messages("en"):
        for italian, english in _pairs(message):
            assert not ITALIAN.search(UNTRANSLATED.sub("", english)), (italian, english)


def test_one_thing_has_one_name() -> None:
    for message in _messages("en"):
        for italian, english in _pairs(message):
            said = UNTRANSLATED.sub("", italian).lower()
            for name, named in NAMES.items():
                if re.search(rf"\b{name}\b", said):
                    assert re.search(named, english.lower()), (italian, english)


def test_no_sentence_escapes_the_extraction() -> None:
    """What goes through ``_`` is written there, or in a table that ``extraction.py`` and this test know."""
    for path, call in _calls():
        sentences = call.args[:2] if _name(call) == "plural" else call.args[:1]
        for sentence in sentences:
            known = isinstance(sentence, ast.Constant) or ast.unparse(sentence) in FROM_TABLES
            assert known, f"{path}:{call.lineno}: {ast.unparse(call)}"


def _calls() -> list[tuple[Path, ast.Call]]:
    return [
        (path.relative_to(PACKAGE), node)
        for path in PACKAGE.rglob("*.py")
        if not path.is_relative_to(PACKAGE / "probe")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _name(node) in ("_", "plural")
    ]


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""
