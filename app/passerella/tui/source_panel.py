"""The code that is doing the step."""

from textual.message import Message

from passerella.journeys.model import Source
from passerella.language import _
from passerella.tui import lines
from passerella.tui.files import on_disk, read_source
from passerella.tui.panel import Panel, Seen
from passerella.tui.row_list import RowList
from passerella.views.inspector import source_lines
from passerella.views.visible import visible


class SourcePanel(Panel):
    """«invio» opens the file at the line of the cursor, in the user's own editor."""

    class Wanted(Message):
        """Open this file in the editor."""

        def __init__(self, path: str, line: int) -> None:
            super().__init__()
            self.path = path
            self.line = line

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, always=False)
        self._source: Source | None = None

    def show_row(self, seen: Seen) -> str:
        self._source = source = seen.row.step.source
        if source is None:
            self.say(_("Questo passo non ha un punto nel codice: lo racconta il nostro client."))
            return ""
        where = visible(f"{source.file}:{source.line}", 120)
        text = read_source(source.path)
        if text is None:
            self._source = None
            missing = _("Il file non c'è: {path}") if on_disk() else _("La registrazione non ha le righe di {path}.")
            self.say(missing.format(path=visible(source.path)))
            return where
        found = source_lines(text, source.line)
        self.show(
            len(found),
            lambda index, width: lines.source_line(found[index], width),
            source.line - 1,
            marker=False,
            centre=True,
        )
        return where

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        event.stop()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        if self._source is not None and on_disk():
            self.post_message(self.Wanted(self._source.path, self.cursor + 1))
