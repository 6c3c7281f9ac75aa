"""A comparison on a screen of its own."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen

from passerella.journeys.model import Journey
from passerella.language import _
from passerella.tui.comparison import ComparisonScreen
from passerella.tui.poor import AsciiFilter, poor_terminal
from passerella.tui.themes import DAY, NIGHT, THEMES


def run_comparison(columns: Sequence[tuple[str, Journey]]) -> None:
    """Show the journeys side by side, and come back when the user leaves."""
    ComparisonApp(columns, plain=poor_terminal()).run()


class ComparisonApp(App[None]):
    """Nothing but the comparison."""

    CSS_PATH: ClassVar = ["lab.tcss", "comparison.tcss"]
    TITLE = "Passerella"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", show=False, priority=True),
        Binding("ctrl+c", "help_quit", show=False, system=True),
    ]

    def __init__(self, columns: Sequence[tuple[str, Journey]], *, plain: bool = False, theme: str = NIGHT) -> None:
        super().__init__()
        self._plain = plain
        self._ascii = AsciiFilter(enabled=plain)
        self.shown = ComparisonScreen(columns)
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(THEMES[0].variables)

    def get_default_screen(self) -> Screen[None]:
        return self.shown

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """None of Textual's."""
        return ()

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self._ascii] if self._plain else super().get_line_filters()

    def action_theme(self) -> None:
        self.theme = DAY if self.theme == NIGHT else NIGHT

    def action_help_quit(self) -> None:
        self.notify(_("Per uscire premi q."), markup=False)
