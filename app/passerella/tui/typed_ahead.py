"""Keys pressed before a dialog has its field ready are for the field: who types quickly loses none."""

from typing import TypeVar

from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Input

_Result = TypeVar("_Result")


class TypedAhead(ModalScreen[_Result]):
    """A dialog with one line to write, and nothing else to press keys on: what comes here, the line did not take yet."""

    def on_key(self, event: Key) -> None:
        if event.is_printable and event.character is not None:
            self.query_one(Input).insert_text_at_cursor(event.character)
            event.stop()
            event.prevent_default()
