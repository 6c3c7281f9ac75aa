"""A path on the screen, as «passerella lezioni --percorso» opens it."""

from typing import ClassVar

from textual.types import CSSPathType

from passerella.lessons.course import Course
from passerella.lessons.paths import Itinerary
from passerella.tui.base_app import OurApp
from passerella.tui.doors import Doors
from passerella.tui.lesson.path_desk import PathDesk
from passerella.tui.poor import poor_terminal
from passerella.tui.preferences import last_theme
from passerella.tui.themes import NIGHT


def run_path(course: Course, itinerary: Itinerary, doors: Doors, *, teacher: bool = False) -> None:
    """Open the legs, and come back when the user leaves; what was started is ended by then."""
    app = PathApp(course, itinerary, doors, plain=poor_terminal(), theme=last_theme(), teacher=teacher)
    try:
        app.run()
    finally:
        app.desk.close()


class PathApp(OurApp):
    """Nothing but a path."""

    CSS_PATH: ClassVar[CSSPathType | None] = [
        "../base.tcss",
        "../opening.tcss",
        "../lab.tcss",
        "lesson.tcss",
        "path.tcss",
    ]

    def __init__(
        self,
        course: Course,
        itinerary: Itinerary,
        doors: Doors,
        *,
        plain: bool = False,
        theme: str = NIGHT,
        teacher: bool = False,
    ) -> None:
        super().__init__(plain=plain, theme=theme)
        self.desk = PathDesk(self, course, itinerary, doors, self.exit, teacher=teacher)

    def on_mount(self) -> None:
        self.desk.open_index()
