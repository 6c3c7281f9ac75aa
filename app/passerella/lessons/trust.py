"""Which folders of lessons somebody said that they trust: their apps are programs, and run with the user's permissions."""

from pathlib import Path

import msgspec

from passerella.settings import data_folder

_NAME = "cartelle-fidate.json"


def is_trusted(folder: Path) -> bool:
    return str(folder.resolve()) in _trusted()


def trust(folder: Path) -> None:
    """Remember ``folder``. Where it cannot be written the question is asked again the next time."""
    names = sorted({*_trusted(), str(folder.resolve())})
    try:
        data_folder().mkdir(parents=True, exist_ok=True)
        (data_folder() / _NAME).write_bytes(msgspec.json.encode(names))
    except OSError:
        return


def _trusted() -> list[str]:
    try:
        return msgspec.json.decode((data_folder() / _NAME).read_bytes(), type=list[str])
    except (OSError, msgspec.DecodeError):
        return []
