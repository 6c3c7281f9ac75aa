"""The map, three lines of it."""

from typing import ClassVar

from textual.content import Content
from textual.widgets import Static

from passerella.views.map import ASCII, BOXES, Map, drawing


class MapView(Static):
    """Draws a :class:`~passerella.views.map.Map`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "map-view--name",
        "map-view--name-here",
        "map-view--reached",
        "map-view--ahead",
        "map-view--here",
        "map-view--quiet",
        "map-view--strong",
    }

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

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._redraw()

    def _redraw(self) -> None:
        width = self.content_size.width
        if self._map is None or not width:
            return
        lines = [
            Content.assemble(*((text, self._style(token)) for text, token in line))
            for line in drawing(self._map, width, self._step, self._glyphs)
        ]
        self.update(Content("\n").join(lines))

    def _style(self, token: str) -> str:
        return _STYLES.get(token, "")


_STYLES = {
    "name": "$quiet",
    "name-here": "bold $here",
    "reached": "$reached",
    "ahead": "$quiet",
    "here": "bold $here",
    "quiet": "$quiet",
    "strong": "bold $foreground",
}
