"""The words of the glossary that a text uses. Pure."""

import re
from collections.abc import Mapping

from passerella.lessons.course import Term
from passerella.lessons.model import Page
from passerella.lessons.searching import folded


def terms_in(page: Page, glossary: Mapping[str, Term]) -> list[Term]:
    """The terms that a page uses, in the order of the glossary."""
    parts = [page.title, page.before, page.after]
    if page.question is not None:
        parts.append(page.question.question)
    text = folded(" ".join(parts))
    return [term for term in glossary.values() if any(_uses(text, name) for name in (term.term, *term.variants))]


def _uses(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(folded(name))}(?!\w)", text) is not None
