"""The first thing on the screen: the lab while there is nothing in it, painted before the rest of it is imported."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.screen import Screen
from textual.types import CSSPathType
from textual.widgets import Static

from passerella.language import _
from passerella.tui.keys_bar import KeysBar
from passerella.tui.laid_out_once import Column, ScreenLaidOutOnce
from passerella.tui.map_view import MapView
from passerella.tui.source import Phase, Status
from passerella.tui.title_bar import TitleBar
from passerella.tui.welcome import welcome
from passerella.views.map import EXPECTED, map_at


class Opening(ScreenLaidOutOnce, Screen[None]):
    """Looks as :class:`passerella.tui.lab.Lab` does when it begins; no key does anything here."""

    CSS_PATH: ClassVar[CSSPathType | None] = "opening.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - so Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (16, "-short"), (32, "-tall")]  # noqa: RUF012

    def __init__(self, plain: bool, then: Callable[[], Awaitable[None]]) -> None:
        """``then``: called once this is on the screen."""
        super().__init__()
        self._plain = plain
        self._then = then
        self._begun = False

    def compose(self) -> ComposeResult:
        yield TitleBar(id="title")
        yield MapView(self._plain, id="map")
        with Column(id="waiting"):
            yield Static(welcome(Status(Phase.STARTING), False), id="welcome", markup=False)
        yield KeysBar(id="keys")

    def on_mount(self) -> None:
        shown = self.query_one(MapView)
        shown.border_title = _("Mappa")
        shown.show_map(map_at(None, None, EXPECTED), "")

    def on_screen_resume(self) -> None:
        """Textual lays it all out and paints it at this message: what is called later comes after that."""
        if not self._begun:
            self._begun = True
            self.call_later(self.app.call_later, self._then)
