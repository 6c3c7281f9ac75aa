"""Where things are: the content that comes with the program."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def content_folder(name: str) -> Path:
    """``lezioni`` or ``esercizi``: beside the package in a wheel, at the root of the repository in a checkout."""
    installed = _PACKAGE / "contenuti" / name
    return installed if installed.is_dir() else _PACKAGE.parents[1] / name
