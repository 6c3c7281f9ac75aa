"""A new lesson is right from its first minute, and takes nothing's place."""

from pathlib import Path

import pytest

from passerella.errors import ContentError
from passerella.lessons.checking import check_questions, check_written
from passerella.lessons.course import Course
from passerella.lessons.new_lesson import new_lesson


def test_two_new_lessons_are_right(tmp_path: Path) -> None:
    made = [new_lesson(tmp_path / "mie" / name) for name in ("caffè", "Due parole")]
    assert [each.name for each in made] == ["01-caffè", "02-due-parole"]
    course = Course(tmp_path / "mie")
    assert [lesson.title for lesson in course] == ["Caffè", "Due parole"]
    assert list(check_written(course, list(course))) == []
    assert [each for each in check_questions(course, list(course)[:1], 1) if not each.ok] == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    made = new_lesson(tmp_path / "07-mia")
    (made / "lezione.toml").write_text("mia", encoding="utf-8")
    with pytest.raises(ContentError, match="c'è già"):
        new_lesson(tmp_path / "07-mia")
    assert (made / "lezione.toml").read_text(encoding="utf-8") == "mia"


@pytest.mark.parametrize("name", ["123", "...", "–"])
def test_a_name_without_letters_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ContentError, match="servono lettere"):
        new_lesson(tmp_path / name)
    assert list(tmp_path.iterdir()) == []
