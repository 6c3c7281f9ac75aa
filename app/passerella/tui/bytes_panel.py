"""The bytes, as numbers and as text, with a cursor on one of them."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click

from passerella.journeys.model import Span
from passerella.language import _
from passerella.tui import lines
from passerella.tui.panel import Panel, Seen, Subject
from passerella.tui.row_list import Line, RowList
from passerella.views.inspector import (
    BytesView,
    EnvironLine,
    Explanation,
    OneByte,
    byte_of_request,
    byte_of_response,
    bytes_at,
    bytes_lines,
    environ_lines,
)
from passerella.views.numbers import bytes_count


class BytesPanel(Panel):
    """With the focus, «← →» go from byte to byte: what the one under the cursor gave, or who wrote it, is said."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "byte(-1)", show=False),
        Binding("right", "byte(1)", show=False),
        Binding("home", "to_byte(0)", show=False),
        Binding("end", "to_byte(-1)", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, always=False)
        self._seen: Seen | None = None
        self._view: BytesView | None = None
        self._keys: list[EnvironLine] = []
        self._lit: tuple[Span, ...] = ()  # by the row, or by the key that was chosen
        self._under: OneByte | None = None
        self._column = 0
        self._per_line = 16

    def show_row(self, seen: Seen) -> str:
        self._seen = seen
        self._view = view = bytes_at(seen.journey, seen.row)
        self._per_line = lines.bytes_per_line(self.room)
        self._under = None
        if not view.data:
            self.say(_("Qui non è ancora passato nessun byte."))
            return ""
        self._keys = [] if view.outbound else environ_lines(seen.journey, seen.row)
        key = self._chosen_key() if not view.lit else None
        self._lit = view.lit if key is None else (*key.spans, *key.names)
        first = min((start for start, _end in self._lit), default=0)
        self._column = first % self._per_line
        count = -(-len(view.data) // self._per_line)
        self.show(count, self._line, first // self._per_line, marker=False)
        if self.has_focus:
            self._look()
        return self._about(view, key.key if key is not None else "")

    def subject(self) -> Explanation | None:
        return self._under.about if self._under is not None else None

    @property
    def position(self) -> int:
        """The byte under the cursor."""
        return self.cursor * self._per_line + self._column

    def action_byte(self, by: int) -> None:
        self._go_to(self.position + by)

    def action_to_byte(self, position: int) -> None:
        if self._view is not None:
            self._go_to(position if position >= 0 else len(self._view.data) - 1)

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        event.stop()
        self._go_to(self.position)

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()

    def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or self._view is None:
            return
        event.prevent_default()
        column = lines.byte_at(offset.x, self._per_line)
        if column is not None:
            self._go_to((offset.y + self.scroll_offset.y) * self._per_line + column)

    def on_focus(self) -> None:
        if self._view is not None and self._view.data:
            self._look()

    def on_blur(self) -> None:
        self._under = None

    def on_resize(self) -> None:
        if self._seen is not None and lines.bytes_per_line(self.room) != self._per_line:
            self.show_row(self._seen)

    def _chosen_key(self) -> EnvironLine | None:
        """The key that the user went to, if some bytes gave it: they are the ones to put in evidence."""
        key = self._seen.key if self._seen is not None else ""
        return next((line for line in self._keys if line.key == key and line.spans), None)

    def _go_to(self, position: int) -> None:
        if self._view is None or not self._view.data:
            return
        position = min(max(0, position), len(self._view.data) - 1)
        self.cursor, self._column = divmod(position, self._per_line)
        self._look()

    def _look(self) -> None:
        """Tell of the byte under the cursor; all those that belong with it are lit."""
        if self._seen is None or self._view is None:
            return
        position = min(self.position, len(self._view.data) - 1)
        if self._view.outbound:
            self._under = byte_of_response(self._seen.journey, position, self._view.hop)
        else:
            self._under = byte_of_request(self._seen.journey, self._keys, position, self._view.hop)
        self._strips.clear()
        self.refresh()
        self.post_message(Subject(self._under.name if not self._view.outbound and self._under.name else None))

    def _line(self, index: int, width: int) -> Line:
        if self._view is None:
            return []
        start = index * self._per_line
        lit = self._under.spans if self._under is not None else self._lit
        found = bytes_lines(self._view.data[start : start + self._per_line], start, lit, self._per_line)
        at = self._column if self.has_focus and index == self.cursor else None
        return lines.bytes_line(found[0], self._per_line, at) if found else []

    def _about(self, view: BytesView, key: str) -> str:
        about = f"{view.title} · {bytes_count(view.total)}"
        if key:
            about += f" · {key}"
        if len(view.data) < view.total:
            about += " · " + _("mostrati i primi {n}").format(n=len(view.data))
        return about
