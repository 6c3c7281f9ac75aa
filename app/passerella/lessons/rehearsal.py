"""A path tried out on this machine before the class is there: every trace of it run, recorded, and asked its questions."""

from collections.abc import Iterator, Sequence

import msgspec

from passerella.errors import PasserellaError
from passerella.language import _
from passerella.lessons import paths
from passerella.lessons.answering import EVERYWHERE, answer, places_of, shown
from passerella.lessons.course import Course
from passerella.lessons.expressions.evaluating import same
from passerella.lessons.model import Lesson, Question, Trace
from passerella.lessons.outcome import Outcome
from passerella.lessons.paths import Itinerary
from passerella.lessons.places import missing_for
from passerella.lessons.recorded import Keeper, recorded_outcome, rehearsed_folder
from passerella.lessons.running import run_trace


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """A trace at one of its places.

    :ivar missing: why it cannot run here, and what to install; then ``instead`` says what is shown: «registrazione»,
        another place, or nothing.
    :ivar problem: what went wrong.
    """

    lesson: Lesson
    trace: Trace
    place: str
    missing: str = ""
    instead: str = ""
    problem: str = ""

    @property
    def ready(self) -> bool:
        """There will be something true to see."""
        return not self.problem and (not self.missing or bool(self.instead))


RECORDING = "registrazione"


def count(course: Course, itinerary: Itinerary) -> int:
    """How many there are to try."""
    return sum(len(trace.places) for _lesson, trace in paths.traces(course, itinerary))


def rehearse(course: Course, itinerary: Itinerary) -> Iterator[Tried]:
    """Run every trace of the path at each of its places, one after the other, as each is done."""
    for lesson, trace in paths.traces(course, itinerary):
        live: dict[str, Outcome] = {}
        for place in trace.places:
            tried = _try(lesson, trace, place, live)
            yield tried
        yield from _unlike(course, itinerary, lesson, trace, live)


def _try(lesson: Lesson, trace: Trace, place: str, live: dict[str, Outcome]) -> Tried:
    missing = missing_for(trace, place)
    if missing:
        return Tried(lesson=lesson, trace=trace, place=place, missing=missing, instead=_stand_in(lesson, trace, place))
    try:
        live[place] = _record(lesson, trace, place)
    except PasserellaError as error:
        return Tried(lesson=lesson, trace=trace, place=place, problem=error.message)
    return Tried(lesson=lesson, trace=trace, place=place)


def _stand_in(lesson: Lesson, trace: Trace, place: str) -> str:
    """What the screen shows in its place; empty: nothing."""
    if recorded_outcome(lesson, trace, place) is not None:
        return RECORDING
    return next((each for each in trace.places if not missing_for(trace, each)), "")


def _record(lesson: Lesson, trace: Trace, place: str) -> Outcome:
    keeper = Keeper(lesson, trace, place, rehearsed_folder(lesson))
    try:
        outcome = run_trace(lesson, trace, place, keeper.hear)
    except BaseException:
        keeper.give_up()
        raise
    keeper.finish(outcome)
    return outcome


def _unlike(
    course: Course, itinerary: Itinerary, lesson: Lesson, trace: Trace, live: dict[str, Outcome]
) -> Iterator[Tried]:
    """The questions that have no answer here, or another one over what was just recorded."""
    kept = {place: recorded_outcome(lesson, trace, place, [rehearsed_folder(lesson)]) for place in live}
    for question in _questions(course, itinerary, lesson, trace):
        for place in places_of(question, trace):
            needed = (question.places or trace.places) if place == EVERYWHERE else [place]
            if any(each not in live for each in needed):
                continue
            problem = difference(question, [live[each] for each in needed], [kept[each] for each in needed], place)
            if problem:
                told = _("«{question}»: {problem}").format(question=question.question, problem=problem)
                where = trace.places[0] if place == EVERYWHERE else place
                yield Tried(lesson=lesson, trace=trace, place=where, problem=told)


def _questions(course: Course, itinerary: Itinerary, home: Lesson, trace: Trace) -> Iterator[Question]:
    """What is asked of a trace along the path."""
    for lesson, page in paths.all_pages(course, itinerary):
        asked = paths.trace_asked(course, lesson, page)
        if page.question is not None and asked is not None and (asked[0].id, asked[1].id) == (home.id, trace.id):
            yield page.question


def difference(question: Question, live: Sequence[Outcome], kept: Sequence[Outcome | None], place: str) -> str:
    """How what was kept answers otherwise than what ran; empty when it does not."""
    found = answer(question, live, place)
    if found.problem:
        return found.problem
    whole = [each for each in kept if each is not None]
    if len(whole) < len(kept):
        return _("la registrazione non si rilegge")
    again = answer(question, whole, place)
    if again.problem or not same(again.value, found.value):
        return _("sulla registrazione la risposta è un'altra: {value}").format(
            value=again.problem or shown(again.value)
        )
    return ""
