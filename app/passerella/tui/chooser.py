"""A list to choose from, with a line to narrow it: commands, scenarios."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.content import Content
from textual.events import Resize
from textual.widgets import Input, Static

from passerella.language import _
from passerella.tui.keys_bar import Key, KeysBar
from passerella.tui.laid_out_once import Column
from passerella.tui.row_list import Line, RowList
from passerella.tui.typed_ahead import ListedBelow

_ROWS = 20  # at most
_AROUND_LIST, _ABOUT = 6, 4  # lines of a dialog that are not its list; of what is said below it
_MARKER = 2  # cells before a line


class Choice(NamedTuple):
    """Something that can be chosen: what is given back, what is read, the key that does it without this list.

    :ivar also: another name to find it by.
    """

    id: str
    title: str
    about: str = ""
    key: str = ""
    also: str = ""


class Chooser(ListedBelow[str | None]):
    """Gives the id of the choice, or None."""

    def __init__(self, title: str, choices: Sequence[Choice], *, about_below: bool = False, begin: str = "") -> None:
        """``about_below``: what there is to say of a choice is long, and is said of the one under the cursor.

        ``begin``: the id of the choice at which the cursor is to begin; the first, where there is none of that name.
        """
        super().__init__()
        self._title = title
        self._about_below = about_below
        self._choices = list(choices)
        self._shown = self._choices
        self._begin = next((number for number, each in enumerate(choices) if each.id == begin), 0)

    def compose(self) -> ComposeResult:
        with Column(classes="dialog") as dialog:
            dialog.border_title = Content(self._title)
            yield Input(placeholder=_("scrivi per cercare"), select_on_focus=False)
            yield self.list_below()
            yield Static("", id="about", markup=False)
            yield KeysBar(id="dialog-keys")

    def on_mount(self) -> None:
        self._narrow("")
        self.query_one(KeysBar).show(
            [
                Key("↑ ↓", _("scorri"), "move(1)"),
                Key(_("invio"), _("scegli"), "accept"),
                Key("esc", _("indietro"), "leave"),
            ]
        )

    def on_resize(self, event: Resize) -> None:
        self.call_after_refresh(self._tell)

    def on_input_changed(self, event: Input.Changed) -> None:
        self._narrow(event.value)

    def on_row_list_moved(self) -> None:
        self._tell()

    def action_accept(self) -> None:
        if self._shown:
            self.dismiss(self._shown[self.query_one(RowList).cursor].id)

    def _narrow(self, query: str) -> None:
        words = query.casefold().split()
        found = [each for each in self._choices if _says(f"{each.title} {each.about} {each.also}", words)]
        self._shown = sorted(found, key=lambda each: not _says(each.title, words))  # first those called so
        if self._shown:
            self.query_one(RowList).show(len(self._shown), self._line, 0 if words else self._begin)
        else:
            self.query_one(RowList).show(1, nothing_found, 0, marker=False)
        self._tell()

    def _tell(self) -> None:
        """What there is to say of the choice under the cursor, where its line has no room for it."""
        about, choices = self.query_one("#about", Static), self.query_one(RowList)
        told_below = self._about_below and any(each.about for each in self._choices)
        about.display = told_below or any(map(self._is_cut, self._choices))
        room = self.app.size.height * 9 // 10 - _AROUND_LIST - (_ABOUT if about.display else 0)
        choices.styles.height = max(1, min(len(self._choices), _ROWS, room))
        chosen = self._shown[choices.cursor] if self._shown else None
        told = chosen is not None and (self._about_below or self._is_cut(chosen))
        about.update(Content(chosen.about if chosen is not None and told else ""))

    def _is_cut(self, choice: Choice) -> bool:
        width = self.query_one(RowList).scrollable_content_region.width - _MARKER
        return 0 < width < self._column(width) + cell_len(choice.about) + self._keys_column()

    def _column(self, width: int) -> int:
        return min(max(cell_len(each.title) for each in self._choices) + 2, width)

    def _keys_column(self) -> int:
        widest = max(cell_len(each.key) for each in self._choices)
        return widest + 2 if widest else 0

    def _line(self, index: int, width: int) -> Line:
        choice = self._shown[index]
        if self._about_below:
            return [(set_cell_size(choice.title, width), "strong")]
        column, keys = self._column(width), self._keys_column()
        title = (set_cell_size(choice.title, column), "strong")
        if not keys:
            return [title, (choice.about, "quiet")]
        return [title, (_fit(choice.about, width - column - keys), "quiet"), (f"{choice.key:>{keys - 1}} ", "here")]


def _says(text: str, words: Sequence[str]) -> bool:
    return all(word in text.casefold() for word in words)


def _fit(text: str, width: int) -> str:
    return set_cell_size(
        text if cell_len(text) <= width else set_cell_size(text, max(0, width - 1)) + "…", max(0, width)
    )


def nothing_found(index: int, width: int) -> Line:
    """The only line of a list that has none."""
    return [(_("Qui non c'è niente con queste parole."), "quiet")]
