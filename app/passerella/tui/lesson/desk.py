"""What the screens of the lessons ask for: another screen, a lab, the way out. One for a sitting."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from passerella.errors import PasserellaError
from passerella.language import _
from passerella.lessons import progress as progress_file
from passerella.lessons.course import Course
from passerella.lessons.model import Lesson, Page
from passerella.lessons.places import read_place
from passerella.lessons.staging import Stage
from passerella.lessons.taking import Taking
from passerella.lessons.terms import terms_in
from passerella.lessons.verdict import Outcome
from passerella.tui.doors import Doors
from passerella.tui.help_parts import said, table
from passerella.tui.lesson.index_screen import IndexScreen
from passerella.tui.lesson.screen import LessonScreen
from passerella.tui.notice import Notice
from passerella.tui.row_list import Span
from passerella.tui.source import Change
from passerella.views.visible import visible

if TYPE_CHECKING:
    from passerella.tui.base_app import OurApp
    from passerella.tui.lab import Lab


class Desk:
    """Opens lessons over the app that it is given; ``leave`` is where «esc» goes from the index."""

    def __init__(
        self, app: "OurApp", course: Course, doors: Doors, leave: Callable[[], None], *, teacher: bool = False
    ) -> None:
        self.app = app
        self.course = course
        self.doors = doors
        self.teacher = teacher
        self.stage = Stage()
        self.progress = progress_file.load()
        self._leave = leave
        self.lab: Lab | None = None
        self._endings: list[threading.Thread] = []

    def open_index(self) -> None:
        """The index, over the app or back from a lesson."""
        if isinstance(self.app.screen, LessonScreen):
            self.app.pop_screen()
        if not isinstance(self.app.screen, IndexScreen):
            self.app.push_screen(IndexScreen(self))

    def leave_index(self) -> None:
        self.leave_for(self._leave)

    def leave_for(self, then: Callable[[], None]) -> None:
        """Go on with ``then``: lessons lose nothing by it."""
        then()

    def open_lesson(self, lesson: Lesson, page: str = "") -> None:
        """A lesson where it was left, or at one of its pages."""
        taking = Taking(self.course, lesson, self.stage, self.progress)
        if page:
            taking.go_to(
                next(n for n, stop in enumerate(taking.stops) if stop.page.name == page and stop.home is lesson)
            )
        self.app.push_screen(LessonScreen(taking, self, plain=self.app.plain, teacher=self.teacher))

    def lesson_over(self, screen: LessonScreen) -> None:
        """The last page was turned: how it went, and back to the index."""
        score = screen.taking.score()
        right, wrong = score[Outcome.RIGHT], score[Outcome.WRONG]
        self.open_index()
        self.app.notify(
            _("«{title}» è finita: {right} giuste, {wrong} no.").format(
                title=screen.taking.lesson.title, right=right, wrong=wrong
            ),
            markup=False,
        )

    def open_glossary(self, page: Page | None) -> None:
        """The terms of a page, or all of them."""
        glossary = self.course.glossary
        terms = list(glossary.values()) if page is None else terms_in(page, glossary)
        if not terms:
            self.app.notify(_("In questa pagina non ci sono termini del glossario."), markup=False)
            return
        parts: list[Span] = []
        for term in terms:
            lesson = self.course.lessons.get(term.lesson)
            where = _(" (lezione {n}, «{title}»)").format(n=lesson.number, title=lesson.title) if lesson else ""
            parts += said(term.term, term.meaning + where)
        self.app.push_screen(Notice(_("Glossario"), parts))

    def open_index_help(self) -> None:
        parts = [*table(_("I segni"), self.index_signs()), *table(_("I tasti"), self.index_keys())]
        self.app.push_screen(Notice(_("Aiuto"), parts))

    def index_signs(self) -> list[tuple[str, str]]:
        return [("○", _("da cominciare")), ("◐", _("cominciata")), ("●", _("finita"))]

    def index_keys(self) -> list[tuple[str, str]]:
        return [
            (_("invio"), _("apre la lezione, dove l'avevi lasciata")),
            ("/", _("cerca in tutte le lezioni")),
            ("g", _("glossario")),
            ("esc", _("indietro")),
        ]

    def open_help(self, screen: LessonScreen) -> None:
        parts = said(
            _("Qui"),
            _(
                "Ogni domanda si calcola facendo girare davvero il server: prima dici che cosa ti aspetti, poi guardi. "
                "Se sbagli non succede niente: la traccia ti mostra perché."
            ),
        )
        parts += said(
            _("Per leggere di più"),
            "\n".join(f"{each.text}\n  {each.url}" for each in screen.taking.lesson.heading.references),
        )
        parts += table(_("I tasti"), list((dict(_help_keys()) | dict(self.own_keys())).items()))
        self.app.push_screen(Notice(_("Aiuto"), parts))

    def own_keys(self) -> list[tuple[str, str]]:
        """Keys of this desk, besides or instead of those of every lesson."""
        return []

    def open_lab(self, taking: Taking) -> None:
        """The server of the page in sight in the lab, to try whatever comes to mind."""
        if taking.stop.page.comparison is not None:
            self._compare(taking.stop.page)
            return
        change = _change(taking)
        if change is None:
            self.app.notify(_("Questa pagina non ha un server da aprire nel laboratorio."), markup=False)
            return
        from passerella.tui.lab import Lab

        try:
            live = self.doors.live(change)
        except PasserellaError as error:
            self.app.notify(visible(error.message, 400), markup=False, severity="warning")
            return
        self.lab = Lab(live, plain=self.app.plain, home=self.leave_lab)
        self.app.push_screen(self.lab)

    def leave_lab(self) -> None:
        """Back to the lesson; what ran there ends behind the screen."""
        lab, self.lab = self.lab, None
        if lab is None:
            return
        while not isinstance(self.app.screen, LessonScreen):
            self.app.pop_screen()
        ending = threading.Thread(target=lab.live.close, name="chiusura")
        ending.start()
        self._endings.append(ending)

    def close(self) -> None:
        """End what was started. Called once, at the end."""
        self.stage.close()
        if self.lab is not None:
            self.lab.live.close()
        for ending in self._endings:
            ending.join()

    def _compare(self, page: Page) -> None:
        from passerella.client.draft import of_line
        from passerella.tui.comparing import run_elsewhere, show

        comparison = page.comparison
        if comparison is None:
            return
        draft = of_line(comparison.request)
        asked = [(name, Change(scenario=name)) for name in comparison.scenarios]
        run_elsewhere(self.app, self.doors.elsewhere, asked, draft, lambda found: show(self.app, found))


def _change(taking: Taking) -> Change | None:
    """What the page in sight runs, as the lab starts it; None when the lab cannot."""
    if taking.trace is None:
        return None
    home, trace = taking.trace
    if trace.program or trace.front or trace.service:
        return None
    verdict = taking.verdict
    name, choices = read_place(verdict.staged.place if verdict is not None else trace.places[0])
    if trace.scenarios:
        return Change(scenario=name, choices=choices)
    return Change(app=trace.app, folder=str(home.folder), server=name, choices=choices)


def _help_keys() -> list[tuple[str, str]]:
    return [
        ("a b c d", _("scegli una risposta, o la prossima voce dell'ordine")),
        (_("invio"), _("conferma, fa partire la traccia, o volta pagina")),
        ("s", _("salta la domanda e guarda")),
        (_("PagSu PagGiù"), _("pagina prima, pagina dopo")),
        ("← →", _("passo prima, passo dopo")),
        ("+ -", _("più dettaglio, meno dettaglio")),
        ("1 2 3 4", _("environ o scope, byte, codice, spiegazione")),
        ("v", _("il viaggio seguente")),
        ("o", _("la stessa traccia su un altro server")),
        ("r", _("fa girare la traccia di nuovo")),
        ("l", _("corsie: tutti i viaggi nel tempo")),
        ("p", _("apre il server nel laboratorio, per provare altro")),
        ("g", _("i termini di questa pagina")),
        ("i, esc", _("indice delle lezioni")),
        ("t", _("tema")),
    ]
