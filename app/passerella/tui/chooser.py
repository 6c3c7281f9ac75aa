"""A list to choose from, with a line to narrow it: commands, scenarios."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from passerella.language import _
from passerella.tui.keys_bar import Key, KeysBar
from passerella.tui.row_list import Line, RowList
from passerella.tui.typed_ahead import TypedAhead

_ROWS, _ROWS_AND_ABOUT = 12, 9  # at most
_MARKER = 2  # cells before a line
_AROUND = 4  # lines of a dialog that are not its text


class Choice(NamedTuple):
    """Something that can be chosen: what is given back, what is read."""

    id: str
    title: str
    about: str = ""


class Chooser(TypedAhead[str | None]):
    """Gives the id of the choice, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", show=False),
        Binding("escape", "dismiss_none", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "move(-5)", show=False),
        Binding("pagedown", "move(5)", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[Choice], *, about_below: bool = False) -> None:
        """``about_below``: what there is to say of a choice is long, and is said of the one under the cursor."""
        super().__init__()
        self._title = title
        self._about_below = about_below
        self._choices = list(choices)
        self._shown = self._choices

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(self._title)
            yield Input(placeholder=_("scrivi per cercare"), select_on_focus=False)
            yield RowList(id="choices")
            yield Static("", id="about", markup=False)
            yield KeysBar(id="dialog-keys")

    def on_mount(self) -> None:
        self.query_one(RowList).can_focus = False
        self._narrow("")
        self.query_one(KeysBar).show(
            [
                Key("↑ ↓", _("scorri"), "move(1)"),
                Key(_("invio"), _("scegli"), "accept"),
                Key("esc", _("indietro"), "dismiss_none"),
            ]
        )

    def on_resize(self) -> None:
        self.call_after_refresh(self._tell)

    def on_input_changed(self, event: Input.Changed) -> None:
        self._narrow(event.value)

    def on_input_submitted(self) -> None:
        self.action_accept()

    def on_row_list_chosen(self) -> None:
        self.action_accept()

    def action_move(self, by: int) -> None:
        self.query_one(RowList).action_move(by)
        self._tell()

    def action_accept(self) -> None:
        if self._shown:
            self.dismiss(self._shown[self.query_one(RowList).cursor].id)

    def action_dismiss_none(self) -> None:
        self.dismiss(None)

    def _narrow(self, query: str) -> None:
        words = query.casefold().split()
        self._shown = [
            choice
            for choice in self._choices
            if all(word in f"{choice.title} {choice.about}".casefold() for word in words)
        ]
        self.query_one(RowList).show(len(self._shown), self._line, 0)
        self._tell()

    def _tell(self) -> None:
        """What there is to say of the choice under the cursor, where its line has no room for it."""
        about, choices = self.query_one("#about", Static), self.query_one(RowList)
        about.display = self._about_below or any(map(self._is_cut, self._choices))
        choices.styles.height = min(len(self._choices), _ROWS_AND_ABOUT if about.display else _ROWS)
        chosen = self._shown[choices.cursor] if self._shown else None
        told = chosen is not None and (self._about_below or self._is_cut(chosen))
        about.update(Content(chosen.about if chosen is not None and told else ""))

    def _is_cut(self, choice: Choice) -> bool:
        width = self.query_one(RowList).scrollable_content_region.width - _MARKER
        return 0 < width < self._column(width) + cell_len(choice.about)

    def _column(self, width: int) -> int:
        return min(max(cell_len(each.title) for each in self._choices) + 2, width)

    def _line(self, index: int, width: int) -> Line:
        choice = self._shown[index]
        if self._about_below:
            return [(set_cell_size(choice.title, width), "strong")]
        return [(set_cell_size(choice.title, self._column(width)), "strong"), (choice.about, "quiet")]


class Question(ModalScreen[bool]):
    """Yes or no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "answer(True)", show=False),
        Binding("escape", "answer(False)", show=False),
    ]

    def __init__(self, title: str, sentence: str, yes: str, no: str) -> None:
        super().__init__()
        self._title, self._sentence, self._yes, self._no = title, sentence, yes, no

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(self._title)
            yield Static(self._sentence, id="question", markup=False)
            yield KeysBar(id="dialog-keys")

    def on_mount(self) -> None:
        self.query_one(KeysBar).show(
            [Key(_("invio"), self._yes, "answer(True)"), Key("esc", self._no, "answer(False)")]
        )

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)


class Notice(ModalScreen[None]):
    """Some text to read, and a way back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "dismiss_none", show=False),
    ]

    def __init__(self, title: str, content: Content) -> None:
        super().__init__()
        self._title = title
        self._content = content

    def compose(self) -> ComposeResult:
        from textual.containers import VerticalScroll

        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(self._title)
            with VerticalScroll(classes="notice"):
                yield Static(self._content, markup=False)
            yield KeysBar(id="dialog-keys")

    def on_mount(self) -> None:
        self.query_one(KeysBar).show([Key("↑ ↓", _("scorri"), "none"), Key("esc", _("indietro"), "dismiss_none")])

    def on_resize(self) -> None:
        """As much text as there is room for, and the keys under it."""
        self.query_one(".notice").styles.max_height = max(1, self.app.size.height * 9 // 10 - _AROUND)

    def action_dismiss_none(self) -> None:
        self.dismiss(None)
