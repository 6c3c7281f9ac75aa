"""The source of a step, with its line lit. Reading the file is left to the caller."""

from collections.abc import Sequence

import msgspec

from passerella.views.visible import visible

_TAB = 4


class SourceLine(msgspec.Struct, frozen=True):
    """A line of a file, as it can be shown."""

    number: int
    text: str
    lit: bool


def source_lines(lines: Sequence[str], lit: int) -> list[SourceLine]:
    """The lines of a file, numbered from 1; ``lit`` is the number of the one that is doing the step."""
    return [
        SourceLine(number, visible(line.rstrip("\r\n").expandtabs(_TAB)), number == lit)
        for number, line in enumerate(lines, 1)
    ]
