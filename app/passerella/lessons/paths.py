"""The lessons in the order of somebody who teaches: legs with their minutes, and what to ask at each.

``percorsi/NOME.toml`` in a folder of lessons, as ``lezioni/LEGGIMI.md`` describes it.
"""

from collections.abc import Iterator

import msgspec

from passerella.errors import ContentError
from passerella.language import _
from passerella.lessons.course import Course, read_text
from passerella.lessons.model import Lesson, Page, Trace
from passerella.lessons.validating import convert, toml

FOLDER = "percorsi"
_SUFFIX = ".toml"

Texts = str | list[str]


class Leg(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={
    "minutes": "minuti", "title": "titolo", "lesson": "lezione", "pages": "pagine", "pause": "pausa", "ask": "chiedi",
    "answers": "rispondono", "if_it_fails": "se_fallisce", "note": "nota",
}):  # fmt: skip
    """Some minutes on the pages of a lesson; or a pause; or neither: the class talks.

    :ivar pages: names of pages; empty: the main part of the lesson.
    :ivar answers: what classes usually answer.
    """

    minutes: int
    title: str = ""
    lesson: str = ""
    pages: list[str] = []
    pause: bool = False
    ask: Texts = ""
    answers: Texts = ""
    if_it_fails: Texts = ""
    note: Texts = ""


class _Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={
    "title": "titolo", "minutes": "durata", "legs": "tappe"
}):  # fmt: skip
    """What the file says."""

    title: str
    minutes: int
    legs: list[Leg]


class Itinerary(msgspec.Struct, frozen=True):
    """A path through a course; ``name`` is what one types."""

    name: str
    title: str
    minutes: int
    legs: list[Leg]


def names(course: Course) -> list[str]:
    """The paths that a course has."""
    return sorted(each.stem for each in (course.folder / FOLDER).glob(f"*{_SUFFIX}"))


def read_path(course: Course, name: str) -> Itinerary:
    """The path called ``name``. :class:`ContentError` when there is none, or it cannot be read."""
    known = names(course)
    if name not in known:
        raise ContentError(
            _("Non c'è un percorso «{name}». Ci sono: {known}.").format(
                name=name, known=", ".join(known) or _("nessuno")
            )
        )
    where = f"{FOLDER}/{name}{_SUFFIX}"
    text = read_text(course.folder / FOLDER / f"{name}{_SUFFIX}")
    written = convert(toml(text, where), _Written, where)
    return Itinerary(name, written.title, written.minutes, written.legs)


def said(texts: Texts) -> list[str]:
    """One text or several, as paragraphs."""
    return [text.strip() for text in ([texts] if isinstance(texts, str) else texts) if text.strip()]


def notes(leg: Leg) -> list[tuple[str, list[str]]]:
    """What there is to say to who teaches: titles, and paragraphs."""
    titled = (
        (_("Chiedi"), leg.ask),
        (_("Di solito rispondono"), leg.answers),
        (_("Se qualcosa non parte"), leg.if_it_fails),
        (_("Nota"), leg.note),
    )
    return [(name, told) for name, texts in titled if (told := said(texts))]


def title(course: Course, leg: Leg) -> str:
    """What a leg is called."""
    if leg.title:
        return leg.title
    if leg.pause:
        return _("Pausa")
    return course.lesson(leg.lesson).title if leg.lesson else _("Si parla")


def pages(course: Course, leg: Leg) -> list[tuple[Lesson, Page]]:
    """The pages of a leg, in their order. :class:`ContentError` names what is not there."""
    if not leg.lesson:
        return []
    lesson = course.lesson(leg.lesson)
    known = {page.name: page for page in lesson.pages}
    missing = [name for name in leg.pages if name not in known]
    if missing:
        raise ContentError(
            _("la lezione «{id}» non ha la pagina «{page}»: ha {known}").format(
                id=lesson.id, page=missing[0], known=", ".join(known)
            )
        )
    return [(lesson, page) for page in ([known[name] for name in leg.pages] or lesson.core)]


def traces(course: Course, itinerary: Itinerary) -> list[tuple[Lesson, Trace]]:
    """What runs along a path: each trace once, in the order in which it is met."""
    found: dict[tuple[str, str], tuple[Lesson, Trace]] = {}
    for lesson, page in all_pages(course, itinerary):
        asked = trace_asked(course, lesson, page)
        for home, trace in ([(lesson, page.trace)] if page.trace is not None else []) + ([asked] if asked else []):
            found.setdefault((home.id, trace.id), (home, trace))
    return list(found.values())


def all_pages(course: Course, itinerary: Itinerary) -> list[tuple[Lesson, Page]]:
    return [each for leg in itinerary.legs for each in pages(course, leg)]


def trace_asked(course: Course, lesson: Lesson, page: Page) -> tuple[Lesson, Trace] | None:
    """What the question of a page is about; None when there is no question, or its trace is not there."""
    if page.question is None:
        return None
    try:
        return course.trace(lesson.trace_of(page), lesson)
    except KeyError:  # «controlla» says so
        return None


def problems(course: Course, name: str) -> Iterator[str]:
    """What is wrong with a path, a sentence each."""
    try:
        itinerary = read_path(course, name)
    except ContentError as error:
        yield error.message
        return
    total = sum(leg.minutes for leg in itinerary.legs)
    if total != itinerary.minutes:
        yield _("le tappe fanno {total} minuti, la durata ne dice {minutes}").format(
            total=total, minutes=itinerary.minutes
        )
    for number, leg in enumerate(itinerary.legs, 1):
        for problem in _leg_problems(course, leg):
            yield _("tappa {n}: {problem}").format(n=number, problem=problem)


def _leg_problems(course: Course, leg: Leg) -> Iterator[str]:
    if leg.minutes < 1:
        yield _("i minuti sono almeno 1")
    if leg.pause and (leg.lesson or leg.pages):
        yield _("una pausa non ha una lezione")
    if leg.pages and not leg.lesson:
        yield _("ha delle pagine, ma non dice di quale lezione")
    if not (leg.pause or leg.lesson or leg.title):
        yield _("vuole una lezione, «pausa = true», o almeno un titolo")
    try:
        found = pages(course, leg)
    except ContentError as error:
        yield error.message
        return
    if any(page.question is not None for _lesson, page in found) and not said(leg.ask):
        yield _("ha delle domande, ma non dice che cosa chiedere («chiedi»)")
