"""A comparison on a screen of its own."""

from collections.abc import Sequence
from typing import ClassVar

from textual.screen import Screen
from textual.types import CSSPathType

from passerella.journeys.model import Journey
from passerella.tui.base_app import OurApp
from passerella.tui.comparison import ComparisonScreen
from passerella.tui.poor import poor_terminal
from passerella.tui.preferences import last_theme
from passerella.tui.themes import NIGHT


def run_comparison(columns: Sequence[tuple[str, Journey]]) -> None:
    """Show the journeys side by side, and come back when the user leaves."""
    ComparisonApp(columns, plain=poor_terminal(), theme=last_theme()).run()


class ComparisonApp(OurApp):
    """Nothing but the comparison."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["base.tcss", "comparison.tcss"]

    def __init__(self, columns: Sequence[tuple[str, Journey]], *, plain: bool = False, theme: str = NIGHT) -> None:
        super().__init__(plain=plain, theme=theme)
        self.shown = ComparisonScreen(columns)

    def get_default_screen(self) -> Screen[None]:
        return self.shown
