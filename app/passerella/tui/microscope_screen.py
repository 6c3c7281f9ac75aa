"""«Microscopio»: every call of one request as a tree."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from passerella.journeys.microscope import Tree
from passerella.language import _
from passerella.tui.closer_help import microscope_help
from passerella.tui.files import read_source
from passerella.tui.keys_bar import Key, KeysBar
from passerella.tui.laid_out_once import ScreenLaidOutOnce
from passerella.tui.lines import cut_line
from passerella.tui.notice import Notice
from passerella.tui.row_list import Line, RowList
from passerella.views.microscope import CallRow, missing, rows, summary, times
from passerella.views.numbers import duration

_DEEPEST = 20
_TIME = 9  # cells of «1,2 ms»


class MicroscopeScreen(ScreenLaidOutOnce, Screen[None]):
    """«invio» opens a call into what it did, or closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("question_mark,f1", "help", show=False),
        Binding("q", "app.quit", show=False),
        Binding("t", "app.theme", show=False),
    ]

    def __init__(self, found: Tree) -> None:
        super().__init__()
        self._found = found
        self._opened: frozenset[str] = frozenset()
        self._rows: list[CallRow] = []

    def compose(self) -> ComposeResult:
        yield Static("", id="lanes-title", markup=False)
        yield RowList(id="calls")
        yield Static("", id="call", markup=False)
        yield KeysBar(id="keys")

    def on_mount(self) -> None:
        said = " ".join([summary(self._found), *missing(self._found)])
        self.query_one("#lanes-title", Static).update(Content.assemble((" Passerella", "bold $here"), "  " + said))
        self.query_one(KeysBar).show(
            [
                Key("↑ ↓", _("chiamata"), "none"),
                Key(_("invio"), _("apri o chiudi"), "fold"),
                Key("?", _("aiuto"), "help"),
                Key("esc", _("indietro"), "leave"),
                Key("q", _("esci"), "app.quit"),
            ]
        )
        self._draw()
        self.query_one(RowList).focus()

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        event.stop()
        self._tell()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.action_fold()

    def action_fold(self) -> None:
        row = self._current
        if row is not None and row.opens:
            self._opened ^= {row.key}
            self._draw()

    def action_help(self) -> None:
        self.app.push_screen(Notice(_("Aiuto"), microscope_help()))

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_none(self) -> None:
        """A key that is only explained."""

    @property
    def _current(self) -> CallRow | None:
        cursor = self.query_one(RowList).cursor
        return self._rows[cursor] if cursor < len(self._rows) else None

    def _draw(self) -> None:
        self._rows = rows(self._found, self._opened, code=_code)
        self.query_one(RowList).show(len(self._rows), self._line)
        self._tell()

    def _tell(self) -> None:
        """Where the call under the cursor is, what it gave, how long it took."""
        row = self._current
        if row is None:
            return
        where = f"{row.source.file}:{row.source.line}" if row.source is not None else ""
        parts = [part for part in (where, times(row), row.place, row.value, row.error) if part]
        self.query_one("#call", Static).update(Content.styled(" " + " · ".join(parts), "$origin"))

    def _line(self, index: int, width: int) -> Line:
        row = self._rows[index]
        sign = ("▾ " if row.opened else "▸ ") if row.opens else "  "
        title = "strong" if row.own else "quiet"
        line: Line = [("  " * min(row.depth, _DEEPEST), ""), (sign, "quiet"), (row.title, title)]
        if row.code:
            line.append(("  " + row.code.strip(), "key"))
        if row.value:
            line.append((" → " + row.value, "origin"))
        if row.error:
            line.append((" ✖ " + row.error, "wrong"))
        return [*cut_line(line, width - _TIME), (_lasted(row), "quiet")]


def _lasted(row: CallRow) -> str:
    return f"{duration(row.lasted) if row.lasted is not None else '':>{_TIME}}"


def _code(path: str, line: int) -> str:
    lines = read_source(path)
    return lines[line - 1] if lines is not None and 0 < line <= len(lines) else ""
