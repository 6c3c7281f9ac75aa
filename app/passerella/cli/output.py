"""What goes to the terminal or to a file: it never fails for the encoding, and never stops at a closed pipe."""

import codecs
import sys
import unicodedata
from typing import TextIO

_POOR = {
    "«": '"', "»": '"', "“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "–": "-", "—": "-", "·": "-", "→": "->",
    "←": "<-", "▸": ">", "◂": "<", "●": "*", "◉": "@", "○": "o", "×": "x", "≤": "<=", "≥": ">=", "−": "-", "‹": "<",
    "›": ">", "✔": "+", "✘": "x", "├": "|", "└": "`", "─": "-", "│": "|", "␛": "<ESC>", "␀": "<NUL>",
}  # fmt: skip


def _poorer(error: UnicodeError) -> tuple[str, int]:
    """The nearest ASCII for what an encoding does not have: è becomes e', a symbol its plain form."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(_plain(character) for character in missing), error.end


def _plain(character: str) -> str:
    if character in _POOR:
        return _POOR[character]
    decomposed = unicodedata.normalize("NFKD", character)
    letter = decomposed[:1]
    if len(decomposed) > 1 and letter.isascii():
        return letter + ("'" if letter.isalpha() else "")
    return "?"


codecs.register_error("passerella", _poorer)


def prepare(*streams: TextIO) -> None:
    """Make the standard streams write anything."""
    for stream in streams or (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="passerella")


def say(text: str) -> None:
    """A line for the person, on the standard error: the standard output belongs to the trace."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def write(text: str) -> None:
    """A line of the trace."""
    sys.stdout.write(text + "\n")
