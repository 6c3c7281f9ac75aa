"""A few lines that change at each step: no wrapping, no layout, and only those that changed are painted."""

from collections.abc import Sequence

from passerella.tui.row_list import Line, RowList


class FewLines(RowList, can_focus=False):
    """Lines without a cursor, of which there are as many as there is room for."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, always=False)
        self._lines: Sequence[Line] = ()

    @property
    def said(self) -> str:
        """What is written, without colours."""
        return "\n".join("".join(text for text, _token in line).rstrip() for line in self._lines)

    def say(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self.show(len(lines), self._line, 0, marker=False)

    def reveal(self) -> None:
        """There is nothing to scroll."""

    def action_choose(self) -> None:
        """There is nothing to choose."""

    def _has_cursor(self, index: int) -> bool:
        return False

    def _go(self, index: int) -> None:
        """There is no cursor."""

    def _line(self, index: int, width: int) -> Line:
        return self._lines[index]
