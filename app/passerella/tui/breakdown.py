"""A fault of ours: a sentence for who was using the program, the rest in a file for who mends it."""

import os
import platform
import traceback
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from passerella.errors import PasserellaError
from passerella.language import _
from passerella.settings import data_folder
from passerella.views.visible import visible

_NAME = "guasto.txt"
_LONGEST = 300
_OURS = ("passerella", "textual", "rich")


class BreakdownError(PasserellaError):
    """The screen is gone; what happened is in a file that only its owner can read."""

    def __init__(self, error: BaseException) -> None:
        said = [
            _("Passerella si è fermato per un suo errore ({error}).").format(
                error=visible(f"{type(error).__name__}: {error}", _LONGEST)
            )
        ]
        path = _written(error)
        if path is not None:
            said.append(
                _("I dettagli sono in {path}: mandali a chi lo mantiene.").format(path=visible(str(path), 1000))
            )
        said.append(
            _("Se stavi tracciando, riapri Passerella: la sessione interrotta si recupera dalla schermata iniziale.")
        )
        super().__init__(" ".join(said))


def _written(error: BaseException) -> Path | None:
    about = [f"{name} {_version(name)}" for name in _OURS]
    about.append(f"Python {platform.python_version()}, {platform.platform()}")
    text = "\n".join(about) + "\n\n" + "".join(traceback.format_exception(error))
    path = data_folder() / _NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with open(path, "xb", opener=_for_its_owner) as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError:
        return None
    return path


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "?"


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
