"""What a page of help is made of: a title over a text, a title over a table."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widgets import Static

Part = tuple[str, str]
_NARROWEST = 10  # cells of a column
_COLUMN = "\t"  # here begins the second column of a table


def said(title: str, text: str) -> list[Part]:
    return [(title + "\n", "bold $here"), (text + "\n\n", "")]


def table(title: str, pairs: Sequence[tuple[str, str]]) -> list[Part]:
    widest = max(cell_len(key) for key, _text in pairs)
    parts: list[Part] = [(title + "\n", "bold $here")]
    for key, text in pairs:
        parts += [(set_cell_size(key, widest + 2) + _COLUMN, "$key"), (text + "\n", "")]
    return [*parts, ("\n", "")]


class Told(Static):
    """A page of help: what goes on in another line stays in its column."""

    def __init__(self, content: Content, width: int) -> None:
        """``width``: what it will have, as far as one can tell."""
        super().__init__(_in_columns(content, width), markup=False)
        self._content, self._width = content, width

    def on_resize(self) -> None:
        if self.size.width != self._width:
            self._width = self.size.width
            self.update(_in_columns(self._content, self._width))


def _in_columns(content: Content, width: int) -> Content:
    return Content("\n").join(line for each in content.split("\n") for line in _hanging(each, width))


def _hanging(line: Content, width: int) -> list[Content]:
    column = line.plain.find(_COLUMN)
    if column < 0:
        return [line]
    head, text = line[:column], line[column + 1 :]
    margin = head.cell_length
    first, *others = text.wrap(max(_NARROWEST, width - margin)) or [text]
    return [head + first, *(Content(" " * margin) + each for each in others)]
