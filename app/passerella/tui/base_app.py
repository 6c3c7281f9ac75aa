"""What every program of ours on the screen has: the themes, a way out in Italian, plain characters where they are needed."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.events import Event, Key
from textual.filter import ANSIToTruecolor, LineFilter
from textual.screen import Screen
from textual.types import CSSPathType

from passerella.language import _
from passerella.tui.garbage import Garbage
from passerella.tui.one_key import OneKey, Settled
from passerella.tui.poor import AsciiFilter
from passerella.tui.preferences import remember
from passerella.tui.quick_escape import quick_driver
from passerella.tui.themes import DAY, NIGHT, THEMES

if TYPE_CHECKING:
    from passerella.tui.lab import Lab


class OurApp(App[None]):
    """Holds the themes and what every screen can do."""

    CSS_PATH: ClassVar[CSSPathType | None] = "base.tcss"
    TITLE = "Passerella"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", show=False, priority=True),
        Binding("ctrl+c", "help_quit", show=False, system=True),
    ]

    def __init__(self, *, plain: bool = False, theme: str = NIGHT) -> None:
        super().__init__(driver_class=quick_driver())
        self.plain = plain
        self._one_key = OneKey(self, super().on_event)
        self._ascii = AsciiFilter(enabled=plain)
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme
        self.stylesheet.set_variables(self.get_css_variables())
        self._begun = False
        self._garbage = Garbage(lambda: self.at_keys)

    def on_mount(self) -> None:
        self._garbage.begin()
        self.set_interval(self._garbage.OFTEN, self._garbage.look)

    def on_unmount(self) -> None:
        self._garbage.end()

    @property
    def answering(self) -> bool:
        """A key was pressed, and what it does is not on the screen yet: what can wait, waits."""
        return self._one_key.answering

    @property
    def at_keys(self) -> bool:
        """Somebody is pressing keys: what would be in their way is done less often."""
        return self._one_key.lately

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key) and not event.is_forwarded:
            await self._one_key.press(event)
        else:
            await super().on_event(event)

    async def on_settled(self, message: Settled) -> None:
        await self._one_key.heard(message)

    def refresh_css(self, animate: bool = True) -> None:
        """Textual asks for it at the start too: all would be read and applied twice before anything is painted, though
        the colours are those of our theme already.
        """
        if self._begun:
            super().refresh_css(animate)
            return
        self._begun = True
        for screen in self.screen_stack:
            self.has_its_styles(screen)

    def has_its_styles(self, screen: Screen[None]) -> None:
        """It was mounted with the styles that hold: they need not be applied anew when what is over it closes."""
        screen._css_update_count = self._css_update_count

    def run(self, **options: Any) -> None:
        """Until the user leaves.

        :raises BreakdownError: a fault of ours ended it.
        """
        super().run(**options)
        if self._exception is not None:
            from passerella.tui.breakdown import BreakdownError

            raise BreakdownError(self._exception) from None

    def _print_error_renderables(self) -> None:
        """Textual's own words, with every variable in them, are for nobody here."""
        self._exit_renderables.clear()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(THEMES[0].variables)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """None of Textual's: ours are under «:», in Italian."""
        return ()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Asked for each line that is painted. All our colours are true ones already: none has to be made true."""
        found = [each for each in super().get_line_filters() if not isinstance(each, ANSIToTruecolor)]
        return [*found, self._ascii] if self.plain else found

    def open_lab_now(self) -> "Lab | None":
        """The lab that is open, in which somebody may be held."""
        return None

    async def action_quit(self) -> None:
        """Leave; with something held, or something to lose, only if that is what the user means."""
        lab = self.open_lab_now()
        if lab is None:
            self.leave_now()
            return
        from passerella.tui import leaving

        leaving.leave(lab, self.leave_now)

    def leave_now(self) -> None:
        """With no lab in sight; for those who have something else to ask before."""
        self.exit()

    def action_theme(self) -> None:
        self.theme = DAY if self.theme == NIGHT else NIGHT
        remember(theme=self.theme)

    def action_help_quit(self) -> None:
        self.notify(_("Per uscire premi q."), markup=False)
