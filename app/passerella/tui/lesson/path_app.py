"""A path alone on the screen, as «passerella lezioni --percorso» opens it."""

from passerella.lessons.course import Course
from passerella.lessons.paths import Itinerary
from passerella.tui.doors import Doors
from passerella.tui.lesson.desk_app import DeskApp
from passerella.tui.lesson.path_desk import PathDesk
from passerella.tui.poor import poor_terminal
from passerella.tui.preferences import last_theme
from passerella.tui.themes import NIGHT


def run_path(course: Course, itinerary: Itinerary, doors: Doors, *, teacher: bool = False) -> None:
    """Open the legs, until the user leaves."""
    PathApp(course, itinerary, doors, plain=poor_terminal(), theme=last_theme(), teacher=teacher).sit()


class PathApp(DeskApp):
    """The legs, and what is opened from them."""

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
