"""Reads the source of a step, bounded."""

from functools import lru_cache
from pathlib import Path

_MOST_BYTES = 2 * 1024 * 1024


@lru_cache(32)
def read_source(path: str) -> tuple[str, ...] | None:
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
