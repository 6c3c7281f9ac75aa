"""A run that was recorded gives the same answers; a rehearsal makes it, the stage uses it."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from passerella.errors import ContentError, StartError
from passerella.lessons import recorded
from passerella.lessons.course import Course
from passerella.lessons.model import Lesson, Trace
from passerella.lessons.outcome import Outcome as Run
from passerella.lessons.paths import Itinerary, Leg
from passerella.lessons.recorded import Keeper, recorded_outcome, rehearsed_folder
from passerella.lessons.rehearsal import RECORDING, Tried, rehearse
from passerella.lessons.staging import Stage
from passerella.lessons.taking import Taking
from passerella.lessons.trust import is_trusted, trust
from passerella.lessons.verdict import Outcome, sentences

CourseOf = Callable[..., Course]
ITINERARY = Itinerary("ora", "Un'ora", 10, [Leg(minutes=10, lesson="prova")])


def _missing(_trace: Trace, place: str) -> str:
    return "manca wsgiref, installa con «pip»" if place == "wsgiref" else ""


@pytest.fixture
def course(course_of: CourseOf) -> Course:
    return course_of()


def test_what_is_rehearsed_is_there_when_it_cannot_run(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [(each.place, each.ready, each.problem) for each in rehearse(course, ITINERARY)] == [
        ("wsgiref", True, ""),
        ("waitress", True, ""),
    ]
    lesson = course.lesson("prova")
    kept = recorded_outcome(lesson, lesson.traces["due"], "wsgiref")
    assert kept is not None
    assert [each.status for each in kept.journeys] == [200, 200]
    assert [line for line in kept.printed if line.startswith("chiamata")] == ["chiamata /uno", "chiamata /due"]
    assert not list(lesson.folder.glob("registrazioni"))

    with Stage() as stage:  # it starts, but not today
        monkeypatch.setattr("passerella.lessons.running.Run.run", _fails)
        taking = Taking(course, lesson, stage)
        taking.go_to(1)
        verdict = taking.commit((1,))
        assert verdict.outcome is Outcome.RIGHT
        assert "registrazione di una prova vera" in sentences(lesson.questions["quante"], verdict)[-1]
        (rehearsed_folder(lesson) / "due@wsgiref.json").unlink()
        with pytest.raises(StartError, match="non oggi"):
            taking.staged()
        monkeypatch.undo()

    monkeypatch.setenv("PASSERELLA_DATI", str(lesson.folder.parent / "altrove"))
    monkeypatch.setattr("passerella.lessons.rehearsal.missing_for", _missing)
    monkeypatch.setattr("passerella.lessons.rehearsal._record", _fails)
    tried = list(rehearse(course, ITINERARY))
    assert [(each.instead, each.problem, each.ready) for each in tried] == [
        ("waitress", "", True),
        ("", "non oggi", False),
    ]


def _fails(*_words: object) -> None:
    raise StartError("non oggi")


def test_what_comes_on_a_stick_or_with_the_lesson_is_found(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = course.lesson("prova")
    trace = lesson.traces["due"]
    for folder in (recorded.own_folder(lesson), tmp_path / "stick" / "prova"):
        assert recorded_outcome(lesson, trace, "waitress") is None
        Keeper(lesson, trace, "waitress", folder).finish(_nothing())
        monkeypatch.setenv(recorded.VARIABLE, str(tmp_path / "stick"))
        assert recorded_outcome(lesson, trace, "waitress") is not None
        monkeypatch.delenv(recorded.VARIABLE)
        (recorded.own_folder(lesson) / "due@waitress.json").unlink(missing_ok=True)
    monkeypatch.setenv(recorded.VARIABLE, str(tmp_path / "stick"))
    assert recorded_outcome(lesson, trace, "wsgiref") is None
    assert Tried(lesson=lesson, trace=trace, place="x", missing="m", instead=RECORDING).ready


def _nothing() -> Run:
    return Run(place="waitress")


def test_a_recording_of_another_trace_or_of_another_program_is_not_used(course: Course) -> None:
    lesson = course.lesson("prova")
    trace = lesson.traces["due"]
    Keeper(lesson, trace, "waitress", recorded.own_folder(lesson)).finish(_nothing())
    assert recorded_outcome(lesson, trace, "waitress") is not None
    assert recorded_outcome(lesson, msgspec.structs.replace(trace, requests=["GET /altro"]), "waitress") is None
    (lesson.folder / "app.py").write_text("app = None\n", encoding="utf-8")
    assert recorded_outcome(lesson, trace, "waitress") is None


@pytest.mark.parametrize("broken", ["", "{}", "niente", '["passerella",99,1,2]\n'])
def test_a_broken_recording_is_as_none(course: Course, broken: str) -> None:
    lesson = course.lesson("prova")
    trace = lesson.traces["due"]
    path = Keeper(lesson, trace, "waitress", recorded.own_folder(lesson)).finish(_nothing())
    path.write_text(broken, encoding="utf-8")
    assert recorded_outcome(lesson, trace, "waitress") is None


def test_names_that_lead_elsewhere_do_not(course: Course) -> None:
    lesson: Lesson = course.lesson("prova")
    trace = msgspec.structs.replace(lesson.traces["due"], id="../../fuori")
    assert recorded.file_name(trace, "../x") == "_fuori@_x.passerella"


def test_a_folder_that_cannot_be_written_is_told(course: Course, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    lesson = course.lesson("prova")
    with pytest.raises(ContentError, match="Non riesco a scrivere la registrazione"):
        Keeper(lesson, lesson.traces["due"], "waitress", tmp_path / "file" / "dentro")


def test_a_folder_is_trusted_once_it_was_said(tmp_path: Path) -> None:
    assert not is_trusted(tmp_path)
    trust(tmp_path)
    assert is_trusted(tmp_path)
    assert not is_trusted(tmp_path.parent)
    assert is_trusted(tmp_path / ".." / tmp_path.name)
