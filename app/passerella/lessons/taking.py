"""A lesson while it is taken: its stops in their order, the traces that they need, the answers. Knows no screen."""

from collections.abc import Iterator

import msgspec

from passerella.errors import ContentError
from passerella.lessons import progress as progress_file
from passerella.lessons.course import Course
from passerella.lessons.model import Lesson, Page, Question, Trace
from passerella.lessons.progress import Progress
from passerella.lessons.staging import Stage, Staged
from passerella.lessons.verdict import Chosen, Outcome, Verdict, judge


class Stop(msgspec.Struct, frozen=True):
    """A page on the way; ``part`` is ``ripasso``, ``lezione`` or ``approfondisci``.

    :ivar home: the lesson that the page is of: a review has pages of others.
    """

    home: Lesson
    page: Page
    part: str


class Taking:
    """One person on one lesson. What they answer is written at once.

    :ivar trouble: why it could not be written, or empty: the lesson goes on all the same.
    """

    def __init__(self, course: Course, lesson: Lesson, stage: Stage, progress: Progress | None = None) -> None:
        self.course = course
        self.lesson = lesson
        self.stage = stage
        self.stops = list(_stops(course, lesson))
        self.progress = progress_file.load() if progress is None else progress
        self.verdicts: dict[int, Verdict] = {}
        self.trouble = ""
        self.index = self._where_left()

    @property
    def stop(self) -> Stop:
        return self.stops[self.index]

    @property
    def question(self) -> Question | None:
        return self.stop.page.question

    @property
    def verdict(self) -> Verdict | None:
        """What was said of the question in sight; None when it was not answered in this sitting."""
        return self.verdicts.get(self.index)

    @property
    def trace(self) -> tuple[Lesson, Trace] | None:
        """What runs for the page in sight."""
        stop = self.stop
        if stop.page.question is not None:
            return self.course.trace(stop.home.trace_of(stop.page), stop.home)
        return (stop.home, stop.page.trace) if stop.page.trace is not None else None

    @property
    def revealed(self) -> bool:
        """Whether the trace may be seen: there is no question, or it was answered or skipped."""
        return self.question is None or self.verdict is not None

    def prepare(self) -> None:
        """Begin to run what the page in sight needs."""
        if self.trace is not None:
            self.stage.prepare(*self.trace, self.question)

    def staged(self, place: str = "", again: bool = False) -> Staged | None:
        """What happened, once it has; None where nothing runs. :class:`PasserellaError` when it cannot."""
        if self.trace is None:
            return None
        question = None if place else self.question
        return self.stage.outcomes(*self.trace, question, place, again=again)

    def commit(self, chosen: Chosen) -> Verdict:
        """Answer the question in sight; nothing chosen skips it. It waits for the trace."""
        stop, question, found = self.stop, self.question, self.trace
        assert question is not None
        assert found is not None
        home, trace = found
        staged = self.stage.outcomes(home, trace, question)
        verdict = judge(question, trace, chosen, staged, lambda: self.stage.outcomes(home, trace, question, again=True))
        self.verdicts[self.index] = verdict
        self.progress.note(stop.home.id, question.id, verdict)
        self._save()
        return verdict

    def go(self, step: int) -> bool:
        """To the next page or to the one before; False at the ends."""
        return self.go_to(self.index + step)

    def go_to(self, index: int) -> bool:
        if not 0 <= index < len(self.stops):
            return False
        self.index = index
        self.progress.of(self.lesson.id).page = self.stop.page.name if self.stop.home is self.lesson else ""
        self._save(to_disk=False)
        return True

    def finish(self) -> None:
        """The end was reached."""
        taken = self.progress.of(self.lesson.id)
        taken.finished, taken.page = True, ""
        self._save()

    def score(self) -> dict[Outcome, int]:
        """How the answers of this sitting went."""
        return {each: sum(v.outcome is each for v in self.verdicts.values()) for each in Outcome}

    def _where_left(self) -> int:
        page = self.progress.of(self.lesson.id).page
        return next(
            (n for n, stop in enumerate(self.stops) if stop.home is self.lesson and stop.page.name == page and page), 0
        )

    def _save(self, *, to_disk: bool = True) -> None:
        try:
            progress_file.save(self.progress, to_disk=to_disk)
        except ContentError as error:
            self.trouble = error.message


def _stops(course: Course, lesson: Lesson) -> Iterator[Stop]:
    review = lesson.heading.review
    yield from _reviewed(course, review.start)
    yield from (Stop(lesson, page, "lezione") for page in lesson.core)
    yield from (Stop(lesson, page, "approfondisci") for page in lesson.deeper)
    yield from _reviewed(course, review.end)


def _reviewed(course: Course, references: list[str]) -> Iterator[Stop]:
    for reference in references:
        try:
            yield Stop(*course.question(reference), "ripasso")
        except KeyError:  # a teacher's course may name a lesson that is not there: «controlla» says so
            continue
