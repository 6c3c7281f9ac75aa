"""The comparison: journeys side by side, differences first, then step by step."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from passerella.journeys.comparison import compare
from passerella.journeys.model import Journey
from passerella.language import _
from passerella.tui.comparison_help import help_text
from passerella.tui.comparison_lines import Grid, common_request, detail_lines, drawn, grid, heading_lines, steps_in
from passerella.tui.few_lines import FewLines
from passerella.tui.keys_bar import Key, KeysBar
from passerella.tui.laid_out_once import ScreenLaidOutOnce
from passerella.tui.notice import Notice
from passerella.tui.row_list import Line as Drawn
from passerella.tui.row_list import RowList
from passerella.views.comparison import FOLDED, Line, detail, lines
from passerella.views.visible import visible

_STEPS = "steps"
_LONGEST = 200


class ComparisonScreen(ScreenLaidOutOnce, Screen[None]):
    """Journeys that are already made. Push it on any app that knows our themes and has ``action_theme``."""

    CSS_PATH = "comparison.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", show=False),
        Binding("right", "step(1)", show=False),
        Binding("c", "columns", show=False),
        Binding("question_mark,f1", "help", show=False),
        Binding("escape", "back", show=False),
        Binding("q", "app.quit", show=False),
        Binding("t", "app.theme", show=False),
        Binding("tab", "app.focus_next", show=False),
        Binding("shift+tab", "app.focus_previous", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - so Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (18, "-short"), (32, "-tall")]  # noqa: RUF012

    def __init__(self, columns: Sequence[tuple[str, Journey]]) -> None:
        """``columns``: what each journey is called, and the journey, as it is now."""
        super().__init__()
        self.comparison = compare([(visible(label, _LONGEST), journey) for label, journey in columns])
        self.closed = FOLDED
        self.lines: list[Line] = lines(self.comparison, self.closed)
        self._first = 0  # of the columns in sight

    @property
    def line(self) -> Line:
        """The one of the cursor."""
        return self.lines[self.query_one("#compared", RowList).cursor]

    def compose(self) -> ComposeResult:
        yield Static("", id="compared-title", markup=False)
        yield FewLines(id="compared-heads")
        yield RowList(id="compared")
        yield RowList(id="compared-detail", always=False)
        yield KeysBar(id="compared-keys")

    def on_mount(self) -> None:
        self.query_one("#compared").focus()
        self.call_after_refresh(self._show_everything)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_everything)

    # ── what is drawn ───────────────────────────────────────────────────────────────────────────────────────────

    def _show_everything(self) -> None:
        self._show_title()
        self._show_lines()
        self._show_detail()
        self._show_keys()

    def _grid(self) -> Grid:
        """The list has a marker, two cells wide."""
        width = self.query_one("#compared", RowList).scrollable_content_region.width - 2
        return grid(max(1, width), len(self.comparison.journeys), self._first)

    def _show_title(self) -> None:
        left = [(" Passerella", "bold $here"), ("  " + _("Confronto"), "")]
        shared, total = self._grid(), len(self.comparison.journeys)
        said = _("{n} viaggi").format(n=total)
        if shared.many < total:
            said = _("{first}–{last} di {n} viaggi").format(
                first=shared.first + 1, last=shared.first + shared.many, n=total
            )
        room = self.size.width - sum(cell_len(text) for text, _style in left) - 3
        right = visible(f"{common_request(self.comparison)}   {said}".strip(), max(1, room))
        gap = max(1, room + 2 - cell_len(right))
        self.query_one("#compared-title", Static).update(Content.assemble(*left, " " * gap, (right, "$quiet")))

    def _show_lines(self, cursor: int | None = None, *, centre: bool = False) -> None:
        shared = self._grid()
        heads = heading_lines(self.comparison, shared)
        self.query_one(FewLines).say([[("  ", ""), *each] for each in heads])
        self.query_one("#compared", RowList).show(
            len(self.lines), lambda index, _width: self._drawn(index), cursor, centre=centre
        )

    def _drawn(self, index: int) -> Drawn:
        line = self.lines[index]
        return drawn(line, self._grid(), line.part in self.closed)

    def _show_detail(self) -> None:
        panel = self.query_one("#compared-detail", RowList)
        about = detail(self.comparison, self.line)
        width = max(1, panel.scrollable_content_region.width - 1)
        stacked = self.has_class("-narrow")
        found = detail_lines(self.comparison, about, self._grid(), width, stacked=stacked)
        title = about.title if panel.styles.border_left[0] else f" {about.title} "  # air, where there are no corners
        panel.border_title = Content(title)
        panel.show(len(found), lambda index, _width: [(" ", ""), *found[index]], 0, marker=False)

    def _show_keys(self) -> None:
        more = self._grid().many < len(self.comparison.journeys)
        self.query_one(KeysBar).show(
            [
                Key("↑ ↓", _("riga"), "none", 2),
                Key("← →", _("passo"), "step(1)", 0),
                Key(_("invio"), _("apri o chiudi"), "fold", 1),
                *([Key("c", _("altre colonne"), "columns", 0)] if more else []),
                Key("tab", _("dettagli"), "app.focus_next", 4),
                Key("t", _("tema"), "app.theme", 5),
                Key("?", _("aiuto"), "help", 1),
                Key("esc", _("indietro"), "back", 0),
                Key("q", _("esci"), "app.quit", 1),
            ]
        )

    # ── what the user does ──────────────────────────────────────────────────────────────────────────────────────

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        if event.sender.id == "compared":
            self._show_detail()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        if event.sender.id == "compared":
            self.action_fold()

    def action_none(self) -> None:
        """A key that is only explained."""

    def action_fold(self) -> None:
        """Open or close the part of the line in sight."""
        if self.line.kind == "title":
            self._turn(self.line.part)

    def action_step(self, by: int) -> None:
        """To the next of the aligned steps, or to the one before."""
        if _STEPS in self.closed:
            self._turn(_STEPS)
        compared = self.query_one("#compared", RowList)
        steps = steps_in(self.lines)
        ahead = [index for index in steps if (index - compared.cursor) * by > 0]
        if ahead:
            compared.cursor = min(ahead) if by > 0 else max(ahead)
            self._show_detail()

    def action_columns(self) -> None:
        """The next columns, where they are more than can be read side by side."""
        shared = self._grid()
        following = shared.first + shared.many
        self._first = following if following < len(self.comparison.journeys) else 0
        self._show_everything()

    def action_help(self) -> None:
        self.app.push_screen(Notice(_("Aiuto"), help_text()))

    def action_back(self) -> None:
        """To the screen under this one; where there is none, out."""
        if len(self.app.screen_stack) > 1:
            self.dismiss()
        else:
            self.app.exit()

    def _turn(self, part: str) -> None:
        self.closed ^= {part}
        self.lines = lines(self.comparison, self.closed)
        title = next((index for index, line in enumerate(self.lines) if (line.kind, line.part) == ("title", part)), 0)
        self._show_lines(title, centre=part not in self.closed)
        self._show_detail()
