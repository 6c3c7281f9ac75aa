"""The inspector: mapping, bytes, source, explanation of the row in sight."""

from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import Static

from passerella.journeys.model import Journey
from passerella.language import _
from passerella.tui import lines
from passerella.tui.files import read_source
from passerella.tui.row_list import Line, RowList
from passerella.views.inspector import (
    EnvironLine,
    Explanation,
    bytes_at,
    bytes_lines,
    environ_lines,
    explanation,
    key_explanation,
    mapping_at,
    source_lines,
)
from passerella.views.numbers import bytes_count, keys_count
from passerella.views.rows import Row
from passerella.views.visible import visible

MAPPING, BYTES, SOURCE, WORDS = 1, 2, 3, 4


class Tabs(Static):
    """The names of the four views, the one in sight marked, and what is in it."""

    class Picked(Message):
        def __init__(self, tab: int) -> None:
            super().__init__()
            self.tab = tab

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self._places: list[tuple[int, int, int]] = []

    def show(self, names: dict[int, str], current: int, about: str) -> None:
        parts: list[tuple[str, str]] = []
        at = 0
        self._places = []
        for tab, name in names.items():
            mine = tab == current
            text = f"▸{tab} {name} " if mine else f" {tab} {name} "
            self._places.append((at, at + len(text), tab))
            at += len(text)
            parts.append((text, "bold $here" if mine else "$quiet"))
        if cell_len(about) + at + 2 > (self.size.width or at):  # half a word says nothing
            about = about.partition(" · ")[0]
        if cell_len(about) + at + 2 <= (self.size.width or at):
            parts.append((f"  {about}", "$quiet"))
        self.update(Content.assemble(*parts))

    def on_click(self, event: Click) -> None:
        for start, end, tab in self._places:
            if start <= event.x < end:
                self.post_message(self.Picked(tab))


class Inspector(Vertical):
    """Shows one row of one journey in the tab that is current."""

    class Subject(Message):
        """What the explanation is about changed: a key under the cursor, or the row again."""

        def __init__(self, about: Explanation | None) -> None:
            super().__init__()
            self.about = about

    DEFAULT_CLASSES: ClassVar[str] = "panel"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._journey: Journey | None = None
        self._row: Row | None = None
        self._tab = MAPPING
        self._lines: list[EnvironLine] = []
        self._key = ""  # the key that the user went to: it stays under the cursor from row to row
        self._unfolded = False
        self._bytes_width = 0

    def compose(self) -> ComposeResult:
        yield Tabs(id="tabs")
        yield RowList(id="inspected", always=False)
        with VerticalScroll(id="words", can_focus=True):
            yield Static("", id="words-text", markup=False)

    def show(self, journey: Journey | None, row: Row | None, tab: int) -> None:
        self._journey, self._row, self._tab = journey, row, tab
        self.query_one("#inspected").display = tab != WORDS
        self.query_one("#words").display = tab == WORDS
        about = ""
        if journey is not None and row is not None:
            about = _SHOW[tab](self, journey, row)
        self.query_one(Tabs).show(self._names(), tab, about)

    @property
    def inspected(self) -> RowList:
        return self.query_one("#inspected", RowList)

    def focus_content(self) -> None:
        self.query_one("#words" if self._tab == WORDS else "#inspected").focus()

    def subject(self) -> Explanation | None:
        """The explanation of the key under the cursor, if the user is looking at keys."""
        if self._tab != MAPPING or self._journey is None or not self.inspected.has_focus or not self._lines:
            return None
        line = self._lines[min(self.inspected.cursor, len(self._lines) - 1)]
        return None if line.folded else key_explanation(self._journey, line)

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        event.stop()
        if self._tab == MAPPING and event.index < len(self._lines):
            self._key = self._lines[event.index].key
        self.post_message(self.Subject(self.subject()))

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        if self._tab == MAPPING and event.index < len(self._lines) and self._lines[event.index].folded:
            self._unfolded = not self._unfolded
            self.show(self._journey, self._row, self._tab)

    def on_resize(self) -> None:
        if self._tab == BYTES and lines.bytes_per_line(self._width) != self._bytes_width:
            self.show(self._journey, self._row, self._tab)

    @property
    def _width(self) -> int:
        return self.inspected.scrollable_content_region.width or 80

    def _names(self) -> dict[int, str]:
        interface = self._journey.interface if self._journey is not None else None
        mapping = "scope" if interface == "asgi" else "environ"
        return {MAPPING: mapping, BYTES: _("byte"), SOURCE: _("codice"), WORDS: _("spiegazione")}

    def _show_mapping(self, journey: Journey, row: Row) -> str:
        self._lines = found = environ_lines(journey, row, opened=self._unfolded)
        mapping = mapping_at(journey, row)
        if not found:
            self._say(
                _(
                    "Qui {name} non c'è ancora: lo costruisce il server quando ha letto le intestazioni. "
                    "Con → vai avanti, con 2 vedi i byte."
                ).format(name=self._names()[MAPPING])
            )
            return ""
        columns = lines.environ_columns(found, self._width)
        touched = [index for index, line in enumerate(found) if line.sign]
        chosen = [index for index, line in enumerate(found) if line.key == self._key]
        self.inspected.show(
            len(found),
            lambda index, width: lines.environ_line(found[index], width, columns, self._unfolded),
            next(iter([*chosen, *touched]), 0),
        )
        signs = list(mapping.signs.values())
        changes = [f"{sign}{signs.count(sign)}" for sign in dict.fromkeys(signs)]
        return " · ".join([keys_count(len(mapping.values)), *changes])

    def _show_bytes(self, journey: Journey, row: Row) -> str:
        view = bytes_at(journey, row)
        self._bytes_width = per_line = lines.bytes_per_line(self._width)
        if not view.data:
            self._say(_("Qui non è ancora passato nessun byte."))
            return ""
        key = self._chosen_key(journey, row) if not view.lit and not view.outbound else None
        lit = view.lit if key is None else (*key.spans, *key.names)
        found = bytes_lines(view.data, 0, lit, per_line)
        first = min((start for start, _end in lit), default=0) // per_line
        self.inspected.show(
            len(found), lambda index, width: lines.bytes_line(found[index], per_line), first, marker=False
        )
        about = f"{view.title} · {bytes_count(view.total)}"
        if key is not None:
            about += f" · {key.key}"
        if len(view.data) < view.total:
            about += " · " + _("mostrati i primi {n}").format(n=len(view.data))
        return about

    def _chosen_key(self, journey: Journey, row: Row) -> EnvironLine | None:
        """The key that the user went to, if some bytes gave it: they are the ones to put in evidence."""
        found = environ_lines(journey, row) if self._key else []
        return next((line for line in found if line.key == self._key and line.spans), None)

    def _show_source(self, journey: Journey, row: Row) -> str:
        source = row.step.source
        if source is None:
            self._say(_("Questo passo non ha un punto nel codice: lo racconta il nostro client."))
            return ""
        where = visible(f"{source.file}:{source.line}", 120)
        text = read_source(source.path)
        if text is None:
            self._say(_("Il file non c'è: {path}").format(path=visible(source.path)))
            return where
        found = source_lines(text, source.line)
        self.inspected.show(
            len(found),
            lambda index, width: lines.source_line(found[index], width),
            source.line - 1,
            marker=False,
            centre=True,
        )
        return where

    def _show_words(self, journey: Journey, row: Row) -> str:
        self.query_one("#words-text", Static).update(_in_full(explanation(journey, row)))
        return ""

    def _say(self, sentence: str) -> None:
        """A sentence in place of lines."""
        wrapped = partial(_sentence_line, sentence)
        self.inspected.show(8, wrapped, 0, marker=False)


_SHOW = {
    MAPPING: Inspector._show_mapping,
    BYTES: Inspector._show_bytes,
    SOURCE: Inspector._show_source,
    WORDS: Inspector._show_words,
}


def _sentence_line(sentence: str, index: int, width: int) -> Line:
    words, current, found = sentence.split(), "", []
    for word in words:
        if len(current) + len(word) + 1 > width - 2 and current:
            found.append(current)
            current = ""
        current = f"{current} {word}".strip()
    found.append(current)
    return [(" " + found[index - 1], "quiet")] if 0 < index <= len(found) else []


def _in_full(about: Explanation) -> Content:
    parts: list[tuple[str, str]] = [(about.title + "\n", "bold $here"), (about.text + "\n", "")]
    if about.reference:
        parts.append((f"\n{about.reference}", "$origin"))
    if about.where:
        parts.append((f"\n{about.where}", "$quiet"))
    parts.append(("\n", ""))
    widest = max((len(name) for name, _value in about.facts), default=0)
    for name, value in about.facts:
        parts += [(f"\n{name:<{widest}}  ", "$key"), (value, "")]
    return Content.assemble(*parts)
