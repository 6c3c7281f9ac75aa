"""A question whose answer is a file of the student's: what can follow is listed under it, as one types."""

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from passerella.errors import PasserellaError
from passerella.language import _
from passerella.tui.keys_bar import Key, KeysBar
from passerella.tui.row_list import Line, RowList
from passerella.tui.typed_ahead import TypedAhead
from passerella.views.visible import visible

_MOST = 500  # names of one folder
_ROOM = 8
_NOT_LOOKED_INTO = frozenset(("__pycache__", "node_modules", "site-packages"))


def python_files(text: str, home: Path) -> list[str]:
    """How ``text``, a path that is being written, can go on: files of Python first, then folders, which end with «/»."""
    before, slash, begun = text.rpartition("/")
    folder = home / Path(before + slash).expanduser()
    try:
        found = [(each.is_dir(), each.name) for each, _place in zip(folder.iterdir(), range(_MOST), strict=False)]
    except (OSError, ValueError):
        return []
    shown = [
        (is_folder, name)
        for is_folder, name in found
        if name.startswith(begun) and not name.startswith(".") and name not in _NOT_LOOKED_INTO
        if is_folder or name.endswith(".py")
    ]
    return [f"{before}{slash}{name}{'/' * is_folder}" for is_folder, name in sorted(shown)]


class AskFile(TypedAhead[None]):
    """``take`` refuses a line by raising a :class:`PasserellaError`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", show=False),
        Binding("escape", "leave", show=False),
        Binding("tab", "complete", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "move(-7)", show=False),
        Binding("pagedown", "move(7)", show=False),
    ]

    def __init__(self, title: str, hint: str, take: Callable[[str], None], value: str = "") -> None:
        super().__init__()
        self._title, self._hint, self._take, self._value = title, hint, take, value
        self._home = Path.cwd()
        self._found: list[str] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(self._title)
            yield Static(self._hint, classes="hint", markup=False)
            yield Input(self._value, select_on_focus=False)
            yield RowList(id="choices")
            yield Static("", id="wrong", markup=False)
            yield KeysBar(id="dialog-keys")

    def on_mount(self) -> None:
        choices = self.query_one(RowList)
        choices.can_focus = False
        choices.styles.height = _ROOM
        self._look(self._value)
        self.query_one(KeysBar).show(
            [
                Key("↑ ↓", _("scorri"), "move(1)"),
                Key("tab", _("completa"), "complete"),
                Key(_("invio"), _("apri"), "accept"),
                Key("esc", _("indietro"), "leave"),
            ]
        )

    def on_input_changed(self, event: Input.Changed) -> None:
        self._look(event.value)

    def on_input_submitted(self) -> None:
        self.action_accept()

    def on_row_list_chosen(self) -> None:
        self.action_accept()

    def action_move(self, by: int) -> None:
        self.query_one(RowList).action_move(by)

    def action_complete(self) -> None:
        """Write what is under the cursor."""
        if self._found:
            field = self.query_one(Input)
            field.value = self._found[self.query_one(RowList).cursor]
            field.cursor_position = len(field.value)

    def action_accept(self) -> None:
        """What is written, if it is a file; else what is under the cursor: into a folder one goes on."""
        if self._found and not self._is_written():
            self.action_complete()
            if self.query_one(Input).value.endswith("/"):
                return
        try:
            self._take(self.query_one(Input).value)
        except PasserellaError as error:
            text = "\n".join([error.message, *error.details.splitlines()[-3:]])
            self.query_one("#wrong", Static).update(Content("\n".join(visible(line) for line in text.splitlines())))
            return
        self.dismiss()

    def action_leave(self) -> None:
        self.dismiss()

    def _is_written(self) -> bool:
        name, colon, _attribute = self.query_one(Input).value.strip().partition(".py:")
        return (self._home / Path(name + ".py" * bool(colon)).expanduser()).is_file()

    def _look(self, text: str) -> None:
        self._found = python_files(text, self._home)
        self.query_one("#wrong", Static).update("")
        self.query_one(RowList).show(len(self._found), self._line, 0)

    def _line(self, index: int, width: int) -> Line:
        path = self._found[index].removesuffix("/")
        name = path.rpartition("/")[2]
        return [(visible(name, width), "strong"), ("/" if self._found[index].endswith("/") else "", "quiet")]
