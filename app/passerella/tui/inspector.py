"""The inspector: mapping, bytes, source, explanation of the row in sight."""

from textwrap import wrap
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from passerella.journeys.model import Journey
from passerella.language import _
from passerella.probe.vocabulary import PROXY
from passerella.tui.bytes_panel import BytesPanel
from passerella.tui.few_lines import FewLines
from passerella.tui.laid_out_once import Column
from passerella.tui.mapping_panel import MappingPanel
from passerella.tui.panel import Panel, Seen, Subject
from passerella.tui.row_list import Line
from passerella.tui.source_panel import SourcePanel
from passerella.tui.titles import entitle
from passerella.views.inspector import Explanation, explanation
from passerella.views.rows import Row

MAPPING, BYTES, SOURCE, WORDS = 1, 2, 3, 4
_NARROWEST = 20  # cells of a value
_IDS = {MAPPING: "mapping", BYTES: "bytes", SOURCE: "source", WORDS: "words"}


class Tabs(FewLines):
    """The names of the four views, the one in sight marked, and what is in it."""

    class Picked(Message):
        def __init__(self, tab: int) -> None:
            super().__init__()
            self.tab = tab

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._places: list[tuple[int, int, int]] = []
        self._shown: tuple[dict[int, str], int, str] = ({}, MAPPING, "")

    def show_tabs(self, names: dict[int, str], current: int, about: str) -> None:
        self._shown = names, current, about
        self._redraw()

    def on_resize(self) -> None:
        self._redraw()

    def _redraw(self) -> None:
        names, current, about = self._shown
        parts: Line = []
        at = 0
        self._places = []
        for tab, name in names.items():
            mine = tab == current
            text = f"▸{tab} {name} " if mine else f" {tab} {name} "
            self._places.append((at, at + len(text), tab))
            at += len(text)
            parts.append((text, "here" if mine else "quiet"))
        said = about.split(" · ")
        while len(said) > 1 and cell_len(" · ".join(said)) + at + 2 > (self.size.width or at):
            said.pop(1)  # what it is and the key that is followed say more than how much of it there is
        about = " · ".join(said)
        if cell_len(about) + at + 2 <= (self.size.width or at):
            parts.append((f"  {about}", "quiet"))
        self.say([parts])

    def on_click(self, event: Click) -> None:
        for start, end, tab in self._places:
            if start <= event.x < end:
                self.post_message(self.Picked(tab))


class Words(VerticalScroll, can_focus=True):
    """Everything that is known of a row, in full."""

    def compose(self) -> ComposeResult:
        yield Static("", id="words-text", markup=False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._about: Explanation | None = None

    def show_row(self, seen: Seen) -> str:
        self._about = explanation(seen.journey, seen.row)
        self._tell()
        return ""

    def on_resize(self) -> None:
        self._tell()

    def _tell(self) -> None:
        if self._about is not None:
            self.query_one(Static).update(_in_full(self._about, self.scrollable_content_region.width))


class Inspector(Column):
    """Shows one row of one journey in the tab that is current."""

    DEFAULT_CLASSES: ClassVar[str] = "panel"

    class Changed(Message):
        """What is under the cursor is something else."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._seen: Seen | None = None
        self._tab = MAPPING
        self._key = ""

    def compose(self) -> ComposeResult:
        yield Tabs(id="tabs")
        yield MappingPanel(id=_IDS[MAPPING])
        yield BytesPanel(id=_IDS[BYTES])
        yield SourcePanel(id=_IDS[SOURCE])
        yield Words(id=_IDS[WORDS])

    def show(self, journey: Journey | None, row: Row | None, tab: int, since: Row | None = None) -> None:
        self._tab = tab
        self._seen = Seen(journey, row, since, self._key) if journey is not None and row is not None else None
        for each, name in _IDS.items():
            self.query_one(f"#{name}").display = each == tab
        about = self._shown.show_row(self._seen) if self._seen is not None else ""
        entitle(self, f"{row.label} · {row.title}" if row is not None and self.styles.border_top[0] else "")
        self.query_one(Tabs).show_tabs(self._names(), tab, about)

    def follow(self, key: str) -> None:
        """This is the key to look at, as if the user went to it."""
        self._key = key

    def focus_content(self) -> None:
        self._content.focus()

    def subject(self) -> Explanation | None:
        """What the user is looking at, inside."""
        content = self._content
        return content.subject() if isinstance(content, Panel) and content.has_focus and self._seen else None

    def on_subject(self, event: Subject) -> None:
        event.stop()
        if event.key is not None:
            self._key = event.key
        self.post_message(self.Changed())

    @property
    def _content(self) -> Widget:
        return self.query_one(f"#{_IDS[self._tab]}")

    @property
    def _shown(self) -> Panel | Words:
        content = self._content
        assert isinstance(content, Panel | Words)
        return content

    def _names(self) -> dict[int, str]:
        interface = self._seen.journey.interface if self._seen is not None else None
        mapping = "scope" if interface == "asgi" else "environ"
        if self._seen is not None and self._seen.journey.front and self._seen.row.step.station == PROXY:
            mapping = "proxy"
        return {MAPPING: mapping, BYTES: _("byte"), SOURCE: _("codice"), WORDS: _("spiegazione")}


def _in_full(about: Explanation, width: int) -> Content:
    parts: list[tuple[str, str]] = [(about.title + "\n", "bold $here"), (about.text + "\n", "")]
    if about.reference:
        parts.append((f"\n{about.reference}", "$origin"))
    if about.where:
        parts.append((f"\n{about.where}", "$quiet"))
    parts.append(("\n", ""))
    column = max((len(name) for name, _value in about.facts), default=0) + 2
    for name, value in about.facts:
        lines = wrap(value, max(_NARROWEST, width - column)) or [""]
        parts += [(f"\n{name:<{column}}", "$key"), (f"\n{' ' * column}".join(lines), "")]
    return Content.assemble(*parts)
