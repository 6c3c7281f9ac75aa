"""The program on the screen."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen

from passerella.language import _, plural
from passerella.tui.chooser import Question
from passerella.tui.lab import Lab
from passerella.tui.poor import AsciiFilter, poor_terminal
from passerella.tui.source import LiveSource
from passerella.tui.themes import DAY, NIGHT, THEMES
from passerella.views.rows import PASSAGES


def run_lab(live: LiveSource, *, level: int = PASSAGES) -> None:
    """Open the lab on ``live`` and come back when the user leaves; ``live`` is closed by then."""
    try:
        LabApp(live, plain=poor_terminal(), level=level).run()
    finally:
        live.close()


class LabApp(App[None]):
    """Holds the screens, the themes and what every screen can do."""

    CSS_PATH = "lab.tcss"
    TITLE = "Passerella"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", show=False, priority=True),
        Binding("ctrl+c", "help_quit", show=False, system=True),
    ]

    def __init__(self, live: LiveSource, *, plain: bool = False, level: int = PASSAGES, theme: str = NIGHT) -> None:
        super().__init__()
        self._plain = plain
        self._ascii = AsciiFilter(enabled=plain)
        self.lab = Lab(live, plain=plain, level=level)
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(THEMES[0].variables)

    def get_default_screen(self) -> Screen[None]:
        return self.lab

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """None of Textual's: ours are under «:», in Italian."""
        return ()

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self._ascii] if self._plain else super().get_line_filters()

    def action_theme(self) -> None:
        self.theme = DAY if self.theme == NIGHT else NIGHT

    async def action_quit(self) -> None:
        """Leave; with something held, only if that is what the user means."""
        held = self.lab.holds.count
        if not held or isinstance(self.screen, Question):
            self._leave(True)
            return
        sentence = plural(
            "Un viaggio è fermo: uscendo riparte. Esci?", "{n} viaggi sono fermi: uscendo ripartono. Esci?", held
        ).format(n=held)
        self.push_screen(Question(_("Esci"), sentence, _("esci"), _("resta")), self._leave)

    def _leave(self, sure: bool | None) -> None:
        if sure:
            self.lab.holds.release_all()
            self.exit()

    def action_help_quit(self) -> None:
        self.notify(_("Per uscire premi q."), markup=False)
