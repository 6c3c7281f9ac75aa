"""What the screens of a path ask for: its legs in their order, and the time."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from passerella.errors import ContentError
from passerella.language import _
from passerella.lessons import paths
from passerella.lessons.clock import Clock, minutes_and_seconds
from passerella.lessons.course import Course
from passerella.lessons.leading import Leading
from passerella.lessons.paths import Itinerary, Leg
from passerella.tui.doors import Doors
from passerella.tui.help_parts import said
from passerella.tui.lesson.desk import Desk
from passerella.tui.lesson.leading_screen import LeadingScreen
from passerella.tui.lesson.path_screen import PathScreen
from passerella.tui.lesson.screen import LessonScreen
from passerella.tui.lesson.talk_screen import TalkScreen
from passerella.tui.notice import Question
from passerella.tui.row_list import Span
from passerella.views.visible import visible

if TYPE_CHECKING:
    from passerella.tui.base_app import OurApp


class PathDesk(Desk):
    """One for a class: what is led with the notes, the time and the votes; or followed as lessons are."""

    def __init__(
        self,
        app: "OurApp",
        course: Course,
        itinerary: Itinerary,
        doors: Doors,
        leave: Callable[[], None],
        *,
        teacher: bool = False,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(app, course, doors, leave, teacher=teacher)
        self.itinerary = itinerary
        self.current = 0
        self.entered: set[int] = set()
        self._now = now
        self._clock = Clock([leg.minutes for leg in itinerary.legs])

    @property
    def leg(self) -> Leg:
        return self.itinerary.legs[self.current]

    def open_index(self) -> None:
        """The legs."""
        while isinstance(self.app.screen, LessonScreen | TalkScreen):
            self.app.pop_screen()
        if not isinstance(self.app.screen, PathScreen):
            self.app.push_screen(PathScreen(self))

    def index_signs(self) -> list[tuple[str, str]]:
        return [("○", _("da cominciare")), ("◐", _("cominciata"))]

    def index_keys(self) -> list[tuple[str, str]]:
        return [
            (_("invio"), _("apre la tappa")),
            *([("n", _("le note per chi insegna"))] if self.teacher else []),
            ("g", _("glossario")),
            ("t", _("tema")),
            ("esc", _("indietro")),
        ]

    def leave_for(self, then: Callable[[], None]) -> None:
        """The time and the votes of a class that has begun are nowhere else: ask before. Asked again, it is meant."""

        def left(sure: bool | None) -> None:
            if sure:
                then()

        if not (self.teacher and self._clock.running) or isinstance(self.app.screen, Question):
            left(True)
            return
        sentence = _("Il tempo trascorso e i voti della classe non si conservano. Esci?")
        self.app.push_screen(Question(_("Esci"), sentence, _("esci"), _("resta")), left)

    def open_leg(self, index: int) -> None:
        """Its pages; or what stands in their place."""
        self.current = index
        leg = self.leg
        try:
            found = paths.pages(self.course, leg)
        except ContentError as error:
            self.app.notify(visible(error.message, 400), markup=False, severity="warning")
            return
        self.entered.add(index)
        self._clock.enter(index, self._now())
        if not found:
            self.app.push_screen(TalkScreen(self))
        elif self.teacher:
            self.app.push_screen(LeadingScreen(Leading(self.course, leg, self.stage), self, plain=self.app.plain))
        else:
            lesson, page = found[0]
            self.open_lesson(lesson, page.name)

    def lesson_over(self, screen: LessonScreen) -> None:
        self.leg_over()

    def leg_over(self) -> None:
        """Back to the legs, at the one that comes next."""
        self.current = min(self.current + 1, len(self.itinerary.legs) - 1)
        self.open_index()

    def own_keys(self) -> list[tuple[str, str]]:
        if not self.teacher:
            return []
        return [
            ("h", _("conta le mani: una volta prima della discussione, una dopo")),
            ("s", _("svela: con la risposta della classe, se ha votato")),
            ("n", _("le note per chi insegna")),
        ]

    def title(self) -> str:
        """«tappa 2 di 8 · Il contratto WSGI   24:10 · ne restano 7:05»."""
        leg = _("tappa {n} di {all}").format(n=self.current + 1, all=len(self.itinerary.legs))
        return f" {leg} · {visible(paths.title(self.course, self.leg), 40)}   {self.time()}"

    def time(self) -> str:
        """How long it has taken, and what is left of the leg in sight."""
        now = self._now()
        left = self._clock.left(self.current, now)
        words = (
            _("{elapsed} dall'inizio · restano {left}")
            if left >= 0
            else _("{elapsed} dall'inizio · oltre il tempo di {left}")
        )
        return words.format(elapsed=minutes_and_seconds(self._clock.elapsed(now)), left=minutes_and_seconds(abs(left)))

    def left(self) -> str:
        """What is left of the leg in sight, to be read from afar."""
        return minutes_and_seconds(self._clock.left(self.current, self._now()))

    def ending(self) -> str:
        """Whether the whole is late."""
        if not self._clock.running:
            return _("{minutes} minuti in tutto").format(minutes=self.itinerary.minutes)
        late = round(self._clock.late(self._now()) / 60)
        if late > 0:
            return _("{minutes} minuti di ritardo").format(minutes=late)
        return _("{minutes} minuti di anticipo").format(minutes=-late) if late < 0 else _("in orario")

    def spent(self, index: int) -> str:
        """The time that a leg has taken so far; empty when it was not entered."""
        return minutes_and_seconds(self._clock.spent(index, self._now())) if index in self.entered else ""

    def notes(self, index: int | None = None) -> list[Span]:
        """What there is to say to who teaches of a leg, of the current one when none is said."""
        leg = self.leg if index is None else self.itinerary.legs[index]
        parts: list[Span] = []
        for title, told in paths.notes(leg):
            parts += said(title, "\n".join(told))
        return parts or [(_("Per questa tappa non ci sono note."), "quiet")]
