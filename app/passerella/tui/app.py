"""The lab alone on the screen, as «passerella traccia» and «passerella apri» open it."""

from typing import TYPE_CHECKING, ClassVar

from textual.screen import Screen
from textual.types import CSSPathType

from passerella.tui.base_app import OurApp
from passerella.tui.opening import Opening
from passerella.tui.poor import poor_terminal
from passerella.tui.preferences import last_theme
from passerella.tui.source import LiveSource
from passerella.tui.themes import NIGHT
from passerella.views.rows import PASSAGES

if TYPE_CHECKING:
    from passerella.tui.lab import Lab


def run_lab(live: LiveSource, *, level: int = PASSAGES, at_once: bool = False) -> None:
    """Open the lab on ``live`` and come back when the user leaves; ``live`` is closed by then.

    ``at_once``: there is something to show already, and nobody is helped by a screen that comes before it.

    :raises BreakdownError: a fault of ours ended it.
    """
    app = LabApp(live, plain=poor_terminal(), level=level, theme=last_theme(), at_once=at_once)
    try:
        app.run()
    finally:
        live.close(failed=bool(app.return_code))


class LabApp(OurApp):
    """Nothing but the lab, and what is opened from it."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["base.tcss", "opening.tcss"]

    def __init__(
        self,
        live: LiveSource,
        *,
        plain: bool = False,
        level: int = PASSAGES,
        theme: str = NIGHT,
        at_once: bool = True,
    ) -> None:
        """``at_once``: the lab is there from the beginning, not after a first screen that is painted sooner."""
        super().__init__(plain=plain, theme=theme)
        self._live = live
        self._level = level
        self._at_once = at_once
        self._lab: Lab | None = None
        if at_once:  # its styles are read with the app's own, not after them and all over again
            self.css_path += [path for path in self.lab.css_path if path not in self.css_path]

    @property
    def lab(self) -> "Lab":
        """Made, and imported, when somebody asks for it first."""
        if self._lab is None:
            from passerella.tui.lab import Lab

            self._lab = Lab(self._live, plain=self.plain, level=self._level, at_once=self._at_once)
        return self._lab

    def get_default_screen(self) -> Screen[None]:
        if not self._at_once:
            return Opening(self.plain, self._open)
        return self.lab

    async def _open(self) -> None:
        """The first screen is painted: now there is time for the lab itself."""
        self.push_screen(self.lab)
        self.has_its_styles(self.lab)

    def open_lab_now(self) -> "Lab | None":
        return self._lab
