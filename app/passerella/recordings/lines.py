"""The lines of code that the steps of a recording show: read while it is made, never when it is opened."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

_BEFORE, _AFTER = 25, 35  # lines around the one that is doing the step
_LONGEST_LINE = 400
_LARGEST_FILE = 2 * 1024 * 1024
_MOST_FILES = 2000

Read = Callable[[str], Sequence[str] | None]


class LinesOfCode:
    """Gives each line once."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._given: dict[str, set[int]] = {}
        self._files: dict[str, Sequence[str] | None] = {}

    def around(self, file: str, line: int) -> Iterator[tuple[int, list[str]]]:
        """The lines around ``line`` that were not given yet, in runs: the number of the first, and the lines."""
        if file not in self._files:
            if len(self._files) >= _MOST_FILES:
                return
            self._files[file] = self._read(file)
        lines = self._files[file]
        if lines is None:
            return
        given = self._given.setdefault(file, set())
        wanted = range(max(1, line - _BEFORE), min(len(lines), line + _AFTER) + 1)
        run: list[int] = []
        for number in (*wanted, 0):
            if number and number not in given:
                run.append(number)
            elif run:
                yield run[0], [lines[each - 1][:_LONGEST_LINE] for each in run]
                given.update(run)
                run = []


def read_lines(path: str) -> Sequence[str] | None:
    """The lines of a file; None if it is not there, is no file or is too large."""
    try:
        file = Path(path)
        if not file.is_file() or file.stat().st_size > _LARGEST_FILE:
            return None
        data = file.read_bytes()
    except (OSError, ValueError):
        return None
    return data.decode("utf-8", "replace").splitlines()
