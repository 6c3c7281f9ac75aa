"""What a page of help is made of: a title over a text, a title over a table."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

Part = tuple[str, str]


def said(title: str, text: str) -> list[Part]:
    return [(title + "\n", "bold $here"), (text + "\n\n", "")]


def table(title: str, pairs: Sequence[tuple[str, str]]) -> list[Part]:
    widest = max(cell_len(key) for key, _text in pairs)
    parts: list[Part] = [(title + "\n", "bold $here")]
    for key, text in pairs:
        parts += [(set_cell_size(key, widest + 2), "$key"), (text + "\n", "")]
    return [*parts, ("\n", "")]
