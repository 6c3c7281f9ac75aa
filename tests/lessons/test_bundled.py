"""What comes recorded with the lessons answers their questions where Nginx, Apache or Gunicorn are missing."""

import re
from functools import partial
from pathlib import Path

import pytest

from passerella.lessons.bundling import needs_recording, neutral
from passerella.lessons.checking import check_questions
from passerella.lessons.course import Course, own_course
from passerella.lessons.model import Lesson, Trace
from passerella.lessons.recorded import own_folder, recorded_outcome
from passerella.lessons.staging import Stage, Staged
from passerella.lessons.verdict import Outcome, judge

AGAIN = "scrivi: python -m passerella.lessons.bundling"
MISSING = "manca tutto, installa con «niente»"


@pytest.fixture(scope="module")
def course() -> Course:
    return own_course()


def wanted(course: Course) -> list[tuple[Lesson, Trace, str]]:
    return [
        (lesson, trace, place)
        for lesson in course
        for trace in lesson.traces.values()
        for place in needs_recording(course, lesson, trace)
    ]


def test_nothing_is_missing_or_of_a_trace_that_was_changed(course: Course) -> None:
    found = wanted(course)
    assert len(found) > 20
    for lesson, trace, place in found:
        outcome = recorded_outcome(lesson, trace, place, [own_folder(lesson)])
        assert outcome is not None, f"{lesson.folder.name}, {trace.id}, {place}: {AGAIN} {lesson.id}"
        assert outcome.journeys or outcome.received


def test_they_are_small_and_say_nothing_of_the_machine_that_made_them(course: Course) -> None:
    files = [file for lesson in course for file in own_folder(lesson).glob("*")]
    assert sum(file.stat().st_size for file in files) < 3_000_000
    for file in files:
        assert not re.search(rb"/root/|/home/(?!ada\b)|/Users/|/work/|\.venv", file.read_bytes()), file.name


def test_folders_get_neutral_names() -> None:
    places = {"/home/x/.venv": "/opt/p", "/home/x": "/opt/s"}
    assert neutral(b"/home/x/.venv/lib /home/x/app.py", places) == b"/opt/p/lib /opt/s/app.py"


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PASSERELLA_DATI", str(tmp_path))
    for where in ("staging", "checking.run_questions"):
        monkeypatch.setattr(f"passerella.lessons.{where}.missing_for", lambda _trace, _place: MISSING)


@pytest.mark.usefixtures("nothing_runs")
def test_every_question_about_a_web_server_in_front_has_its_answer(course: Course) -> None:
    asked = 0
    with Stage() as stage:
        for lesson, page, question in course.questions:
            home, trace = course.trace(lesson.trace_of(page), lesson)
            if set(needs_recording(course, home, trace)) < set(trace.places):
                continue
            staged = stage.outcomes(home, trace, question)
            verdict = judge(question, trace, (), staged, partial(Staged, staged.outcomes))
            assert (staged.recorded, staged.missing) == (True, MISSING)
            assert verdict.outcome is Outcome.SKIPPED, f"{lesson.id}/{question.id}: {verdict.answer.problem}"
            asked += 1
    assert asked > 8


@pytest.mark.usefixtures("nothing_runs")
def test_controlla_computes_over_them(course: Course) -> None:
    found = [each for each in check_questions(course, [course.lesson("davanti")], 1) if not each.skipped]
    assert [each.message for each in found if not each.ok] == []
    assert {each.message for each in found if each.kind == "trace"} == {f"dalla registrazione: {MISSING}"}
    assert sum(each.kind == "prediction" for each in found) > 4
