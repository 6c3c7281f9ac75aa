"""The map, three lines of it."""

from textual.content import Content
from textual.widgets import Static

from passerella.views.map import ASCII, BOXES, Map, drawing


class MapView(Static):
    """Draws a :class:`~passerella.views.map.Map`."""

    def __init__(self, plain: bool, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self._glyphs = ASCII if plain else BOXES
        self._map: Map | None = None
        self._step = ""

    def show(self, shown: Map, step: str) -> None:
        self._map, self._step = shown, step
        self._redraw()

    def on_resize(self) -> None:
        self._redraw()

    def _redraw(self) -> None:
        width = self.content_size.width
        if self._map is None or not width:
            return
        lines = [
            Content.assemble(*((text, _STYLES.get(token, "")) for text, token in line))
            for line in drawing(self._map, width, self._step, self._glyphs)
        ]
        self.update(Content("\n").join(lines), layout=False)  # its height is its own


_STYLES = {
    "name": "$quiet",
    "name-here": "bold $here",
    "reached": "$reached",
    "ahead": "$quiet",
    "here": "bold $here",
    "quiet": "$quiet",
    "strong": "bold $foreground",
}
