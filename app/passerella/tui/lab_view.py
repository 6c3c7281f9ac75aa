"""What the lab shows, and where: nothing here waits for a key or hears a server."""

import time
from collections.abc import Callable

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from passerella.language import _
from passerella.tui.browsing import Browsing
from passerella.tui.explain import Explain
from passerella.tui.filter_bar import FilterBar
from passerella.tui.holds import Holds
from passerella.tui.inspector import Inspector
from passerella.tui.keys_bar import KeysBar
from passerella.tui.lab_keys import keys
from passerella.tui.laid_out_once import Column, Row, ScreenLaidOutOnce
from passerella.tui.lists import JourneyList, StepList
from passerella.tui.map_view import MapView
from passerella.tui.requests import Requests
from passerella.tui.source import LiveSource, Phase, Status
from passerella.tui.title_bar import TitleBar
from passerella.tui.tour_panel import TourPanel
from passerella.tui.welcome import banner, welcome
from passerella.views.inspector import explanation
from passerella.views.load import load_sentences
from passerella.views.map import map_at
from passerella.views.rows import EVERYTHING


class LabView(ScreenLaidOutOnce, Screen[None]):
    """Draws one server, its journeys, one of them in sight: each method draws anew what its name says."""

    CSS_PATH = ["opening.tcss", "lab.tcss"]  # noqa: RUF012 - so Textual declares it
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - so Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (16, "-short"), (32, "-tall")]  # noqa: RUF012

    def __init__(self, live: LiveSource, *, plain: bool, level: int, home: Callable[[], None] | None) -> None:
        """``home``: where «esc» goes when there is nothing left to close."""
        super().__init__()
        self.plain = plain
        self.home = home
        self.browsing = Browsing(level)
        self.holds = Holds(live)
        self.requests = Requests(live)
        self.status = Status(Phase.STARTING)

    def compose(self) -> ComposeResult:
        yield TitleBar(id="title")
        yield MapView(self.plain, id="map")
        yield Static("", id="banner", markup=False)
        with Column(id="waiting"):
            yield Static("", id="welcome", markup=False)
        with Row(id="main"):
            with Column(id="left"):
                yield JourneyList(id="journeys")
                yield FilterBar(id="filter-bar")
                yield StepList(id="steps")
            with Column(id="right"):
                yield Inspector(id="inspector")
                yield Explain(id="explain")
        yield KeysBar(id="keys")

    def show_everything(self) -> None:
        self.show_status()
        self.show_journey()

    def show_journey(self) -> None:
        self.show_journeys()
        self.show_steps()
        self.show_row()

    def show_status(self) -> None:
        any_journey = self.browsing.total > 0
        self.query_one(TitleBar).show(self.status, self.holds.title(), self.load())
        warning = banner(self.status) if any_journey else None
        line = self.query_one("#banner", Static)
        line.display = warning is not None
        if warning is not None:
            line.update(warning)
        self.query_one("#main").display = any_journey
        self.query_one("#waiting").display = not any_journey
        self.query_one("#welcome", Static).update(welcome(self.status, self.requests.under_way))
        if any_journey and self.focused is None and self.is_current:
            self.query_one("#steps").focus()
        self.show_keys()

    def load(self) -> str:
        """What is not kept, the most urgent first."""
        return " · ".join(load_sentences(self.browsing.assembler, time.monotonic_ns()))

    def show_journeys(self) -> None:
        self.query_one(JourneyList).show_journeys(self.browsing)

    def show_steps(self) -> None:
        self.query_one(StepList).show_steps(self.browsing)

    def make_room(self) -> None:
        """Indented rows need it. Nothing under that widget looks otherwise: it alone is styled anew, which is quick."""
        left = self.query_one("#left")
        left.set_class(self.browsing.level == EVERYTHING, "-everything", update=False)
        self.app.stylesheet.update_nodes([left])

    def show_row(self) -> None:
        browsing = self.browsing
        journey, row = browsing.journey, browsing.row
        steps = self.query_one(StepList)
        steps.cursor = browsing.position
        steps.show_title(browsing)
        self.show_map()
        self.query_one(Inspector).show(journey, row, browsing.tab, browsing.marked)
        self.show_explanation()
        self.show_keys()

    def show_map(self) -> None:
        browsing = self.browsing
        step = _("passo {n}").format(n=browsing.position + 1) if browsing.row is not None else ""
        self.query_one(MapView).show_map(map_at(browsing.row, browsing.journey, browsing.places), step)

    def show_explanation(self) -> None:
        browsing = self.browsing
        about = self.query_one(Inspector).subject()
        if about is None and browsing.journey is not None and browsing.row is not None:
            about = explanation(browsing.journey, browsing.row)
        held = self.holds.sentence(browsing.journey) if browsing.journey is not None else ""
        self.query_one(Explain).explain(about, held)

    def show_keys(self) -> None:
        self.query_one(KeysBar).show(keys(self) if self.is_active else [])

    @property
    def tour(self) -> TourPanel | None:
        """Where the tour speaks, while there is one."""
        return self.query_one(TourPanel) if self.has_class("-tour") else None

    def can_go_back(self) -> bool:
        """Whether «esc» closes something here."""
        field = self.query_one(FilterBar)
        away = self.browsing.total > 0 and not (self.query_one("#steps").has_focus or self.tour)
        return field.display or self.has_class("-list") or self.has_class("-full") or away
