"""The lab alone on the screen, as «passerella traccia» and «passerella apri» open it."""

from typing import ClassVar

from textual.screen import Screen
from textual.types import CSSPathType

from passerella.tui import leaving
from passerella.tui.base_app import OurApp
from passerella.tui.lab import Lab
from passerella.tui.poor import poor_terminal
from passerella.tui.preferences import last_theme
from passerella.tui.source import LiveSource
from passerella.tui.themes import NIGHT
from passerella.views.rows import PASSAGES


def run_lab(live: LiveSource, *, level: int = PASSAGES) -> None:
    """Open the lab on ``live`` and come back when the user leaves; ``live`` is closed by then."""
    try:
        LabApp(live, plain=poor_terminal(), level=level, theme=last_theme()).run()
    finally:
        live.close()


class LabApp(OurApp):
    """Nothing but the lab, and what is opened from it."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["base.tcss", "lab.tcss"]

    def __init__(self, live: LiveSource, *, plain: bool = False, level: int = PASSAGES, theme: str = NIGHT) -> None:
        super().__init__(plain=plain, theme=theme)
        self.lab = Lab(live, plain=plain, level=level)

    def get_default_screen(self) -> Screen[None]:
        return self.lab

    async def action_quit(self) -> None:
        """Leave; with something held, only if that is what the user means."""
        leaving.leave(self.lab, self.exit)
