"""The map, three lines of it."""

from collections.abc import Sequence

from passerella.tui.few_lines import FewLines
from passerella.tui.row_list import Line
from passerella.views.map import ASCII, BOXES, Map, drawing

_TOKENS = {"name": "quiet", "name-here": "here", "ahead": "quiet"}  # the others are called as a list calls them


class MapView(FewLines):
    """Draws a :class:`~passerella.views.map.Map`."""

    def __init__(self, plain: bool, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._glyphs = ASCII if plain else BOXES
        self._map = Map((), ())
        self._step = ""
        self._width = 0

    def show_map(self, shown: Map, step: str) -> None:
        self._map, self._step = shown, step
        self.say(self._drawing(self.content_size.width))

    def _line(self, index: int, width: int) -> Line:
        """Drawn for the room that there is when it is painted: in the first paint already."""
        if width != self._width:
            self._lines = self._drawing(width)
        return self._lines[index]

    def _drawing(self, width: int) -> Sequence[Line]:
        self._width = width
        drawn = drawing(self._map, width, self._step, self._glyphs)
        return [[(text, _TOKENS.get(token, token)) for text, token in line] for line in drawn]
