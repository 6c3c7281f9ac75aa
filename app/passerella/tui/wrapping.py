"""A text on lines as long as there is room for."""

from rich.cells import cell_len


def wrapped(text: str, width: int) -> list[str]:
    """The lines of ``text``, broken between words: a word that is longer than a line has one of its own."""
    found, current = [], ""
    for word in text.split():
        if current and cell_len(current) + 1 + cell_len(word) > width:
            found.append(current)
            current = word
        else:
            current = f"{current} {word}" if current else word
    return [*found, current]
