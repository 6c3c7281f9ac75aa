"""One of a few words, changed with «← →», «spazio» or a click."""

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static


class Picker(Static, can_focus=True):
    """``choices``: what each value is called."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "next(1)", show=False),
        Binding("left", "next(-1)", show=False),
    ]

    value: reactive[str] = reactive("", init=False)

    def __init__(self, choices: Mapping[str, str], value: str, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False, classes="picker")
        self._choices = dict(choices)
        self.value = value

    def on_mount(self) -> None:
        self.watch_value()

    def watch_value(self) -> None:
        self.update(Content(f"‹ {self._choices.get(self.value, '')} ›"))

    def on_click(self) -> None:
        self.action_next(1)

    def action_next(self, by: int) -> None:
        values = list(self._choices)
        self.value = values[(values.index(self.value) + by) % len(values)]
