"""Files that are written: a name in the current folder that is free, and nothing overwritten without asking."""

from collections.abc import Callable
from pathlib import Path

from passerella.errors import CommandError
from passerella.language import _
from passerella.session.typed_path import typed_path
from passerella.views.visible import visible

_MOST = 1000


def free_name(stem: str, suffix: str) -> str:
    """«viaggio-3.html», or «viaggio-3-2.html» where there is one already."""
    names = [f"{stem}{suffix}", *(f"{stem}-{number}{suffix}" for number in range(2, _MOST))]
    return next((name for name in names if not Path(name).exists()), names[0])


class NewFile:
    """Takes what was typed; the name of a file that is there already, only the second time."""

    def __init__(self, write: Callable[[Path], None], example: str) -> None:
        self._write = write
        self._example = example
        self._warned: Path | None = None

    def __call__(self, text: str) -> None:
        """:raises CommandError: it is no name, the file is there, or it cannot be written."""
        if not text.strip():
            raise CommandError(_("Scrivi il nome di un file, per esempio «{name}».").format(name=self._example))
        path = typed_path(text.strip())
        if path.is_dir():
            raise CommandError(_("«{path}» è una cartella: scrivi il nome di un file.").format(path=visible(str(path))))
        if path.exists() and path != self._warned:
            self._warned = path
            raise CommandError(_("Il file esiste già. Premi di nuovo invio per sostituirlo, o cambia nome."))
        self._write(path)
