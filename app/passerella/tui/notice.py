"""Dialogs in which there is nothing to write: something to read, a question."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from passerella.language import _
from passerella.tui.dialog import Dialog
from passerella.tui.keys_bar import Key, KeysBar
from passerella.tui.laid_out_once import Column
from passerella.tui.page import Page
from passerella.tui.row_list import Span

_WIDEST, _SHARE, _BESIDE = 92, 84, 5  # cells of a dialog; of a hundred; its border, its air, a scrollbar
_AROUND = 4  # lines of a dialog that are not its text


class Question(Dialog[bool]):
    """Yes or no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "answer(True)", show=False),
        Binding("escape", "answer(False)", show=False),
    ]

    def __init__(self, title: str, sentence: str, yes: str, no: str) -> None:
        super().__init__()
        self._title, self._sentence, self._yes, self._no = title, sentence, yes, no

    def compose(self) -> ComposeResult:
        with Column(classes="dialog") as dialog:
            dialog.border_title = Content(self._title)
            yield Static(self._sentence, id="question", markup=False)
            yield KeysBar(id="dialog-keys")

    def on_mount(self) -> None:
        self.query_one(KeysBar).show(
            [Key(_("invio"), self._yes, "answer(True)"), Key("esc", self._no, "answer(False)")]
        )

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)


class Notice(Dialog[None]):
    """Some text to read, and a way back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "dismiss_none", show=False),
    ]

    def __init__(self, title: str, parts: Sequence[Span]) -> None:
        super().__init__()
        self._title = title
        self._page = Page(parts)

    def compose(self) -> ComposeResult:
        with Column(classes="dialog") as dialog:
            dialog.border_title = Content(self._title)
            yield self._page
            yield KeysBar(id="dialog-keys")

    def on_mount(self) -> None:
        self._fit()
        self.query_one(KeysBar).show([Key("↑ ↓", _("scorri"), "none"), Key("esc", _("indietro"), "dismiss_none")])

    def on_resize(self, event: Resize) -> None:
        self._fit()

    def _fit(self) -> None:
        """As much text as there is room for, and the keys under it."""
        width, height = self.app.size
        self._page.fit(min(_WIDEST, width * _SHARE // 100) - _BESIDE, max(1, height * 9 // 10 - _AROUND))

    def action_dismiss_none(self) -> None:
        self.dismiss(None)
