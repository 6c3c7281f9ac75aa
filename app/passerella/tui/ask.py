"""One line to write. What is wrong with it is said here, and can be put right."""

from collections.abc import Callable, Iterable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from passerella.errors import PasserellaError
from passerella.language import _
from passerella.tui.keys_bar import Key, KeysBar
from passerella.tui.typed_ahead import TypedAhead
from passerella.views.visible import visible


class Ask(TypedAhead[None]):
    """``take`` refuses a line by raising a :class:`PasserellaError`."""

    def __init__(self, title: str, hint: str, take: Callable[[str], None], value: str = "") -> None:
        super().__init__()
        self._title, self._hint, self._take, self._value = title, hint, take, value

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(self._title)
            yield Static(self._hint, classes="hint", markup=False)
            yield Input(self._value, select_on_focus=False)
            yield from self._under_the_line()
            yield Static("", id="wrong", markup=False)
            yield KeysBar(id="dialog-keys")

    def on_mount(self) -> None:
        self.query_one(KeysBar).show(self._keys())

    def _under_the_line(self) -> Iterable[Widget]:
        """What helps to write it."""
        return ()

    def _keys(self) -> list[Key]:
        return [Key(_("invio"), _("va bene"), "accept"), Key("esc", _("indietro"), "leave")]

    def action_accept(self) -> None:
        try:
            self._take(self.query_one(Input).value)
        except PasserellaError as error:
            text = "\n".join([error.message, *error.details.splitlines()[-3:]])
            self.query_one("#wrong", Static).update(Content("\n".join(visible(line) for line in text.splitlines())))
            return
        self.dismiss()
