"""A text to read, as long as it likes: laid out once, and only the lines in sight are made."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content

from passerella.tui.few_lines import FewLines
from passerella.tui.row_list import Line, RowList, Span
from passerella.views.visible import visible

COLUMN = "\t"  # ends the first column of a table
_NARROWEST = 10  # cells of a column


class Page(FewLines, can_focus=True, inherit_bindings=False):
    """Parts of a text, a look for each. What goes on in another line stays in its column."""

    BINDINGS: ClassVar[list[BindingType]] = [
        each for each in RowList.BINDINGS if isinstance(each, Binding) and each.action != "choose"
    ]

    def __init__(self, parts: Sequence[Span], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._parts = parts
        self._fitted = False

    def fit(self, width: int, most: int) -> None:
        """The text on lines of ``width`` cells, ``most`` of them in sight.

        How high it is and whether it is scrolled is said here: Textual would find it out in two more layouts.
        """
        self._fitted = True
        lines = lines_of(self._parts, width)
        self.styles.height = min(len(lines), most)
        self.styles.overflow_y = "scroll" if len(lines) > most else "hidden"
        self.say(lines)

    def on_resize(self) -> None:
        """Where nobody says how much room there is, it has what it is given."""
        if not self._fitted:
            self.say(lines_of(self._parts, self.scrollable_content_region.width))

    def action_move(self, by: int) -> None:
        self.scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        self.scroll_relative(y=by * max(1, self.size.height - 1), animate=False)

    def action_edge(self, end: int) -> None:
        self.scroll_to(y=self.max_scroll_y if end else 0, animate=False)


def lines_of(parts: Iterable[Span], width: int) -> list[Line]:
    """``parts`` on lines of at most ``width`` cells, harmless; none that is empty at the end."""
    lines: list[Line] = [[]]
    for text, token in parts:
        first, *others = text.split("\n")
        lines[-1].append((_harmless(first), token))
        lines += [[(_harmless(each), token)] for each in others]
    found = [each for line in lines for each in _hanging(line, width)]
    while found and not any(text for text, _token in found[-1]):
        found.pop()
    return found


def _harmless(text: str) -> str:
    """Lessons, notes and terms come from anybody's files; only the sign that ends a column is ours."""
    ending = COLUMN if text.endswith(COLUMN) else ""
    text = text.removesuffix(COLUMN)
    return visible(text, len(text)) + ending


def _hanging(line: Line, width: int) -> list[Line]:
    """One line, or more: those that follow begin where its text does, and look as the text begins."""
    head = [(text.removesuffix(COLUMN), token) for text, token in line if text.endswith(COLUMN)]
    rest = [(text, token) for text, token in line if text and not text.endswith(COLUMN)]
    margin = sum(cell_len(text) for text, _token in head)
    if margin + sum(cell_len(text) for text, _token in rest) <= width:
        return [[*head, *rest]]
    text, token = "".join(text for text, _token in rest), rest[0][1] if rest else ""
    if not head:
        margin = len(text) - len(text.lstrip(" "))
        head, text = [(" " * margin, "")], text[margin:]
    first, *others = _broken(text, max(_NARROWEST, width - margin))
    return [[*head, (first, token)], *([(" " * margin, ""), (each, token)] for each in others)]


def _broken(text: str, width: int) -> list[str]:
    """Between words, where there is one that ends in time."""
    if cell_len(text) <= width:
        return [text]
    return [each.plain.rstrip() for each in Content(text).wrap(width)]
