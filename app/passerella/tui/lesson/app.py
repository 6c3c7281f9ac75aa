"""The lessons alone on the screen, as «passerella lezioni» opens them."""

from passerella.lessons.course import Course
from passerella.lessons.model import Lesson
from passerella.tui.doors import Doors
from passerella.tui.lesson.desk import Desk
from passerella.tui.lesson.desk_app import DeskApp
from passerella.tui.poor import poor_terminal
from passerella.tui.preferences import last_theme
from passerella.tui.themes import NIGHT


def run_lessons(course: Course, doors: Doors, lesson: Lesson | None = None, *, teacher: bool = False) -> None:
    """Open the index, or a lesson, until the user leaves."""
    LessonApp(course, doors, lesson, plain=poor_terminal(), theme=last_theme(), teacher=teacher).sit()


class LessonApp(DeskApp):
    """The index, and ``lesson`` over it if one is asked for."""

    def __init__(
        self,
        course: Course,
        doors: Doors,
        lesson: Lesson | None = None,
        *,
        plain: bool = False,
        theme: str = NIGHT,
        teacher: bool = False,
    ) -> None:
        super().__init__(plain=plain, theme=theme)
        self.desk = Desk(self, course, doors, self.exit, teacher=teacher)
        self._first = lesson

    def begin(self) -> None:
        super().begin()
        if self._first is not None:
            self.desk.open_lesson(self._first)
