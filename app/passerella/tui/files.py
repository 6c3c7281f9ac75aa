"""Reads the source of a step, bounded: from its file or, in a recording, from what the recording carries."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

_MOST_BYTES = 2 * 1024 * 1024


Read = Callable[[str], tuple[str, ...] | None]


def read_source(path: str) -> tuple[str, ...] | None:
    """The lines of a file; None if they are not known."""
    return _readers[-1](path)


def on_disk() -> bool:
    """Whether the files that are shown are there to be opened: those of a recording are never looked for."""
    return _readers[-1] is read_from_disk


def read_from(reader: Read) -> None:
    """Where the lines come from, from now on."""
    _readers[-1] = reader


@lru_cache(32)
def read_from_disk(path: str) -> tuple[str, ...] | None:
    """The lines of a file; None if it is not there or is no file. What is not UTF-8 is replaced."""
    try:
        file = Path(path)
        if not file.is_file():
            return None
        with file.open("rb") as stream:
            data = stream.read(_MOST_BYTES)
    except (OSError, ValueError):
        return None
    return tuple(data.decode("utf-8", "replace").splitlines())


_readers: list[Read] = [read_from_disk]
