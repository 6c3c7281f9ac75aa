"""«/»: a line to narrow the journeys, how it can go on, and what is wrong with it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Hide
from textual.message import Message
from textual.widgets import Input, Static

from passerella.journeys.model import Journey
from passerella.language import _
from passerella.tui.laid_out_once import Column
from passerella.tui.row_list import Line, RowList
from passerella.views.filter import Filter, FilterError, parse, so_far
from passerella.views.filter_help import MOST, Completion, completions
from passerella.views.visible import visible

_COLUMN = 14


class FilterInput(Input):
    """While it has the focus, the keys are its own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", show=False),
        Binding("up", "suggestion(-1)", show=False),
        Binding("down", "suggestion(1)", show=False),
    ]

    class Completed(Message):
        """«tab»: take the completion."""

    class Suggestion(Message):
        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def on_hide(self, event: Hide) -> None:
        """Told late, when «/» was pressed soon after «esc»: by now it is on the screen again, and keeps the focus."""
        if all(each.display for each in self.ancestors_with_self):
            event.prevent_default()

    def action_complete(self) -> None:
        self.post_message(self.Completed())

    def action_suggestion(self, by: int) -> None:
        self.post_message(self.Suggestion(by))


class FilterBar(Column):
    """Posts the filter that there is so far; a term that is still being written is no part of it."""

    class Changed(Message):
        def __init__(self, query: str, found: Filter) -> None:
            super().__init__()
            self.query = query
            self.found = found

    class Kept(Message):
        """«invio»."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._journeys: list[Journey] = []
        self._completions: list[Completion] = []

    def compose(self) -> ComposeResult:
        yield FilterInput(id="filter", placeholder=_("stato:5xx  metodo:POST  percorso:/ciao"), select_on_focus=False)
        yield Static("", id="filter-wrong", markup=False)
        yield RowList(id="filter-completions")

    def on_mount(self) -> None:
        self.display = False
        self._tell(None)
        self._list.can_focus = False

    @property
    def _input(self) -> FilterInput:
        return self.query_one(FilterInput)

    @property
    def _list(self) -> RowList:
        return self.query_one(RowList)

    def open(self, journeys: list[Journey]) -> None:
        """``journeys``, the newest first, give the values that are offered."""
        self._journeys = journeys
        self.display = True
        self._help()
        # At once: what is typed next is the filter, and no command of the lab, however much there is to paint before.
        self.screen.set_focus(self._input, scroll_visible=False)

    def clear(self) -> None:
        self._input.value = ""
        self.display = False

    def fold(self) -> None:
        """The line alone, once one has finished with it; nothing, when it is empty."""
        self._show_completions([])
        self.display = bool(self._input.value.strip())

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._help()
        found, wrong = so_far(event.value, self._input.cursor_position)
        self._tell(wrong)
        self.post_message(self.Changed(str(found), found))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """As it is: what may have become a field is a text."""
        event.stop()
        try:
            found = parse(event.value)
        except FilterError as error:
            self._tell(error)
            return
        self.post_message(self.Changed(str(found), found))
        self.post_message(self.Kept())

    def on_filter_input_completed(self) -> None:
        self.complete()

    def complete(self) -> None:
        """Take the completion under the cursor."""
        if self._completions:
            self._take(self._completions[self._list.cursor])

    def on_filter_input_suggestion(self, event: FilterInput.Suggestion) -> None:
        self._list.action_move(event.by)

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        event.stop()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.complete()

    def _tell(self, error: FilterError | None) -> None:
        """What is wrong: calmly while the term can still be completed."""
        wrong = self.query_one("#filter-wrong", Static)
        wrong.display = error is not None
        if error is not None:
            writing = error.start < self._input.cursor_position <= error.end and self._completions
            wrong.update(Content(error.message))
            wrong.set_class(not writing, "-wrong")

    def _take(self, completion: Completion) -> None:
        field = self._input
        end = completion.start + len(completion.text)
        field.value = completion.applied(field.value)
        field.cursor_position = end

    def _help(self) -> None:
        field = self._input
        if self.display:
            self._show_completions(completions(field.value, field.cursor_position, self._journeys))

    def _show_completions(self, found: list[Completion]) -> None:
        self._completions = found
        self._list.display = bool(found)
        self._list.styles.height = min(len(found), MOST)
        self._list.show(len(found), self._line, 0)

    def _line(self, index: int, width: int) -> Line:
        each = self._completions[index]
        return [(f"{visible(each.text, width):<{_COLUMN}} ", "key"), (each.about, "quiet")]
