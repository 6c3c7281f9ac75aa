"""The keys that work now, at the foot of every screen. Each can be clicked."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content
from textual.events import Click
from textual.widget import Widget

from passerella.tui.laid_out_once import LaidOutOnce

_GAP = "   "
_NARROW_GAP = "  "


class Key(NamedTuple):
    """A key, or a pair of them, and what it does.

    :ivar rank: the highest ones are left out first where there is no room.
    """

    keys: str
    does: str
    action: str
    rank: int = 1


class KeysBar(LaidOutOnce, Widget):
    """One line of keys."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys: tuple[Key, ...] = ()
        self._places: list[tuple[int, int, Key]] = []

    def show(self, keys: Sequence[Key]) -> None:
        if tuple(keys) != self._keys:
            self._keys = tuple(keys)
            self.refresh()

    async def on_click(self, event: Click) -> None:
        for start, end, key in self._places:
            if start <= event.x < end:
                await self.screen.run_action(key.action)

    def render(self) -> Content:
        """Those for which there is room when it is painted; where each of them is, is known from then on."""
        width = self.content_size.width
        fitting = list(self._keys)
        gap = _GAP
        if _length(fitting, gap) > width:
            gap = _NARROW_GAP
        while fitting and _length(fitting, gap) > width:
            fitting.remove(max(fitting, key=lambda key: key.rank))
        self._places = []
        parts: list[tuple[str, str]] = [(" ", "")]
        at = 1
        for key in fitting:
            end = at + cell_len(f"{key.keys} {key.does}")
            self._places.append((at, end, key))
            at = end + len(gap)
            parts += [(key.keys, "bold $here"), (" " + key.does + gap, "$quiet")]
        return Content.assemble(*parts)


def _length(keys: Sequence[Key], gap: str) -> int:
    return 1 + sum(cell_len(f"{key.keys} {key.does}{gap}") for key in keys) - len(gap)
