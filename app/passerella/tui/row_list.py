"""A list of lines that holds ten thousand of them: only those on screen are ever made."""

from collections.abc import Callable
from typing import ClassVar, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from passerella.tui.tokens import CURSOR, LOOKS

Span = tuple[str, str]  # text already harmless, and the token of its style
Line = list[Span]
Make = Callable[[int, int], Line]  # index, width

_Key = TypeVar("_Key")

_KEPT = 1024
_CUT = "…"


def _bound(strips: dict[_Key, Strip]) -> dict[_Key, Strip]:
    """Empty, when there are too many: those that are needed are soon drawn again."""
    if len(strips) >= _KEPT:
        strips.clear()
    return strips


def _nothing(index: int, width: int) -> Line:
    return []


class RowList(ScrollView, can_focus=True, inherit_bindings=False):
    """Lines with a cursor. What is in a line is asked for when it is drawn."""

    DEFAULT_CSS = """
    RowList {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(0)", show=False),
        Binding("end", "edge(1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    cursor: reactive[int] = reactive(0, repaint=False)

    class Moved(Message):
        """The user moved the cursor."""

        def __init__(self, sender: "RowList", index: int) -> None:
            super().__init__()
            self.sender = sender
            self.index = index

        @property
        def control(self) -> "RowList":
            return self.sender

    class Chosen(Moved):
        """The user chose the line of the cursor: «invio», or a second click on it."""

    def __init__(self, *, id: str | None = None, always: bool = True) -> None:
        super().__init__(id=id)
        self.count = 0
        self.always = always  # the cursor is seen even while the focus is elsewhere
        self.marker = True
        self._make: Make = _nothing
        self._strips: dict[tuple[int, bool, int], Strip] = {}
        # The same by what is in them: a line that only moved is not drawn again.
        self._drawn: dict[tuple[tuple[Span, ...], bool, int], Strip] = {}
        self._painted: dict[int, Strip] = {}  # what is on the screen, by line of it
        self._blank: Strip | None = None
        self._styles: dict[tuple[str, bool], Style] = {}
        self._sides: tuple[int, Strip, Strip] | None = None  # width; what is left and right of every line: the border

    def show(
        self, count: int, make: Make, cursor: int | None = None, *, marker: bool = True, centre: bool = False
    ) -> None:
        """Other lines; the cursor stays where it was, or goes where it is told, in the middle if ``centre``."""
        self.count, self._make, self.marker = count, make, marker
        self._strips.clear()
        self._reach()
        self.cursor = min(max(0, count - 1), self.cursor if cursor is None else max(0, cursor))
        self._repaint_changed()
        self.call_after_refresh(self.centre if centre else self.reveal)

    def _reach(self) -> None:
        """How much there is to scroll through, at least what is in sight.

        Our own size does not depend on it: nothing else has to be laid out anew.
        """
        region = self.scrollable_content_region
        size = Size(max(1, region.width), max(self.count, region.height))
        if size != self.virtual_size:
            self.set_reactive(RowList.virtual_size, size)
            self._scroll_update(size)

    def _repaint_changed(self) -> None:
        """Only the lines that are not what is on the screen: a step changes few of them."""
        size, width, top = self.size, self.scrollable_content_region.width, self.scroll_offset.y
        changed = [y for y in range(size.height) if self._strip_at(y + top, width) is not self._painted.get(y)]
        if changed:
            self.refresh(*(Region(0, y, size.width, 1) for y in changed))

    def centre(self) -> None:
        """Put the line of the cursor in the middle."""
        self.scroll_to(y=self.cursor - self.scrollable_content_region.height // 2, animate=False, force=True)

    def reveal(self) -> None:
        """Bring the cursor into sight; where there is no room yet, when there is."""
        if self.count and self.size.height:
            self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Lines that come in over the cursor move it and the place where one reads, and nothing that is seen."""
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = new_value
        if round(old_value) != round(new_value):
            self._repaint_changed()

    def watch_cursor(self, old: int, new: int) -> None:
        for index in (old, new):
            self.refresh_line(index - self.scroll_offset.y)
        self.reveal()

    def refresh_line(self, y: int) -> None:
        self.refresh(Region(0, y, self.size.width, 1))

    def action_move(self, by: int) -> None:
        self._go(self.cursor + by)

    def action_page(self, by: int) -> None:
        self._go(self.cursor + by * max(1, self.scrollable_content_region.height - 1))

    def action_edge(self, end: int) -> None:
        self._go(self.count - 1 if end else 0)

    def action_choose(self) -> None:
        if self.count:
            self.post_message(self.Chosen(self, self.cursor))

    def _go(self, index: int) -> None:
        index = min(max(0, index), max(0, self.count - 1))
        if index != self.cursor:
            self.cursor = index
            self.post_message(self.Moved(self, index))

    def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        index = offset.y + self.scroll_offset.y if offset is not None else -1
        if 0 <= index < self.count:
            if index == self.cursor:
                self.action_choose()
            else:
                self._go(index)

    def on_resize(self) -> None:
        self._strips.clear()
        self._blank = None
        self._reach()
        self.call_after_refresh(self.reveal)

    def on_focus(self) -> None:
        self._repaint()

    def on_blur(self) -> None:
        self._repaint()

    def _repaint(self) -> None:
        self._forget_styles()
        self.refresh()

    def notify_style_update(self) -> None:
        self._forget_styles()
        super().notify_style_update()

    def _forget_styles(self) -> None:
        self._strips.clear()
        self._drawn.clear()
        self._styles.clear()
        self._blank = self._sides = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """What Textual puts around a line is the same for all of them: it is asked for once, not for each."""
        gutter, width = self.styles.gutter, self.outer_size.width
        if self._sides is None or self._sides[0] != width or self._styles_cache._width != width:
            one_line = Region(0, gutter.top, width, 1)
            strip = super().render_lines(one_line)[0]
            self._sides = width, strip.crop(0, gutter.left), strip.crop(width - gutter.right, width)
        self._put_between(*self._sides, crop)
        return super().render_lines(crop)

    def _put_between(self, width: int, left: Strip, right: Strip, crop: Region) -> None:
        cache, gutter = self._styles_cache, self.styles.gutter
        bottom = self.outer_size.height - gutter.bottom
        room, top = self.scrollable_content_region.width, self.scroll_offset.y  # asked for once, not for each line
        for y in crop.line_range:
            if gutter.top <= y < bottom and (cache.is_dirty(y) or y not in cache._cache):
                line = self._painted[y - gutter.top] = self._strip_at(y - gutter.top + top, room)
                line = line.adjust_cell_length(width - gutter.width, self._style("", False))
                cache._cache[y] = Strip.join([left, line, right]) if gutter.width else line
                cache._dirty_lines.discard(y)

    def render_line(self, y: int) -> Strip:
        strip = self._painted[y] = self._strip_at(y + self.scroll_offset.y, self.scrollable_content_region.width)
        return strip

    def _strip_at(self, index: int, width: int) -> Strip:
        if index >= self.count:
            if self._blank is None or self._blank.cell_length != width:
                self._blank = Strip.blank(width, self.rich_style)
            return self._blank
        current = self._has_cursor(index)
        key = (index, current, width)
        strip = self._strips.get(key)
        if strip is None:
            strip = _bound(self._strips)[key] = self._strip(index, width, current)
        return strip

    def _has_cursor(self, index: int) -> bool:
        return index == self.cursor and (self.always or self.has_focus)

    def _strip(self, index: int, width: int, current: bool) -> Strip:
        line = self._make(index, width - (2 if self.marker else 0))
        if self.marker:
            line = [("▸ " if current else "  ", "here" if current else ""), *line]
        key = (tuple(line), current, width)
        strip = self._drawn.get(key)
        if strip is None:
            strip = _bound(self._drawn)[key] = self._draw(line, width, current)
        return strip

    def _draw(self, line: Line, width: int, current: bool) -> Strip:
        segments = [Segment(text, self._style(token, current)) for text, token in line if text]
        blank = self._style("", current)
        strip = Strip(segments)
        if strip.cell_length > width:
            strip = Strip.join([strip.crop(0, width - 1), Strip([Segment(_CUT, blank)])])
        return strip.adjust_cell_length(width, blank)

    def _style(self, token: str, current: bool) -> Style:
        style = self._styles.get((token, current))
        if style is None:
            theme = self.app.theme_variables
            style = self.rich_style
            if current:
                style += CURSOR.style(theme)
            style += LOOKS[token].style(theme)
            self._styles[token, current] = style
        return style
