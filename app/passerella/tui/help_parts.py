"""What a page of help is made of: a title over a text, a title over a table; each part has the token of its look."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from passerella.tui.page import COLUMN
from passerella.tui.row_list import Span


def said(title: str, text: str) -> list[Span]:
    return [(title + "\n", "here"), (text + "\n\n", "")]


def table(title: str, pairs: Sequence[tuple[str, str]]) -> list[Span]:
    widest = max(cell_len(key) for key, _text in pairs)
    parts: list[Span] = [(title + "\n", "here")]
    for key, text in pairs:
        parts += [(set_cell_size(key, widest + 2) + COLUMN, "key"), (text + "\n", "")]
    return [*parts, ("\n", "")]
