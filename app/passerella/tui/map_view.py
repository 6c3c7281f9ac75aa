"""The map, three lines of it."""

from passerella.tui.few_lines import FewLines
from passerella.views.map import ASCII, BOXES, Map, drawing

_TOKENS = {"name": "quiet", "name-here": "here", "ahead": "quiet"}  # the others are called as a list calls them


class MapView(FewLines):
    """Draws a :class:`~passerella.views.map.Map`."""

    def __init__(self, plain: bool, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._glyphs = ASCII if plain else BOXES
        self._map: Map | None = None
        self._step = ""

    def show_map(self, shown: Map, step: str) -> None:
        self._map, self._step = shown, step
        self._redraw()

    def on_resize(self) -> None:
        self._redraw()

    def _redraw(self) -> None:
        width = self.content_size.width
        if self._map is not None and width:
            drawn = drawing(self._map, width, self._step, self._glyphs)
            self.say([[(text, _TOKENS.get(token, token)) for text, token in line] for line in drawn])
