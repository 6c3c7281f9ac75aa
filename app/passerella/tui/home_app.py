"""«passerella» without arguments: the home screen, and the lab that is opened from it and left again."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from textual.screen import Screen

from passerella.errors import PasserellaError
from passerella.tui import home_entries as offered
from passerella.tui import preferences
from passerella.tui.base_app import OurApp
from passerella.tui.doors import Doors
from passerella.tui.home import Home
from passerella.tui.poor import poor_terminal
from passerella.tui.themes import NIGHT
from passerella.views.visible import visible

if TYPE_CHECKING:
    from passerella.lessons.paths import Itinerary
    from passerella.tui.lab import Lab
    from passerella.tui.lesson.desk import Desk
    from passerella.tui.source import Change, LiveSource

_LONGEST = 400
_LAST_LINES = 5  # of what a program said before it ended
_LONG = 15.0  # seconds for who has to read them


def run_home(doors: Doors) -> None:
    """Open the home screen and come back when the user leaves; whatever was started is ended by then."""
    app = HomeApp(doors, plain=poor_terminal(), theme=preferences.last_theme())
    try:
        app.run()
    finally:
        app.close_everything()


class HomeApp(OurApp):
    """Where everything is opened from. One lab at a time."""

    def __init__(self, doors: Doors, *, plain: bool = False, theme: str = NIGHT) -> None:
        super().__init__(plain=plain, theme=theme)
        self.doors = doors
        self.home = Home()
        self.lab: Lab | None = None
        self.desk: Desk | None = None
        self._endings: list[threading.Thread] = []

    def get_default_screen(self) -> Screen[None]:
        return self.home

    def open_entry(self, name: str) -> None:
        """One of ``passerella.tui.home_entries``."""
        from passerella.tui import beginning

        actions: dict[str, Callable[[HomeApp], None]] = {
            offered.TOUR: beginning.take_the_tour,
            offered.CONTINUE: beginning.go_on,
            offered.LESSONS: HomeApp.open_lessons,
            offered.LAB: beginning.choose_scenario,
            offered.MINE: beginning.trace_mine,
            offered.COMPARE: beginning.compare_two,
            offered.PATHS: HomeApp.open_paths,
            offered.RECORDINGS: beginning.choose_recording,
            offered.RECOVER: beginning.choose_lost,
        }
        actions[name](self)

    def open_lessons(self) -> None:
        """The index of the lessons, over the home screen."""
        from passerella.lessons.course import own_course
        from passerella.tui.lesson.desk import Desk

        with self._saying_why():
            self._sit_at(Desk(self, own_course(), self.doors, self._leave_lessons))

    def open_paths(self) -> None:
        """A path through the lessons, to be followed or led."""
        from passerella.lessons.course import own_course
        from passerella.tui.lesson.choose_path import choose_path
        from passerella.tui.lesson.path_desk import PathDesk

        with self._saying_why():
            course = own_course()

            def begin(itinerary: "Itinerary", led: bool) -> None:
                self._sit_at(PathDesk(self, course, itinerary, self.doors, self._leave_lessons, teacher=led))

            choose_path(self, course, begin)

    def _sit_at(self, desk: "Desk") -> None:
        self._close_lessons()
        self.desk = desk
        desk.open_index()

    def _leave_lessons(self) -> None:
        while self.screen is not self.home:
            self.pop_screen()
        self._close_lessons()

    def _close_lessons(self) -> None:
        """What the lessons started ends behind the screen."""
        desk, self.desk = self.desk, None
        if desk is not None:
            ending = threading.Thread(target=desk.close, name="chiusura")
            ending.start()
            self._endings.append(ending)

    def trace(self, change: "Change") -> None:
        from passerella.tui.loading import trace_when_loaded

        if change.scenario:
            self.open_lab(lambda: self.doors.live(change))
        else:
            trace_when_loaded(self, change)

    def open_recording(self, path: Path) -> None:
        self.open_lab(lambda: self.doors.recording(path))

    def open_lab(self, make: "Callable[[], LiveSource]") -> "Lab | None":
        """A lab over the home screen; None, and why, when there is nothing to put in it."""
        from passerella.tui.lab import Lab

        with self._saying_why():
            self.lab = Lab(make(), plain=self.plain, home=self.go_home)
            self.push_screen(self.lab)
            return self.lab
        return None

    @contextmanager
    def _saying_why(self) -> Iterator[None]:
        """What cannot be opened says why, and one is still here."""
        try:
            yield
        except PasserellaError as error:
            words = [error.message, *error.details.splitlines()[-_LAST_LINES:]]
            told = "\n".join(visible(line, _LONGEST) for line in words)
            self.notify(told, markup=False, severity="warning", timeout=_LONG if error.details else None)

    def go_home(self) -> None:
        """Leave the lab; what ran there ends behind the screen."""
        lab, self.lab = self.lab, None
        if lab is None:
            return
        while self.screen is not self.home:
            self.pop_screen()
        ending = threading.Thread(target=lab.live.close, name="chiusura")
        ending.start()
        self._endings.append(ending)

    def open_lab_now(self) -> "Lab | None":
        if self.lab is not None or self.desk is None:
            return self.lab
        return self.desk.lab

    def leave_now(self) -> None:
        if self.desk is None:
            self.exit()
        else:
            self.desk.leave_for(self.exit)

    def close_everything(self) -> None:
        """End what was started. Called once, at the end."""
        self._close_lessons()
        if self.lab is not None:
            self.lab.live.close(failed=bool(self.return_code))
        for ending in self._endings:
            ending.join()
