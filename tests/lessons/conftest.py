"""A small course, one real run of it for the whole module, and a folder of the user's own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.writing import write_lesson
from passerella.lessons.course import Course
from passerella.lessons.outcome import Outcome
from passerella.lessons.running import run_trace


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSERELLA_DATI", str(tmp_path / "dati"))


@pytest.fixture
def course_of(tmp_path: Path) -> Callable[..., Course]:
    """A course of one lesson; the pages and the lines of ``lezione.toml`` that are given take the place of the usual ones."""

    def made(pages: dict[str, str] | None = None, heading: str = "", files: dict[str, str] | None = None) -> Course:
        write_lesson(tmp_path / "corso" / "01-prova", pages, heading, files)
        return Course(tmp_path / "corso")

    return made


@pytest.fixture(scope="session")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Two requests on wsgiref, really sent."""
    folder = tmp_path_factory.mktemp("corso") / "01-prova"
    write_lesson(folder)
    lesson = Course(folder.parent).lesson("prova")
    return run_trace(lesson, lesson.traces["due"], "wsgiref")
