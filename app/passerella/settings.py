"""Where things are: the content that comes with the program."""

import os
from pathlib import Path

_PACKAGE = Path(__file__).parent


def content_folder(name: str) -> Path:
    """``lezioni`` or ``esercizi``: beside the package in a wheel, at the root of the repository in a checkout."""
    installed = _PACKAGE / "contenuti" / name
    return installed if installed.is_dir() else _PACKAGE.parents[1] / name


def data_folder() -> Path:
    """Where what belongs to the user is kept; ``PASSERELLA_DATI`` names another place. It may not be there yet."""
    chosen = os.environ.get("PASSERELLA_DATI")
    if chosen:
        return Path(chosen)
    from platformdirs import user_data_path  # not needed by most commands

    return user_data_path("passerella", appauthor=False)
