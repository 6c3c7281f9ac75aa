"""Something that takes a moment: what is being done, and a way not to wait for it."""

import threading
from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from passerella.errors import PasserellaError
from passerella.language import _
from passerella.language.system_words import refusal
from passerella.tui.dialog import Dialog
from passerella.tui.keys_bar import Key, KeysBar
from passerella.views.visible import visible

_Done = TypeVar("_Done")
_LAST_LINES = 6


class Working(Dialog[_Done | None], Generic[_Done]):
    """Gives what ``work`` made, or None when the user did not wait or it went wrong; what went wrong is said here."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter", "leave", show=False)]

    def __init__(self, title: str, work: Callable[[Callable[[str], None]], _Done]) -> None:
        """``work`` runs in a thread, and says what it is doing to what it is given."""
        super().__init__()
        self._title, self._work = title, work

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(self._title)
            yield Static("", id="doing", markup=False)
            yield KeysBar(id="dialog-keys")

    def on_mount(self) -> None:
        self.query_one(KeysBar).show([Key("esc", _("indietro"), "leave")])
        threading.Thread(target=self._run, name="lavoro", daemon=True).start()  # who leaves does not wait for it

    def action_leave(self) -> None:
        self.dismiss(None)

    def _run(self) -> None:
        try:
            done = self._work(lambda sentence: self._tell(self._say, sentence))
        except (PasserellaError, OSError) as error:
            details = error.details if isinstance(error, PasserellaError) else ""
            message = refusal(error)
            lines = [message, *details.splitlines()[-_LAST_LINES:]]
            self._tell(self._say, "\n".join(visible(line, 300) for line in lines))
            return
        self._tell(self._finish, done)

    def _tell(self, what: Callable[..., None], *values: object) -> None:
        """To the screen's own thread, if the user is still waiting."""
        if self.is_attached:
            self.app.call_from_thread(what, *values)

    def _say(self, sentence: str) -> None:
        if self.is_attached:
            self.query_one("#doing", Static).update(Content(sentence))

    def _finish(self, done: _Done) -> None:
        if self.is_current:
            self.dismiss(done)
