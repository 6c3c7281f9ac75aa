"""``python -m passerella.language.updating``: brings the catalogues up to date with the code; see ``TRADURRE.md``."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from passerella.language import CATALOGUES, DOMAIN, LANGUAGES, SOURCE

_PACKAGE = Path(__file__).parents[1]
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
_HERE = "passerella.language.extraction"
_METHODS = [
    ("**.py", f"{_HERE}:python_sentences"),
    ("client/breakages.toml", f"{_HERE}:toml_sentences"),
    ("scenarios/catalogue.toml", f"{_HERE}:toml_sentences"),
]
TRANSLATIONS = [language for language in LANGUAGES if language != SOURCE]


def extracted() -> Catalog:
    """Every sentence of the package, with no translation."""
    catalog = _empty()
    for name, _line, sentence, _comments, _context in extract_from_dir(_PACKAGE, _METHODS):
        if not name.startswith("scenarios/apps/"):  # they are students' apps, and speak to students' browsers
            catalog.add(sentence, locations=[(name, 1)])
    return catalog


def folder(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES"


def read(language: str) -> Catalog:
    """The catalogue of ``language`` as it is in its file."""
    path = folder(language) / f"{DOMAIN}.po"
    if not path.is_file():
        return _empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def brought_up_to_date(language: str) -> Catalog:
    """The catalogue with exactly the sentences of the code: what is new has no translation, what is gone is gone."""
    known = {message.id: message.string for message in read(language) if message.id and not message.fuzzy}
    catalog = _empty(language)
    for message in extracted():
        if message.id:
            catalog.add(message.id, known.get(message.id, ""), locations=message.locations)
    return catalog


def _empty(language: str | None = None) -> Catalog:
    """Nothing in it changes with the day or with whoever writes it."""
    return Catalog(
        locale=language,
        project=DOMAIN,
        version="1",
        header_comment=f"# Passerella, {language}. Written by: python -m passerella.language.updating",
        msgid_bugs_address="-",
        copyright_holder="-",
        creation_date=_NO_DATE,
        revision_date=_NO_DATE,
        last_translator="-",
        language_team="-",
        charset="utf-8",
        fuzzy=False,
    )


def untranslated(catalog: Catalog) -> Iterator[Message]:
    """The messages that have no words in that language."""
    for message in catalog:
        words = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and not all(words):
            yield message


def compiled(catalog: Catalog) -> bytes:
    """What gettext reads."""
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def write(language: str, catalog: Catalog) -> None:
    """Write the catalogue for people and for gettext."""
    folder(language).mkdir(parents=True, exist_ok=True)
    with (folder(language) / f"{DOMAIN}.po").open("wb") as file:
        write_po(file, catalog, sort_output=True, width=120, include_lineno=False)  # lines change with every edit
    (folder(language) / f"{DOMAIN}.mo").write_bytes(compiled(catalog))


def main() -> int:
    left = 0
    for language in TRANSLATIONS:
        catalog = brought_up_to_date(language)
        write(language, catalog)
        for message in untranslated(catalog):
            left += 1
            sys.stdout.write(f"{language}: {message.id!r}\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
