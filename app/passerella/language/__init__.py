"""gettext: Italian is the source, so its sentences need no catalogue.

The other languages are folders of ``catalogues``; ``TRADURRE.md`` says how to write and complete one.
"""

import gettext
import re
from pathlib import Path

SOURCE = "it"
LANGUAGES = (SOURCE, "en")
CATALOGUES = Path(__file__).parent / "catalogues"
DOMAIN = "passerella"
_DECIMAL = re.compile(r"[0-9]{1,9}([.,][0-9]{0,9})?|[.,][0-9]{1,9}")

_language = SOURCE
_translations: gettext.NullTranslations = gettext.NullTranslations()


def choose(language: str) -> None:
    """Speak ``language`` from now on; an unknown one leaves Italian. First of all: many sentences are made at import."""
    global _translations, _language
    _language = language if language in LANGUAGES else SOURCE
    _translations = gettext.translation(DOMAIN, CATALOGUES, languages=[_language], fallback=True)


def current() -> str:
    """The language that is spoken."""
    return _language


def _(sentence: str) -> str:
    return _translations.gettext(sentence) if sentence else ""  # gettext's answer to nothing is the catalogue's head


def later(sentence: str) -> str:
    """``sentence`` as it is: it stands in a table, and goes through :func:`_` where it is shown."""
    return sentence


def plural(one: str, many: str, count: int) -> str:
    """The sentence for ``count`` things; the caller fills it in with ``format``."""
    return _translations.ngettext(one, many, count)


def read_decimal(text: str) -> float | None:
    """A number with a comma or a point, as people write it; None when it is another thing."""
    found = _DECIMAL.fullmatch(text.strip())
    return float(found[0].replace(",", ".")) if found else None


def decimal_mark() -> str:
    """What stands between units and tenths."""
    return "," if _language == SOURCE else "."
