"""A dialog: what is behind it stays in sight, dimmed, and is dimmed once, not at each paint."""

from functools import cache
from typing import Self, TypeVar

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.events import Resize
from textual.geometry import Region, Size
from textual.screen import ModalScreen, Screen
from textual.strip import Strip

from passerella.tui.laid_out_once import ScreenLaidOutOnce

_Result = TypeVar("_Result")
_SETTLING = (0.3, 1.5)  # seconds: on a busy machine the second look sees what the first was too early for


class Dialog(ScreenLaidOutOnce, ModalScreen[_Result]):
    """Over another screen, that stays as it was when the dialog opened.

    Textual would blend each piece of it anew whenever it, or the dialog, is painted.
    """

    _behind: list[Strip] | None = None
    _behind_size = Size(0, 0)
    _told = Size(0, 0)  # the size of which it heard last

    def render_line(self, y: int) -> Strip:
        if self._behind is None:
            self._behind, self._behind_size = self._dimmed(), self._below.size
        return self._behind[y] if y < len(self._behind) else Strip.blank(self.size.width, self.rich_style)

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Regions are those of the screen behind that changed: it is looked at anew only if it has another size."""
        if regions and self._behind is not None and self._below.size == self._behind_size:
            return self
        self._behind = None if regions else self._behind
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def update_node_styles(self, animate: bool = True) -> None:
        """Textual asks for it when a screen resumes; this one had all its styles a moment ago, when it was mounted."""
        if self._compositor.size:
            super().update_node_styles(animate)

    def notify_style_update(self) -> None:
        self._behind = None
        super().notify_style_update()

    def on_resize(self, event: Resize) -> None:
        """The screen behind has its new size before its widgets have theirs. The first size is that of the opening."""
        before, self._told = self._told, event.size
        if before and before != event.size:
            for seconds in _SETTLING:
                self.set_timer(seconds, self._look_again)

    def _look_again(self) -> None:
        if self._below._layout_required:  # Textual lays out what is behind only when it hears of another size
            self._below._refresh_layout(self.size)
        self._behind = None
        self.refresh()

    @property
    def _below(self) -> Screen[object]:
        stack = self.app.screen_stack
        return stack[stack.index(self) - 1]

    def _dimmed(self) -> list[Strip]:
        tint = self.styles.background

        @cache
        def dimmed(style: Style | None) -> Style:
            style = (style or Style()).clear_meta_and_links()
            return style + Style.from_color(_tinted(style.color, tint), _tinted(style.bgcolor, tint))

        return [
            Strip([Segment(text, dimmed(style)) for text, style, _control in strip], strip.cell_length)
            for strip in self._below._compositor.render_strips()
        ]


def _tinted(color: RichColor | None, tint: Color) -> RichColor | None:
    return (Color.from_rich_color(color) + tint).rich_color if color is not None else None
