"""Terminals that show only ASCII: how they are recognised, and what they are given."""

import os
import sys
import unicodedata
from collections.abc import Mapping

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

# In the order in which they count (POSIX, «Internationalization Variables»).
_LOCALE_VARIABLES = ("LC_ALL", "LC_CTYPE", "LANG")
_POOR_TERMINALS = frozenset(("dumb", "linux", "vt100", "vt220"))

_CELLS = {
    "━": "=", "─": "-", "│": "|", "┃": "|", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "┌": "+", "┐": "+", "└": "+", "┘": "+",
    "├": "+", "┤": "+", "▔": "-", "▁": " ", "▏": "|", "▕": "|", "▌": "|", "▐": "|", "█": "#", "▄": "=", "▀": "=", "▊": "|",
    "▎": "|", "●": "*", "◉": "@", "◎": "0", "◆": "#", "○": "o", "▸": ">", "▾": "v", "◂": "<", "→": ">", "←": "<", "↑": "^", "↓": "v", "⇄": "%",
    "✖": "x", "×": "x", "·": "-", "•": "*", "−": "-", "–": "-", "—": "-", "…": ".", "«": '"', "»": '"', "‹": "<", "›": ">",
    "‖": "|", "⟨": "<", "⟩": ">", "’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " ", "\u2421": "?", "§": "$",
}  # fmt: skip
_PARTS_OF_SCROLLBARS = frozenset("▂▃▅▆▇▍▋▉")
_UNKNOWN = "?"


def poor_terminal(environment: Mapping[str, str] = os.environ, encoding: str = "") -> bool:
    """Whether the terminal shows only ASCII, as far as its environment tells."""
    said = next((environment[name] for name in _LOCALE_VARIABLES if environment.get(name)), "")
    if said and os.name == "posix":
        return "utf" not in said.lower() or environment.get("TERM", "") in _POOR_TERMINALS
    spoken = encoding or getattr(sys.stdout, "encoding", None) or ""
    return "utf" not in spoken.lower() or environment.get("TERM", "") in _POOR_TERMINALS


def plain_cell(character: str) -> str:
    """One ASCII character for one character, so that columns hold."""
    if character.isascii():
        return character
    if character in _CELLS:
        return _CELLS[character]
    if "\u2400" <= character < "\u2420":
        return "^"
    if character in _PARTS_OF_SCROLLBARS:
        return " "
    letter = unicodedata.normalize("NFKD", character)[0]
    return letter if letter.isascii() else _UNKNOWN


class AsciiFilter(LineFilter):
    """The last door before the terminal: nothing but ASCII goes through, one cell for one cell."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            segment
            if segment.control or segment.text.isascii()
            else Segment("".join(map(plain_cell, segment.text)), segment.style)
            for segment in segments
        ]
