"""Text for a terminal that knows ASCII only: symbols become the plainest ones, accents an apostrophe."""

import unicodedata

_CELLS = {
    "━": "=", "─": "-", "╌": "-", "│": "|", "┃": "|", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "┌": "+", "┐": "+",
    "└": "+", "┘": "+", "├": "+", "┤": "+", "╴": "-", "╸": "=", "═": "=", "║": "|", "╔": "+", "╗": "+", "╚": "+",
    "╝": "+", "▔": "-", "▁": "_", "▏": "|", "▕": "|", "▌": "|", "▐": "|", "█": "#", "▄": "=", "▀": "=", "▊": "|", "▎": "|",
    "●": "*", "◉": "@", "○": "o", "▸": ">", "▾": "v", "◂": "<", "→": ">", "←": "<", "↑": "^", "↓": "v", "⇄": "%",
    "✖": "x", "×": "x", "·": "-", "•": "*", "−": "-", "–": "-", "—": "-", "…": ".", "«": '"', "»": '"', "‹": "<",
    "›": ">", "‖": "|", "⟨": "<", "⟩": ">", "’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " ",
    "‑": "-", "\u2421": "?", "⏸": "!", "┄": "-", "┈": ".",
}  # fmt: skip
_WORDS = {"…": "...", "→": "->", "←": "<-", "⇄": "<->", "—": "--", "€": "EUR"}
_UNKNOWN = "?"
_GRAVE, _ACUTE = "\u0300", "\u0301"


def plain_cell(character: str) -> str:
    """One ASCII character for one character, so that columns hold."""
    if character.isascii():
        return character
    if character in _CELLS:
        return _CELLS[character]
    if "\u2400" <= character < "\u2420":
        return "^"
    letter = unicodedata.normalize("NFKD", character)[0]
    return letter if letter.isascii() else _UNKNOWN


def plain(text: str) -> str:
    """``text`` in ASCII, for lines of prose: «è» becomes «e'»."""
    return text if text.isascii() else "".join(map(_plain_word, text))


def _plain_word(character: str) -> str:
    if character.isascii():
        return character
    if character in _WORDS:
        return _WORDS[character]
    if "\u2400" <= character < "\u2420":
        return f"\\x{ord(character) - 0x2400:02x}"
    decomposed = unicodedata.normalize("NFD", character)
    if len(decomposed) == 2 and decomposed[0].isascii():
        return decomposed[0] + ("'" if decomposed[1] in (_GRAVE, _ACUTE) else "")
    return plain_cell(character)
