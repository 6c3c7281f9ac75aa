"""gettext: Italian is the source, so its sentences need no catalogue."""

import gettext
from pathlib import Path

_CATALOGUES = Path(__file__).parent / "catalogues"
_translations: gettext.NullTranslations = gettext.NullTranslations()


def choose(language: str) -> None:
    """Speak ``language`` from now on (``it`` is the source); an unknown one leaves Italian."""
    global _translations
    _translations = gettext.translation("passerella", _CATALOGUES, languages=[language], fallback=True)


def _(sentence: str) -> str:
    return _translations.gettext(sentence)


def plural(one: str, many: str, count: int) -> str:
    """The sentence for ``count`` things; the caller fills it in with ``format``."""
    return _translations.ngettext(one, many, count)
