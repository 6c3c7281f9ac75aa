"""The lessons alone on the screen, as «passerella lezioni» opens them."""

from typing import ClassVar

from textual.types import CSSPathType

from passerella.lessons.course import Course
from passerella.lessons.model import Lesson
from passerella.tui.base_app import OurApp
from passerella.tui.doors import Doors
from passerella.tui.lesson.desk import Desk
from passerella.tui.poor import poor_terminal
from passerella.tui.preferences import last_theme
from passerella.tui.themes import NIGHT


def run_lessons(course: Course, doors: Doors, lesson: Lesson | None = None, *, teacher: bool = False) -> None:
    """Open the index, or a lesson, and come back when the user leaves; what was started is ended by then."""
    app = LessonApp(course, doors, lesson, plain=poor_terminal(), theme=last_theme(), teacher=teacher)
    try:
        app.run()
    finally:
        app.desk.close()


class LessonApp(OurApp):
    """Nothing but the lessons, and what is opened from them."""

    CSS_PATH: ClassVar[CSSPathType | None] = "../base.tcss"

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

    def on_mount(self) -> None:
        self.desk.open_index()
        if self._first is not None:
            self.desk.open_lesson(self._first)
