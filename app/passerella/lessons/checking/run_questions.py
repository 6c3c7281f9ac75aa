"""Every trace of the lessons run, on every server that they name, more than once; every answer computed."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import msgspec

from passerella.errors import PasserellaError
from passerella.language import _
from passerella.lessons.answering import EVERYWHERE, Answer, answer, places_of, shown
from passerella.lessons.checking.finding import Finding
from passerella.lessons.course import Course
from passerella.lessons.expressions.evaluating import same
from passerella.lessons.model import Lesson, Ordering, Page, Prediction, Question, Trace
from passerella.lessons.outcome import Outcome
from passerella.lessons.places import missing_for
from passerella.lessons.recorded import own_folder, recorded_outcome
from passerella.lessons.running import run_trace

REPETITIONS = 3
_AT_ONCE = 3


class _Job(msgspec.Struct, frozen=True):
    """A trace at one of its places."""

    lesson: Lesson
    trace: Trace
    place: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.lesson.id, self.trace.id, self.place


class _Done(msgspec.Struct, frozen=True):
    """What came of it: an outcome for each repetition, or why there is none.

    :ivar recorded: it is missing here, and what was recorded stands in for it.
    :ivar beside: what comes recorded with the lesson, where it ran too.
    """

    outcomes: list[Outcome]
    missing: str = ""
    recorded: bool = False
    beside: Outcome | None = None
    failure: str = ""
    seconds: float = 0.0


def check_questions(
    course: Course, lessons: Sequence[Lesson], repetitions: int = REPETITIONS, at_once: int = _AT_ONCE
) -> Iterator[Finding]:
    """A finding for each trace on each of its servers, and for each question on each of them."""
    with ThreadPoolExecutor(at_once, thread_name_prefix="controllo") as pool:
        running: dict[tuple[str, str, str], Future[_Done]] = {}
        for lesson in lessons:
            for job in _jobs(course, lesson):
                if job.key not in running:
                    running[job.key] = pool.submit(_run, job, repetitions)
        try:
            for lesson in lessons:
                yield from _of_traces(lesson, running)
                for page in lesson.pages:
                    if page.question is not None:
                        yield from _of_question(course, lesson, page, page.question, running)
        finally:
            pool.shutdown(cancel_futures=True)


def _jobs(course: Course, lesson: Lesson) -> Iterator[_Job]:
    for trace in lesson.traces.values():
        yield from (_Job(lesson, trace, place) for place in trace.places)
    for comparison in lesson.comparisons:
        yield from (_Job(lesson, comparison.as_trace, place) for place in comparison.scenarios)
    for page in lesson.pages:
        if page.question is not None and "/" in page.question.trace:
            home, trace = course.trace(page.question.trace, lesson)
            yield from (_Job(home, trace, place) for place in trace.places)


def _run(job: _Job, repetitions: int) -> _Done:
    missing = missing_for(job.trace, job.place)
    beside = recorded_outcome(job.lesson, job.trace, job.place, [own_folder(job.lesson)])
    if missing:
        return _Done([beside] * repetitions if beside is not None else [], missing=missing, recorded=beside is not None)
    began = time.monotonic()
    try:
        outcomes = [run_trace(job.lesson, job.trace, job.place) for _again in range(repetitions)]
    except PasserellaError as error:
        return _Done([], failure=error.message + (f"\n{error.details}" if error.details else ""))
    return _Done(outcomes, beside=beside, seconds=(time.monotonic() - began) / repetitions)


def _of_traces(lesson: Lesson, running: dict[tuple[str, str, str], "Future[_Done]"]) -> Iterator[Finding]:
    kinds = [("trace", trace) for trace in lesson.traces.values()]
    kinds += [("comparison", comparison.as_trace) for comparison in lesson.comparisons]
    for kind, trace in kinds:
        for place in trace.places:
            done = running[lesson.id, trace.id, place].result()
            empty = not done.missing and not done.failure and not all(each.journeys for each in done.outcomes)
            yield Finding(
                kind=kind,
                lesson=lesson.id,
                id=trace.id,
                server=place,
                ok=not done.failure and not empty,
                skipped=bool(done.missing) and not done.recorded,
                message=_why(done) or (_("delle richieste non si è visto niente") if empty else ""),
                seconds=round(done.seconds, 2),
            )


def _of_question(
    course: Course,
    lesson: Lesson,
    page: Page,
    question: Question,
    running: dict[tuple[str, str, str], "Future[_Done]"],
) -> Iterator[Finding]:
    home, trace = course.trace(lesson.trace_of(page), lesson)
    done = {place: running[home.id, trace.id, place].result() for place in (question.places or trace.places)}
    answered: list[Answer] = []
    for place in places_of(question, trace):
        needed = list(done.values()) if place == EVERYWHERE else [done[place]]
        reason = next((each.missing or each.failure for each in needed if not each.outcomes), "")
        if reason:
            yield _finding(lesson, question, Answer(place=place, problem=reason), all(not e.failure for e in needed))
            continue
        repeated = [
            answer(question, [each.outcomes[n] for each in needed], place) for n in range(len(needed[0].outcomes))
        ]
        answered += repeated
        steady = _steady(repeated)
        yield _finding(lesson, question, steady)
        if not steady.problem:
            yield from _over_recordings(lesson, question, needed, steady)
    yield from _never_right(lesson, question, answered)
    yield from _given_away(lesson, question, answered)


def _over_recordings(lesson: Lesson, question: Question, needed: Sequence[_Done], live: Answer) -> Iterator[Finding]:
    """What comes recorded with the lesson must give the same answer as a live run."""
    if not any(done.beside for done in needed):
        return
    over = answer(question, [done.beside or done.outcomes[0] for done in needed], live.place)
    if over.problem or not same(over.value, live.value):
        problem = _("sulla registrazione la risposta è un'altra ({value}): rifalla").format(
            value=over.problem or shown(over.value)
        )
        yield _finding(lesson, question, Answer(place=live.place, problem=problem))


def _why(done: _Done) -> str:
    """Why it did not run."""
    if done.recorded:
        return _("dalla registrazione: {reason}").format(reason=done.missing)
    return done.missing or done.failure


def _steady(repeated: Sequence[Answer]) -> Answer:
    """The answer, or that it was not always the same."""
    first = repeated[0]
    broken = next((each for each in repeated if each.problem), None)
    if broken is not None:
        return broken
    if all(same(each.value, first.value) for each in repeated):
        return first
    values = ", ".join(shown(each.value) for each in repeated)
    return Answer(
        place=first.place, problem=_("la risposta cambia da una volta all'altra: {values}").format(values=values)
    )


def _finding(lesson: Lesson, question: Question, found: Answer, skipped: bool = False) -> Finding:
    choices = question.entries if isinstance(question, Ordering) else question.choices
    texts = [choices[n].text for n in found.right]
    return Finding(
        kind="ordering" if isinstance(question, Ordering) else "prediction",
        lesson=lesson.id,
        id=question.id,
        server=found.place,
        answer=texts if isinstance(question, Ordering) else next(iter(texts), None),
        ok=not found.problem,
        skipped=skipped and bool(found.problem),
        message=found.problem,
    )


def _never_right(lesson: Lesson, question: Question, answered: Sequence[Answer]) -> Iterator[Finding]:
    """A choice that is the answer nowhere must name the misconception that it shows."""
    if not isinstance(question, Prediction) or not answered:
        return
    right = {n for each in answered for n in each.right}
    for n, choice in enumerate(question.choices):
        if n not in right and not choice.misconception:
            yield Finding(
                kind="prediction",
                lesson=lesson.id,
                id=question.id,
                ok=False,
                message=_("la scelta «{text}» non è mai la risposta, e non nomina un fraintendimento").format(
                    text=choice.text
                ),
            )


def _given_away(lesson: Lesson, question: Question, answered: Sequence[Answer]) -> Iterator[Finding]:
    """Entries written in the order in which they happen ask nothing."""
    if not isinstance(question, Ordering):
        return
    written = tuple(range(len(question.entries)))
    if any(each.right == written for each in answered):
        yield Finding(
            kind="ordering",
            lesson=lesson.id,
            id=question.id,
            ok=False,
            message=_("le voci sono scritte già in ordine: mescolale"),
        )
