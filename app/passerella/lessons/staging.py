"""Traces run while the page is read, so that they are there when they are revealed; each one once, until asked again."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import msgspec

from passerella.errors import PasserellaError, StartError
from passerella.lessons.answering import runs_for
from passerella.lessons.model import Lesson, Question, Trace
from passerella.lessons.outcome import Outcome
from passerella.lessons.places import missing_for
from passerella.lessons.recorded import recorded_outcome
from passerella.lessons.running import Run

_AT_ONCE = 2

_Key = tuple[str, str, str]


class Staged(msgspec.Struct, frozen=True):
    """What there is to look at.

    :ivar missing: why the first choice could not run here, and what to do; empty when it did.
    :ivar recorded: it is not live: it was recorded elsewhere.
    :ivar chosen: the place that the question is best seen at.
    """

    outcomes: list[Outcome]
    missing: str = ""
    recorded: bool = False
    chosen: str = ""

    @property
    def in_sight(self) -> Outcome:
        """The one to look at: the chosen one, or the first."""
        return next((each for each in self.outcomes if each.place == self.chosen), self.outcomes[0])

    @property
    def place(self) -> str:
        """Where the one in sight ran."""
        return self.in_sight.place


class Stage:
    """Runs traces in the background. To be closed: what runs is stopped with its process."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="traccia")
        self._runs: dict[_Key, Future[Outcome]] = {}
        self._under_way: list[Run] = []

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        for run in list(self._under_way):
            run.stop()

    def prepare(self, lesson: Lesson, trace: Trace, question: Question | None = None, place: str = "") -> None:
        """Begin to run what ``question`` will need, or what is shown of a page without one."""
        for each in self._places(trace, question, place):
            if not missing_for(trace, each):
                self._run(lesson, trace, each)

    def outcomes(
        self, lesson: Lesson, trace: Trace, question: Question | None = None, place: str = "", again: bool = False
    ) -> Staged:
        """What happened, once it has; ``again``: from a new run.

        :raises PasserellaError: it does not start here, and nothing stands in for it.
        """
        found: list[Outcome] = []
        wanted = self._places(trace, question, place)
        missing = {each: missing_for(trace, each) for each in trace.places}
        recorded = False
        for each in wanted:
            if not missing[each]:
                try:
                    found.append(self._run(lesson, trace, each, again).result())
                    continue
                except PasserellaError as error:  # what was recorded when it did start is there for this moment
                    if recorded_outcome(lesson, trace, each) is None:
                        raise
                    missing[each] = error.message
            if (kept := recorded_outcome(lesson, trace, each)) is not None:
                found.append(kept)
                recorded = True
        reason = next((missing[each] for each in wanted if missing[each]), "")
        if not found:
            instead = next((each for each in trace.places if not missing[each]), "")
            if not instead:
                raise StartError(reason)
            found.append(self._run(lesson, trace, instead, again).result())
        return Staged(found, reason, recorded, question.place if question is not None and not place else "")

    def _places(self, trace: Trace, question: Question | None, place: str) -> Sequence[str]:
        if question is None:
            return [place or trace.places[0]]
        return runs_for(question, trace) if not place else [place]

    def _run(self, lesson: Lesson, trace: Trace, place: str, again: bool = False) -> "Future[Outcome]":
        key = (lesson.id, trace.id, place)
        if again or key not in self._runs or _failed(self._runs[key]):
            self._runs[key] = self._pool.submit(self._do, Run(lesson, trace, place))
        return self._runs[key]

    def _do(self, run: Run) -> Outcome:
        self._under_way.append(run)
        try:
            return run.run()
        finally:
            self._under_way.remove(run)


def _failed(run: "Future[Outcome]") -> bool:
    return run.done() and (run.cancelled() or run.exception() is not None)
