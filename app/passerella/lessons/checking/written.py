"""What can be checked of a course without running anything: everything that it names is there, and fits."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

from passerella.errors import PasserellaError
from passerella.language import _
from passerella.lessons import paths
from passerella.lessons.checking.finding import Finding
from passerella.lessons.course import Course
from passerella.lessons.expressions import parse
from passerella.lessons.fitting import too_long
from passerella.lessons.model import STATIONS, Lesson, Ordering, Page, Prediction, Question, Request, Trace
from passerella.lessons.places import command_of
from passerella.lessons.scripts import read_script
from passerella.texts import misconceptions

_LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
_CHOICES = range(2, 5)
_REVIEWS = (2, 3)  # at the start and at the end, from the second lesson on


def check_written(course: Course, lessons: list[Lesson]) -> Iterator[Finding]:
    """A finding for each thing that is wrong in ``lessons``; the course's own tables are checked when they are all there."""
    for lesson in lessons:
        for what, problem in _lesson_problems(course, lesson):
            yield Finding(kind="text", lesson=lesson.id, id=what, ok=False, message=problem)
    if lessons == list(course):
        for what, problem in _course_problems(course):
            yield Finding(kind="course", lesson="", id=what, ok=False, message=problem)


_Problem = tuple[str, str]  # where, what


def _lesson_problems(course: Course, lesson: Lesson) -> Iterator[_Problem]:
    yield from (("lezione.toml", problem) for problem in _heading_problems(course, lesson))
    for name, count in Counter(page.question.id for page in lesson.pages if page.question is not None).items():
        if count > 1:
            yield name, _("due domande della lezione hanno questo id")
    for page in lesson.pages:
        for problem in _page_problems(course, lesson, page):
            yield page.name, problem


def _heading_problems(course: Course, lesson: Lesson) -> Iterator[str]:
    heading = lesson.heading
    yield from (
        _("la lezione «{id}» dei prerequisiti non c'è").format(id=each)
        for each in heading.needs
        if each not in course.lessons
    )
    known = misconceptions()
    yield from (
        _("il fraintendimento «{id}» non c'è").format(id=each) for each in heading.misconceptions if each not in known
    )
    met = set(_met(lesson))
    yield from (
        _("dichiara il fraintendimento {id}, ma nessuna sua scelta lo mostra").format(id=each)
        for each in heading.misconceptions
        if each not in met
    )
    if not lesson.traces:
        yield _("nessuna pagina ha una traccia")
    yield from _review_problems(course, lesson)


def _met(lesson: Lesson) -> Iterator[str]:
    for question in lesson.questions.values():
        if isinstance(question, Prediction):
            yield from (choice.misconception for choice in question.choices if choice.misconception)


def _review_problems(course: Course, lesson: Lesson) -> Iterator[str]:
    review = lesson.heading.review
    first = next(iter(course), lesson)
    if lesson.id != first.id and (len(review.start), len(review.end)) != _REVIEWS:
        yield _(
            "il ripasso vuole {start} domande all'inizio e {end} alla fine: sono {found_start} e {found_end}"
        ).format(start=_REVIEWS[0], end=_REVIEWS[1], found_start=len(review.start), found_end=len(review.end))
    for reference in (*review.start, *review.end):
        try:
            other, _page = course.question(reference)
        except KeyError:
            yield _("la domanda di ripasso «{reference}» non c'è").format(reference=reference)
        else:
            if other.number >= lesson.number:
                yield _("la domanda di ripasso «{reference}» non è di una lezione precedente").format(
                    reference=reference
                )


def _page_problems(course: Course, lesson: Lesson, page: Page) -> Iterator[str]:
    yield from too_long(page)
    for match in _LINK.finditer(page.before + page.after):
        if not _leads_somewhere(course, match["target"]):
            yield _("il collegamento «{target}» non porta da nessuna parte").format(target=match["target"])
    if page.trace is not None:
        yield from _trace_problems(lesson, page.trace)
    if page.comparison is not None:
        yield from _trace_problems(lesson, page.comparison.as_trace)
    if page.question is not None:
        yield from _question_problems(course, lesson, page, page.question)


def _leads_somewhere(course: Course, target: str) -> bool:
    scheme, _colon, name = target.partition(":")
    if scheme == "lezione":
        return name in course.lessons
    if scheme == "glossario":
        return name in course.glossary
    return scheme in ("https", "http")


def _trace_problems(lesson: Lesson, trace: Trace) -> Iterator[str]:
    if sum((bool(trace.scenarios), bool(trace.app), bool(trace.program))) != 1:
        yield _("traccia «{id}»: vuole una cosa sola fra scenario, app e programma").format(id=trace.id)
        return
    if trace.app and not trace.servers:
        yield _("traccia «{id}»: con un'app serve l'elenco «server»").format(id=trace.id)
    for name in (trace.station, trace.hold):
        if name and name not in STATIONS:
            yield _("traccia «{id}»: «{name}» non è una stazione").format(id=trace.id, name=name)
    for file in (trace.program, trace.service):
        if file and not (lesson.folder / file).is_file():
            yield _("traccia «{id}»: il programma «{file}» non c'è").format(id=trace.id, file=file)
    if not trace.requests:
        yield _("traccia «{id}»: non manda nessuna richiesta").format(id=trace.id)
    for place in trace.places:
        yield from _said_by(partial(command_of, lesson, trace, place))
    for request in trace.requests:
        if isinstance(request, Request):
            yield from _request_problems(trace, request)


def _request_problems(trace: Trace, request: Request) -> Iterator[str]:
    kinds = (request.line, request.raw, request.signal, request.script)
    if sum(map(bool, kinds)) != 1:
        yield _("traccia «{id}»: una richiesta ha una cosa sola fra riga, byte, segnale e copione").format(id=trace.id)
    yield from _said_by(partial(read_script, request.script))


def _question_problems(course: Course, lesson: Lesson, page: Page, question: Question) -> Iterator[str]:
    reference = lesson.trace_of(page)
    try:
        _home, trace = course.trace(reference, lesson)
    except KeyError:
        yield _("«{id}»: la traccia «{trace}» non c'è").format(id=question.id, trace=reference or "?")
        return
    for place in (*question.places, *([question.place] if question.place else [])):
        if place not in trace.places:
            yield _("«{id}»: «{place}» non è fra i server della traccia: {known}").format(
                id=question.id, place=place, known=", ".join(trace.places)
            )
    if isinstance(question, Ordering):
        for entry in question.entries:
            yield from _said_by(partial(parse, entry.step))
        return
    yield from _prediction_problems(question)


def _prediction_problems(question: Prediction) -> Iterator[str]:
    if len(question.choices) not in _CHOICES:
        yield _("«{id}»: le scelte sono da due a quattro").format(id=question.id)
    if len({repr(choice.worth) for choice in question.choices}) < len(question.choices):
        yield _("«{id}»: due scelte valgono lo stesso").format(id=question.id)
    for choice in question.choices:
        if choice.misconception and choice.misconception not in misconceptions():
            yield _("«{id}»: il fraintendimento «{name}» non c'è").format(id=question.id, name=choice.misconception)
    for expression in (question.answer, question.proof):
        if expression:
            yield from _said_by(partial(parse, expression))


def _said_by(do: Callable[[], object]) -> Iterator[str]:
    """What ``do`` complains of, if it does."""
    try:
        do()
    except PasserellaError as error:
        yield error.message


def _course_problems(course: Course) -> Iterator[_Problem]:
    for name, term in course.glossary.items():
        if term.lesson and term.lesson not in course.lessons:
            yield f"glossario.toml [{name}]", _("la lezione «{id}» non c'è").format(id=term.lesson)
    for name, topic in course.topics.items():
        lesson = course.lessons.get(topic.lesson)
        if lesson is None or topic.page not in [page.name for page in lesson.pages]:
            yield (
                f"argomenti.toml [{name}]",
                _("la pagina {lesson}/{page} non c'è").format(lesson=topic.lesson, page=topic.page),
            )
    for name in paths.names(course):
        yield from ((f"{paths.FOLDER}/{name}.toml", problem) for problem in paths.problems(course, name))
    if course.topics:  # the course that covers the whole subject
        met = {each for lesson in course for each in _met(lesson)}
        for name in misconceptions():
            if name not in met:
                yield name, _("nessuna lezione incontra questo fraintendimento")
