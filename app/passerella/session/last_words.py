"""The end of what a program wrote; of a traceback, what begins at the student's own code: the way there is not theirs."""

import re
from collections.abc import Sequence
from pathlib import Path

_BEGINNING = "Traceback (most recent call last):"
_OF_A_GROUP = ("Exception Group", "|")  # errors in a group are drawn as a tree: left as they are
_INSIDE = "  "  # how each of its lines begins, but the last one
_FRAME = re.compile(r'\s+File "(?P<file>.+?)", line \d+')
_NOT_THEIRS = re.compile(
    r"<frozen |.*[/\\](?:site-packages|dist-packages|lib[/\\]python3\.\d+)[/\\]|[A-Za-z]:\\.*\\Lib\\"
    r"|.*[/\\](?:bin|Scripts)[/\\][^/\\.]+(?:\.exe[/\\].*)?$"  # what starts a server that is installed
)
_HERE = Path(__file__).parent.parent
_OURS = (str(_HERE / "probe"), str(_HERE / "servers"))  # scenarios and lessons are to be read as a student's own


def last_words(words: str, lines: int = 12) -> str:
    """The last ``lines`` of what a program wrote; from where a traceback begins, if it would be cut.

    Of a traceback the frames before the first one of the student's own go, or all of them where none is; those of
    libraries go too where there is no room for them, then the outer ones. What the error is always stays.
    """
    kept = _from_their_code(words.rstrip().splitlines(), max(1, lines - 2))
    begins = max(0, len(kept) - lines)
    cut = next((number for number in range(begins, max(0, begins - lines), -1) if _begins(kept, number)), begins)
    whole = all(line.startswith(_INSIDE) for line in kept[cut + 1 : begins])
    if whole and not any(_begins(kept, number) for number in range(begins, len(kept))):
        begins = cut
    return "\n".join(kept[begins : begins + lines])


def _begins(lines: Sequence[str], number: int) -> bool:
    line = lines[number]
    return line.endswith(_BEGINNING) and not any(sign in line for sign in _OF_A_GROUP)


def _from_their_code(lines: Sequence[str], most: int) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(lines):
        begins = _begins(lines, at)
        end = at + 1
        while begins and end < len(lines) and lines[end].startswith(_INSIDE):
            end += 1
        kept += _theirs(lines[at:end], most) if begins else lines[at:end]
        at = end
    return kept


def _theirs(traceback: Sequence[str], most: int) -> list[str]:
    """``traceback`` is without its last line, which says what the exception is; its frames take ``most`` lines."""
    frames: list[list[str]] = []
    for line in traceback[1:]:
        if _FRAME.match(line) or not frames:
            frames.append([])
        frames[-1].append(line)
    first = next((number for number, frame in enumerate(frames) if _is_theirs(frame[0])), None)
    if first is None:
        return []
    shown = frames[first:]
    if _length(shown) > most:
        shown = [frame for frame in shown if _is_theirs(frame[0])]
    while len(shown) > 1 and _length(shown) > most:
        del shown[0]
    return [traceback[0], *[line for frame in shown for line in frame][:most]]


def _length(frames: Sequence[Sequence[str]]) -> int:
    return sum(map(len, frames))


def _is_theirs(line: str) -> bool:
    frame = _FRAME.match(line)
    return frame is not None and _NOT_THEIRS.match(frame["file"]) is None and not frame["file"].startswith(_OURS)
