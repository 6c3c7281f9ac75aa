"""Dialogs with a line to write. Keys pressed before it is ready are for it: who types quickly loses none."""

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.widgets import Input

from passerella.language import _
from passerella.tui.dialog import Dialog
from passerella.tui.help_parts import table
from passerella.tui.notice import Notice
from passerella.tui.row_list import RowList

_Result = TypeVar("_Result")


class TypedAhead(Dialog[_Result]):
    """A dialog with one line to write, and nothing else to press keys on: what comes here, the line did not take yet."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", show=False),
        Binding("escape", "leave", show=False),
        Binding("f1", "help", show=False),  # «?» is a character to write
    ]

    def on_key(self, event: Key) -> None:
        if event.is_printable and event.character is not None:
            self.query_one(Input).insert_text_at_cursor(event.character)
            event.stop()
            event.prevent_default()

    def on_input_submitted(self) -> None:
        self.action_accept()

    def action_accept(self) -> None:
        """Take what is written, or chosen."""
        raise NotImplementedError

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_help(self) -> None:
        self.app.push_screen(Notice(_("Aiuto"), table(_("I tasti"), self.keys_told())))

    def keys_told(self) -> list[tuple[str, str]]:
        """Each key, and what it does, for the help."""
        return [(_("invio"), _("va bene")), ("esc", _("indietro"))]


class ListedBelow(TypedAhead[_Result]):
    """Under the line there is a list, and the line keeps the focus while one moves in the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def list_below(self) -> RowList:
        """The list, to be put where it belongs."""
        choices = RowList(id="choices")
        choices.can_focus = False
        return choices

    def on_row_list_chosen(self) -> None:
        self.action_accept()

    def action_move(self, by: int) -> None:
        self.query_one(RowList).action_move(by)

    def keys_told(self) -> list[tuple[str, str]]:
        return [
            (_("lettere"), _("restano solo le righe che contengono ciò che scrivi")),
            ("↑ ↓", _("riga precedente, riga seguente")),
            (_("invio"), _("scegli la riga")),
            ("esc", _("indietro")),
        ]

    def action_page(self, by: int) -> None:
        self.query_one(RowList).action_page(by)
