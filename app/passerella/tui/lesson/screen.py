"""A lesson on the screen: a page, and beside it the trace that it speaks of."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Static

from passerella.journeys.model import Journey
from passerella.language import _
from passerella.lessons.taking import Taking
from passerella.lessons.verdict import Chosen
from passerella.tui.editor import open_in_editor
from passerella.tui.inspector import Tabs
from passerella.tui.keys_bar import Key, KeysBar
from passerella.tui.lesson.in_sight import InSight
from passerella.tui.lesson.lesson_keys import keys
from passerella.tui.lesson.page_view import LETTERS, PageText, PageView, hint
from passerella.tui.lesson.runs import Failed, Judged, Ran, Run, judging, running
from passerella.tui.lesson.trace_pane import TracePane, curtain
from passerella.tui.map_view import MapView
from passerella.tui.row_list import RowList
from passerella.tui.source_panel import SourcePanel

if TYPE_CHECKING:
    from passerella.tui.lesson.desk import Desk

_PAINTED = 0.15  # seconds after which a page is surely on the screen


class LessonScreen(Screen[None]):
    """One lesson, page after page. Push it on any app of ours."""

    CSS_PATH = ["../opening.tcss", "../lab.tcss", "lesson.tcss"]  # noqa: RUF012 - so Textual declares it

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(letter, f"letter({n})", show=False) for n, letter in enumerate(LETTERS)),
        Binding("enter", "onward", show=False),
        Binding("s", "skip", show=False),
        Binding("backspace,pageup", "turn(-1)", show=False),
        Binding("pagedown", "turn(1)", show=False),
        Binding("left", "step(-1)", show=False),
        Binding("right", "step(1)", show=False),
        Binding("plus,equals_sign", "level(1)", show=False),
        Binding("minus", "level(-1)", show=False),
        *(Binding(str(n), f"tab({n})", show=False) for n in range(1, 5)),
        Binding("v", "journey", show=False),
        Binding("o", "other", show=False),
        Binding("r", "again", show=False),
        Binding("l", "lanes", show=False),
        Binding("p", "lab", show=False),
        Binding("g", "glossary", show=False),
        Binding("i", "index", show=False),
        Binding("question_mark,f1", "help", show=False),
        Binding("t", "app.theme", show=False),
        Binding("escape", "back", show=False),
        Binding("q", "app.quit", show=False),
        Binding("tab", "app.focus_next", show=False),
        Binding("shift+tab", "app.focus_previous", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - so Textual declares it

    def __init__(self, taking: Taking, desk: "Desk", *, plain: bool = False, teacher: bool = False) -> None:
        super().__init__()
        self.taking = taking
        self.desk = desk
        self.plain = plain
        self.sight = InSight(taking, teacher=teacher)

    def compose(self) -> ComposeResult:
        yield Static("", id="lesson-title", markup=False)
        drawn = MapView(self.plain, id="map")
        drawn.border_title = _("Mappa")
        yield drawn
        with Horizontal(id="lesson"):
            yield PageView(id="page")
            yield TracePane(drawn, id="trace")
        yield KeysBar(id="keys")

    def on_mount(self) -> None:
        self.show_page()

    # ── what is drawn ───────────────────────────────────────────────────────────────────────────────────────────

    def show_page(self) -> None:
        """The page in sight from its beginning."""
        self.sight.begin()
        self._show_text()
        self._show_trace()
        self.set_timer(_PAINTED, self._prepare)
        self.query_one(PageView).focus()

    def _prepare(self) -> None:
        """Begin to run what the page in sight needs, once the page is painted."""
        self.taking.prepare()

    def _show_text(self) -> None:
        taking, sight = self.taking, self.sight
        page, verdict = taking.stop.page, taking.verdict
        waiting = sight.busy or hint(page.question, sight.chosen, verdict is not None)
        self.query_one(PageView).show_page(page, sight.head(), sight.chosen, verdict, sight.notes(), waiting)
        title = f" Passerella   {taking.lesson.number}. {taking.lesson.title}"
        self.query_one("#lesson-title", Static).update(title)
        self._show_keys()

    def _show_trace(self) -> None:
        taking, pane, shown = self.taking, self.query_one(TracePane), self.sight.shown
        found, verdict = taking.trace, taking.verdict
        self.set_class(found is None, "-alone")
        self.set_class(shown is not None, "-revealed")
        self.remove_class("-inside")
        if found is None:
            self.query_one(MapView).display = False
            return
        _home, trace = found
        if shown is None:
            pane.hide(curtain(trace, self.sight.place(), taking.question is not None))
            return
        journeys = shown.in_sight.journeys or shown.in_sight.lifespans
        proof = verdict.answer.proof if verdict is not None else None
        if proof is None:
            pane.reveal(journeys, None, None, trace.station)
        else:
            pane.reveal(journeys, proof.journey, proof.step, trace.station)

    def _show_keys(self) -> None:
        self.query_one(KeysBar).show(self._keys())

    def _keys(self) -> list[Key]:
        return keys(self.sight, len(self.query_one(TracePane).browsing.journeys))

    # ── what arrives ────────────────────────────────────────────────────────────────────────────────────────────

    def on_judged(self, message: Judged) -> None:
        if message.index == self.taking.index:
            self.show_page()
            self._say_trouble()

    def on_ran(self, message: Ran) -> None:
        self.sight.keep(message.index, message.staged)
        if message.index == self.taking.index:
            self._show_text()
            self._show_trace()

    def on_failed(self, message: Failed) -> None:
        if message.index == self.taking.index:
            self.sight.busy = ""
            self._show_text()
            self.notify(message.error.message, markup=False, severity="warning", timeout=12)

    def _say_trouble(self) -> None:
        if self.taking.trouble:
            self.notify(self.taking.trouble, markup=False, severity="warning")
            self.taking.trouble = ""

    def on_page_text_clicked(self, event: PageText.Clicked) -> None:
        self.action_letter(event.choice)

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        if event.sender.id == "steps":
            self.query_one(TracePane).go(event.index)

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        if event.sender.id == "steps":
            self.query_one(TracePane).toggle_row()

    def on_tabs_picked(self, event: Tabs.Picked) -> None:
        self.action_tab(event.tab)

    def on_source_panel_wanted(self, event: SourcePanel.Wanted) -> None:
        open_in_editor(self.app, event.path, event.line)

    def on_inspector_changed(self) -> None:
        self.query_one(TracePane).show_row()

    def on_descendant_focus(self) -> None:
        self._show_keys()

    def on_resize(self) -> None:
        self.call_after_refresh(self.query_one(TracePane).show_row)

    # ── what the user does ──────────────────────────────────────────────────────────────────────────────────────

    def action_none(self) -> None:
        """A key that is only explained."""

    def action_letter(self, n: int) -> None:
        if self.sight.choose(n):
            self._show_text()

    def action_onward(self) -> None:
        """Confirm the answer, start the trace, or turn the page: what comes next here."""
        sight = self.sight
        if sight.busy:
            return
        if sight.open_question:
            if sight.answered_in_full:
                self._judge(sight.chosen)
        elif sight.to_run:
            self._run_trace()
        else:
            self.action_turn(1)

    def action_skip(self) -> None:
        if self.sight.open_question and not self.sight.busy:
            self._judge(())

    def action_turn(self, by: int) -> None:
        """The next page, or the one before. An open question is answered, or skipped, first."""
        if self.sight.busy:
            return
        if by < 0 and self.sight.take_back():
            self._show_text()
        elif by > 0 and self.sight.open_question:
            self.notify(_("Prima rispondi, oppure salta la domanda con «s»."), markup=False)
        elif self.taking.go(by):
            self.show_page()
        elif by > 0:
            self.taking.finish()
            self.desk.lesson_over(self)

    def action_step(self, by: int) -> None:
        self.query_one(TracePane).move(by)

    def action_level(self, by: int) -> None:
        self.query_one(TracePane).change_level(by)

    def action_tab(self, tab: int) -> None:
        if self.query_one(TracePane).open:
            self.add_class("-inside")
            self.query_one(TracePane).show_tab(tab)

    def action_journey(self) -> None:
        pane = self.query_one(TracePane)
        if pane.open and pane.next_journey():
            self.notify(pane.where(), markup=False, timeout=2)

    def action_other(self) -> None:
        """The same trace on the next of its servers."""
        place = self.sight.next_place()
        if place and not self.sight.busy:
            self._run_trace(place)

    def action_again(self) -> None:
        shown = self.sight.shown
        if shown is not None and not self.sight.busy:
            self._run_trace(shown.place, again=True)

    def action_lanes(self) -> None:
        """The journeys of the trace over time."""
        pane = self.query_one(TracePane)
        if not pane.open:
            return
        from passerella.tui.lanes_screen import LanesScreen

        def look(journey: Journey | None) -> None:
            if journey is not None:
                pane.choose(journey)

        self.app.push_screen(LanesScreen(pane.browsing, plain=self.plain), look)

    def action_lab(self) -> None:
        self.desk.open_lab(self.taking)

    def action_glossary(self) -> None:
        self.desk.open_glossary(self.taking.stop.page)

    def action_index(self) -> None:
        self.desk.open_index()

    def action_help(self) -> None:
        self.desk.open_help(self)

    def action_back(self) -> None:
        if self.has_class("-inside", "-narrow"):
            self.remove_class("-inside")
            self.query_one(PageView).focus()
        elif self.query_one(PageView).has_focus or not self.query_one(TracePane).open:
            self.desk.open_index()
        else:
            self.query_one(PageView).focus()

    def _judge(self, chosen: Chosen) -> None:
        self._work(_("Guardo che cosa succede davvero…"), judging(self.taking, chosen))

    def _run_trace(self, place: str = "", *, again: bool = False) -> None:
        where = place or (self.taking.trace[1].places[0] if self.taking.trace is not None else "")
        said = _("Avvio {place} e mando la richiesta…").format(place=where)
        self._work(said, running(self.taking, place, again=again))

    def _work(self, said: str, run: Run) -> None:
        """Do something that waits for a server, and tell what came of it."""
        self.sight.busy = said
        self._show_text()
        self.run_worker(lambda: self.post_message(run()), thread=True, exit_on_error=False)
