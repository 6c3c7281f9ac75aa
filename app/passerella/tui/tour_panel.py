"""Where the tour speaks: a few lines over the keys."""

from typing import ClassVar, Protocol

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from passerella.language import _


class Guide(Protocol):
    """Who leads the tour."""

    def onward(self) -> None:
        """To the next stop."""

    def end(self) -> None:
        """No more of it."""


class TourPanel(Static, can_focus=True):
    """One stop. «invio» or a click goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "onward", show=False)]

    def __init__(self, guide: Guide) -> None:
        super().__init__("", id="tour", markup=False)
        self._guide = guide
        self.next_word = _("avanti")

    def show(self, where: str, title: str, text: str, next_word: str) -> None:
        """``where``: «1 di 5»."""
        self.next_word = next_word
        head = [(_("Giro"), "bold $here"), (f"  {where}  ", "$quiet"), (title, "bold $here")]
        self.update(Content.assemble(*head, ("\n" + text, "")))

    def on_click(self) -> None:
        self.action_onward()

    def action_onward(self) -> None:
        self._guide.onward()

    def action_leave(self) -> None:
        self._guide.end()
