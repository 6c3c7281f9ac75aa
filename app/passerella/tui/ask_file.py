"""A question whose answer is a file of the student's: what can follow is listed under it, as one types."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from passerella.errors import CommandError
from passerella.language import _
from passerella.session.typed_path import typed_path
from passerella.tui.ask import Ask
from passerella.tui.chooser import nothing_found
from passerella.tui.keys_bar import Key
from passerella.tui.row_list import Line, RowList
from passerella.tui.typed_ahead import ListedBelow
from passerella.views.visible import visible

_MOST = 500  # names of one folder
_ROOM = 8
_NOT_LOOKED_INTO = frozenset(("__pycache__", "node_modules", "site-packages"))


def python_files(text: str, home: Path) -> list[str]:
    """How ``text``, a path that is being written, can go on: files of Python first, then folders, which end with «/»."""
    before, slash, begun = text.rpartition("/")
    try:
        folder = home / Path(before + slash).expanduser()
        found = [(each.is_dir(), each.name) for each, _place in zip(folder.iterdir(), range(_MOST), strict=False)]
    except (OSError, ValueError, RuntimeError):
        return []
    shown = [
        (is_folder, name)
        for is_folder, name in found
        if name.startswith(begun) and not name.startswith(".") and name not in _NOT_LOOKED_INTO
        if is_folder or name.endswith(".py")
    ]
    return [f"{before}{slash}{name}{'/' * is_folder}" for is_folder, name in sorted(shown)]


class AskFile(Ask, ListedBelow[None]):
    """``take`` refuses a line by raising a :class:`~passerella.errors.PasserellaError`."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", show=False)]

    def __init__(self, title: str, hint: str, take: Callable[[str], None], value: str = "") -> None:
        super().__init__(title, hint, take, value)
        self._home = Path.cwd()
        self._found: list[str] = []

    def on_mount(self) -> None:
        """Besides what every question does: Textual calls both."""
        self.query_one(RowList).styles.height = _ROOM
        self._look(self._value)

    def _under_the_line(self) -> Iterable[Widget]:
        yield self.list_below()

    def _keys(self) -> list[Key]:
        return [
            Key("↑ ↓", _("scorri"), "move(1)"),
            Key("tab", _("completa"), "complete"),
            Key(_("invio"), _("apri"), "accept"),
            Key("esc", _("indietro"), "leave"),
        ]

    def keys_told(self) -> list[tuple[str, str]]:
        return [
            (_("lettere"), _("restano solo le righe che cominciano con ciò che scrivi")),
            ("↑ ↓", _("riga precedente, riga seguente")),
            ("tab", _("scrive la riga al posto tuo")),
            (_("invio"), _("apre il file; in una cartella, va avanti")),
            ("esc", _("indietro")),
        ]

    def on_input_changed(self, event: Input.Changed) -> None:
        self._look(event.value)

    def action_complete(self) -> None:
        """Write what is under the cursor."""
        if self._found:
            field = self.query_one(Input)
            with field.prevent(Input.Changed):  # told late, it would take away what is said of this file meanwhile
                field.value = self._found[self.query_one(RowList).cursor]
            field.cursor_position = len(field.value)
            self._look(field.value)

    def action_accept(self) -> None:
        """What is written, if it is a file; else what is under the cursor: into a folder one goes on."""
        if self._found and not self._is_written():
            self.action_complete()
            if self.query_one(Input).value.endswith("/"):
                return
        super().action_accept()

    def _is_written(self) -> bool:
        name, colon, _attribute = self.query_one(Input).value.strip().partition(".py:")
        try:
            return (self._home / typed_path(name + ".py" * bool(colon))).is_file()
        except CommandError:
            return False

    def _look(self, text: str) -> None:
        self._found = python_files(text, self._home)
        self.query_one("#wrong", Static).update("")
        if self._found:
            self.query_one(RowList).show(len(self._found), self._line, 0)
        else:
            self.query_one(RowList).show(1, nothing_found, 0, marker=False)

    def _line(self, index: int, width: int) -> Line:
        path = self._found[index].removesuffix("/")
        name = path.rpartition("/")[2]
        return [(visible(name, width), "strong"), ("/" if self._found[index].endswith("/") else "", "quiet")]
