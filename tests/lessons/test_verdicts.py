"""Right, wrong, skipped; and nobody is wrong where something else happened."""

from collections.abc import Callable

import msgspec
import pytest

from passerella.lessons.course import Course
from passerella.lessons.model import Prediction, Trace
from passerella.lessons.outcome import Outcome as Run
from passerella.lessons.progress import Progress
from passerella.lessons.staging import Staged
from passerella.lessons.verdict import Chosen, Outcome, judge, sentences

Asked = tuple[Prediction, Trace]


@pytest.fixture
def asked(course_of: Callable[..., Course]) -> Asked:
    lesson = course_of().lesson("prova")
    question = lesson.questions["quante"]
    assert isinstance(question, Prediction)
    return question, lesson.traces["due"]


def once(outcome: Run) -> Run:
    return msgspec.structs.replace(outcome, journeys=outcome.journeys[:1])


@pytest.mark.parametrize(
    ("chosen", "expected", "said"),
    [
        ((1,), Outcome.RIGHT, "✔"),
        ((0,), Outcome.WRONG, "✘"),
        ((), Outcome.SKIPPED, "–"),
    ],
)
def test_an_answer_is_judged_on_what_happened(
    outcome: Run, asked: Asked, chosen: Chosen, expected: Outcome, said: str
) -> None:
    staged = Staged([outcome])
    verdict = judge(*asked, chosen, staged, lambda: staged)
    assert verdict.outcome is expected
    first = sentences(asked[0], verdict)[0]
    assert first.startswith(said)
    assert "Due" in first
    assert verdict.misconception == ("M01" if expected is Outcome.WRONG else "")
    assert verdict.answer.proof is not None
    assert verdict.answer.proof.journey is outcome.journeys[1]


def test_nobody_is_wrong_where_the_answer_is_none_of_the_choices(outcome: Run, asked: Asked) -> None:
    none = Staged([msgspec.structs.replace(outcome, journeys=[])])
    verdict = judge(*asked, (0,), none, lambda: none)
    assert verdict.outcome is Outcome.OTHER
    assert "il valore è 0" in sentences(asked[0], verdict)[0]


def test_nobody_is_wrong_where_the_answer_changes(outcome: Run, asked: Asked) -> None:
    verdict = judge(*asked, (0,), Staged([outcome]), lambda: Staged([once(outcome)]))
    assert verdict.outcome is Outcome.OTHER
    assert "cambia da una volta all'altra" in sentences(asked[0], verdict)[0]


def test_a_recording_is_not_run_again_and_is_told(outcome: Run, asked: Asked) -> None:
    def never() -> Staged:
        raise AssertionError

    verdict = judge(*asked, (0,), Staged([outcome], missing="manca Nginx", recorded=True), never)
    assert verdict.outcome is Outcome.WRONG
    assert "manca Nginx" in sentences(asked[0], verdict)[-1]


def test_what_was_answered_stays_when_it_comes_back_and_is_skipped(outcome: Run, asked: Asked) -> None:
    staged, progress = Staged([outcome]), Progress()
    for chosen in ((1,), (), (0,)):
        progress.note("prova", "quante", judge(*asked, chosen, staged, lambda: staged))
        reply = progress.lessons["prova"].replies["quante"]
        assert (reply.outcome, reply.times) == (("giusta", 1) if chosen != (0,) else ("sbagliata", 2))
