"""Finding words in the course: accents and capitals do not count. Pure."""

import unicodedata
from collections.abc import Iterable, Iterator

import msgspec

from passerella.lessons.model import Lesson, Page

_AROUND = 40  # characters of text on the two sides of what was found


class Hit(msgspec.Struct, frozen=True):
    """A page that has all the words, and a little of the text around the first."""

    lesson: Lesson
    page: Page
    excerpt: str


def search(lessons: Iterable[Lesson], query: str) -> Iterator[Hit]:
    """The pages in which every word of ``query`` is, in the order of the course."""
    words = folded(query).split()
    if not words:
        return
    for lesson in lessons:
        for page in lesson.pages:
            text = _text(lesson, page)
            plain = folded(text)
            if all(word in plain for word in words):
                yield Hit(lesson, page, _excerpt(text, plain.index(words[0])))


def folded(text: str) -> str:
    """Small letters without accents, one for each of ``text``."""
    return "".join((unicodedata.normalize("NFKD", character)[:1] or " ").casefold()[:1] for character in text)


def _text(lesson: Lesson, page: Page) -> str:
    question = page.question.question if page.question is not None else ""
    return " ".join(" ".join((lesson.title, page.title, page.before, question, page.after)).split())


def _excerpt(text: str, at: int) -> str:
    start, end = max(0, at - _AROUND), min(len(text), at + _AROUND)
    return ("…" if start else "") + text[start:end].strip() + ("…" if end < len(text) else "")
