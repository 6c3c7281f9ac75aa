"""Foreign text made harmless: what would move the cursor, hide or reverse is shown as a symbol."""

import unicodedata

LIMIT = 400

_SYMBOLS = {**{code: chr(0x2400 + code) for code in range(0x20)}, 0x7F: "\u2421"}
# Controls, formats (bidi overrides, zero widths), surrogates, private and unassigned characters, line separators.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_VARIATIONS = range(0xFE00, 0xFE10)  # they change the width of the character before them


def visible(text: str, limit: int = LIMIT) -> str:
    """``text`` with every character that could not be seen made visible, cut with «…» after ``limit`` characters."""
    kept = text if len(text) <= limit else text[: max(0, limit - 1)]
    shown = kept if _harmless(kept) else "".join(map(_shown, kept))
    return shown if kept is text else shown + "…"


def visible_lines(text: str) -> str:
    """The same of a text of several lines, none of them cut."""
    return "\n".join(visible(line, len(line)) for line in text.split("\n"))


def _harmless(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _shown(character: str) -> str:
    code = ord(character)
    if code in _SYMBOLS:
        return _SYMBOLS[code]
    if unicodedata.category(character) in _UNSEEN or code in _VARIATIONS:
        return f"⟨U+{code:04X}⟩"
    return character
