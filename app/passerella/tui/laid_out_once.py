"""What is laid out once, where Textual would do it twice or three times: its sizes are known from the first.

The first two go before a class of Textual's among the bases of ours. They are no widgets themselves: the styles that a
widget begins with are those of its first base that is one.
"""

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.geometry import Size

if TYPE_CHECKING:
    from textual._compositor import Compositor
    from textual.widget import Widget as _Base
else:
    _Base = object


class LaidOutOnce(_Base):
    """Never scrolls. Textual lays all out again whenever something hears of its own size: there may be scrollbars now."""

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        return super()._size_updated(size, virtual_size, container_size, layout=False)


class ScreenLaidOutOnce(LaidOutOnce):
    """Textual lays a screen out when it appears, and again when the screen hears how large it is.

    One that is behind a dialog is not laid out at any other time: it always is.
    """

    if TYPE_CHECKING:
        _compositor: Compositor

        @property
        def is_current(self) -> bool: ...

    def _screen_resized(self, size: Size) -> None:
        if size != self._compositor.size or not self.is_current:
            super()._screen_resized(size)  # type: ignore[misc]


class Column(LaidOutOnce, Vertical):
    """One thing under the other."""


class Row(LaidOutOnce, Horizontal):
    """One thing beside the other."""
