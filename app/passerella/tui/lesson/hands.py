"""Counting raised hands: a number typed for each answer, and, once it was done twice, both counts side by side."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import set_cell_size
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label, Static

from passerella.errors import ContentError
from passerella.language import _
from passerella.lessons.voting import Hands, Vote, bar, read_hands
from passerella.tui.dialog import Dialog
from passerella.tui.keys_bar import Key, KeysBar
from passerella.tui.lesson.page_view import LETTERS

_BAR = 36  # columns


class CountHands(Dialog[Hands | None]):
    """A field for each answer. Gives what was typed, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("enter", "onward", show=False, priority=True),  # before the next digit reaches the same field
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]

    def __init__(self, choices: Sequence[str], number: int) -> None:
        """``number``: which count this is, from 1."""
        super().__init__()
        self._choices = choices
        self._number = number

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog hands") as dialog:
            dialog.border_title = Content(
                _("Mani alzate, prima volta") if self._number == 1 else _("Mani alzate, di nuovo")
            )
            for letter, choice in zip(LETTERS, self._choices, strict=False):
                with Horizontal(classes="hand"):
                    yield Input(placeholder="0", max_length=3, restrict=r"\d*", classes="count")
                    yield Label(f"{letter}  {choice}", markup=False)
            yield Static("", id="wrong", markup=False)
            yield KeysBar(id="dialog-keys")

    def on_mount(self) -> None:
        self.query(Input).first().focus()
        self.query_one("#wrong").display = False
        self.query_one(KeysBar).show(
            [
                Key(_("invio"), _("avanti"), "onward"),
                Key("esc", _("annulla"), "leave"),
            ]
        )

    def action_onward(self) -> None:
        """The next field; after the last one, what was typed."""
        fields = list(self.query(Input))
        if self.focused is not fields[-1]:
            self.screen.focus_next()
            return
        try:
            self.dismiss(read_hands([field.value for field in fields]))
        except ContentError as error:
            wrong = self.query_one("#wrong", Static)
            wrong.display = True
            wrong.update(error.message)

    def action_leave(self) -> None:
        self.dismiss(None)


class ShowHands(Dialog[str | None]):
    """Both counts. Gives ``reveal``, ``again`` or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,s", "done('reveal')", show=False),
        Binding("h", "done('again')", show=False),
        Binding("escape", "done('')", show=False),
    ]

    def __init__(self, choices: Sequence[str], vote: Vote) -> None:
        super().__init__()
        self._choices = choices
        self._vote = vote

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(_("Che cosa pensa la classe"))
            yield Static(histogram(self._choices, self._vote), id="histogram", markup=False)
            yield KeysBar(id="dialog-keys")

    def on_mount(self) -> None:
        self.query_one(KeysBar).show(
            [
                Key(_("invio"), _("svela"), "done('reveal')"),
                Key("h", _("vota da capo"), "done('again')"),
                Key("esc", _("indietro"), "done('')"),
            ]
        )

    def action_done(self, what: str) -> None:
        self.dismiss(what or None)


def histogram(choices: Sequence[str], vote: Vote) -> Content:
    """Two bars for each answer: words say which is which, not only a colour."""
    before, after = vote.rounds
    most = max(*before, *after, 1)
    columns = [_("prima"), _("dopo")]
    widest = max(map(len, columns))
    parts: list[tuple[str, str]] = [("\n", "")]
    for n, choice in enumerate(choices):
        mark = "▸ " if n == vote.winner else "  "
        parts.append((f"{mark}{LETTERS[n]}  {choice}\n", "bold $here" if n == vote.winner else "bold"))
        for name, hands, style in ((columns[0], before[n], "$quiet"), (columns[1], after[n], "$reached")):
            parts.append((f"     {set_cell_size(name, widest)}  {hands:>3}  ", "$quiet"))
            parts.append((bar(hands, most, _BAR) + "\n", style))
    if vote.winner is None:
        parts.append(("\n" + _("Nessuna risposta ha più mani delle altre: svela senza scegliere."), ""))
    else:
        parts.append(("\n" + _("Hanno cambiato idea almeno in {n}.").format(n=vote.moved), ""))
    return Content.assemble(*parts)
