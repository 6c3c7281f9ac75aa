"""Opens a file in the editor that the user has chosen for the terminal."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from textual.app import App, SuspendNotSupported

from passerella.errors import CommandError
from passerella.language import _
from passerella.views.visible import visible

_VARIABLES = ("VISUAL", "EDITOR")
_PLUS = (
    "vi",
    "vim",
    "nvim",
    "view",
    "nano",
    "emacs",
    "emacsclient",
    "micro",
    "joe",
    "jed",
    "kak",
    "mg",
    "ne",
    "mcedit",
)
_COLON = ("hx", "helix", "subl", "zed")
# Those that come back at once unless they are told to wait.
_GOTO = ("code", "codium", "code-insiders", "cursor")

_Arguments = Callable[[str, int], list[str]]
_AT_LINE: dict[str, _Arguments] = {
    **dict.fromkeys(_PLUS, lambda path, line: [f"+{line}", path]),
    **dict.fromkeys(_COLON, lambda path, line: [f"{path}:{line}"]),
    **dict.fromkeys(_GOTO, lambda path, line: ["--wait", "--goto", f"{path}:{line}"]),
}


def editor_command(path: str, line: int, environment: Mapping[str, str] = os.environ) -> list[str]:
    """The command that opens ``path`` at ``line``.

    :raises CommandError: no editor is chosen, or it is not there.
    """
    chosen = next((environment[name] for name in _VARIABLES if environment.get(name, "").strip()), "")
    if not chosen:
        raise CommandError(
            _("Non so quale editor usare. Sceglilo prima di aprire Passerella, per esempio con: export EDITOR=nano")
        )
    try:
        words = shlex.split(chosen, posix=os.name == "posix")
    except ValueError:
        words = [chosen]
    program = shutil.which(words[0], path=environment.get("PATH"))
    if program is None:
        raise CommandError(
            _("L'editor «{name}», indicato da EDITOR, non si trova. Controlla come è scritto.").format(
                name=visible(words[0], 80)
            )
        )
    at_line = _AT_LINE.get(Path(program).stem.lower())
    return [program, *words[1:], *(at_line(path, line) if at_line is not None else [path])]


def open_in_editor(app: App[None], path: str, line: int) -> None:
    """Leave the terminal to the editor, and take it back when it is done; what is wrong is said in words."""
    try:
        command = editor_command(path, line)
        with app.suspend():
            ended = subprocess.run(command, check=False)
        if ended.returncode:
            app.notify(
                _("L'editor si è chiuso con un errore (codice {code}).").format(code=ended.returncode),
                markup=False,
                severity="warning",
            )
    except CommandError as error:
        app.notify(error.message, markup=False, severity="warning")
    except (SuspendNotSupported, OSError):
        app.notify(_("Qui non posso lasciare il terminale a un editor."), markup=False, severity="warning")
    app.refresh()
