"""The trace of a page: the map, the steps, what each carries. Nothing is shown before it may be seen."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from passerella.journeys.model import Journey, Step
from passerella.language import _
from passerella.lessons.model import Request, Trace
from passerella.tui.browsing import Browsing
from passerella.tui.explain import Explain
from passerella.tui.inspector import Inspector
from passerella.tui.lists import StepList
from passerella.tui.map_view import MapView
from passerella.views.inspector import explanation
from passerella.views.map import map_at
from passerella.views.rows import PASSAGES, row_of
from passerella.views.visible import visible

_LONGEST = 70


class TracePane(Vertical):
    """The journeys of one run, one of them in sight."""

    def __init__(self, drawn: MapView, *, id: str | None = None) -> None:
        """``drawn``: the map, which is over everything."""
        super().__init__(id=id)
        self._map = drawn
        self.browsing = Browsing(PASSAGES)

    def compose(self) -> ComposeResult:
        yield Static("", id="curtain", markup=False)
        yield StepList(id="steps")
        yield Inspector(id="inspector")
        yield Explain(id="explain")

    @property
    def open(self) -> bool:
        return not self.has_class("-covered")

    def hide(self, said: Content | str) -> None:
        """Nothing of the trace can be seen; ``said`` stands in its place."""
        self.query_one("#curtain", Static).update(said)
        self._lift(False)

    def reveal(self, journeys: Sequence[Journey], look_at: Journey | None, step: Step | None, station: str) -> None:
        """Show the journeys: open at a step, else where ``station`` is first met."""
        self.browsing = Browsing(self.browsing.level)
        self.browsing.adopt(list(reversed(journeys)))
        self._lift(True)
        if journeys:
            self.choose(look_at if look_at is not None else journeys[0], step, station)

    def _lift(self, lifted: bool) -> None:
        self._map.display = lifted
        self.set_class(not lifted, "-covered")

    def choose(self, journey: Journey, step: Step | None = None, station: str = "") -> None:
        browsing = self.browsing
        browsing.choose(journey)
        browsing.go(_position(browsing, step, station))
        self._show_steps()

    def next_journey(self) -> bool:
        """To the one after it, from the last to the first; False when there is only one."""
        journeys = list(reversed(self.browsing.journeys))
        if len(journeys) < 2 or self.browsing.journey is None:
            return False
        self.choose(journeys[(journeys.index(self.browsing.journey) + 1) % len(journeys)])
        return True

    def where(self) -> str:
        """«viaggio 2 di 3», empty when there is only one."""
        journeys = list(reversed(self.browsing.journeys))
        if len(journeys) < 2 or self.browsing.journey is None:
            return ""
        return _("viaggio {n} di {all}").format(n=journeys.index(self.browsing.journey) + 1, all=len(journeys))

    def move(self, by: int) -> None:
        if self.open and self.browsing.move(by):
            self.show_row()

    def go(self, position: int) -> None:
        self.browsing.go(position)
        self.show_row()

    def change_level(self, by: int) -> None:
        if self.open and self.browsing.change_level(by):
            self._show_steps()

    def toggle_row(self) -> None:
        if self.open and self.browsing.toggle_row():
            self._show_steps()

    def show_tab(self, tab: int) -> None:
        self.browsing.tab = tab
        self.show_row()

    def _show_steps(self) -> None:
        self.query_one(StepList).show_steps(self.browsing)
        self.show_row()

    def show_row(self) -> None:
        """What the step in sight carries."""
        browsing = self.browsing
        journey, row = browsing.journey, browsing.row
        if journey is None or row is None:
            return
        steps = self.query_one(StepList)
        steps.cursor = browsing.position
        steps.show_title(browsing)
        name = _("passo {n}").format(n=browsing.position + 1)
        self._map.show_map(map_at(row, journey, browsing.places), name)
        self.query_one(Inspector).show(journey, row, browsing.tab, browsing.marked)
        self.query_one(Explain).explain(self.query_one(Inspector).subject() or explanation(journey, row))


def _position(browsing: Browsing, step: Step | None, station: str) -> int:
    """The row of ``step``, or the last one before it; else the first at ``station``; else the first of all."""
    rows = browsing.rows
    if step is None:
        return next((n for n, row in enumerate(rows) if row.step.station == station), 0)
    return row_of(rows, step.n)


def curtain(trace: Trace, place: str, question: bool) -> Content:
    """What will run, before it is seen."""
    asked = "\n".join(f"  {visible(_asked(each), _LONGEST)}" for each in trace.requests[:8])
    said = _("La traccia si apre dopo la tua risposta.") if question else _("Premi invio: la richiesta parte davvero.")
    return Content.assemble((_("Su {place}:").format(place=place), "$here"), "\n\n", asked, "\n\n", (said, "$quiet"))


def _asked(request: str | Request) -> str:
    if isinstance(request, str):
        return request
    what = request.line or request.raw.partition("\r\n")[0] or " · ".join(request.script) or request.signal
    return what + (f"  × {request.times}" if request.times > 1 else "")
