"""A new request: its line, and if one likes its headers and its body."""

from collections.abc import Callable
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static, TextArea

from passerella.errors import CommandError, PasserellaError
from passerella.language import _
from passerella.tui.keys_bar import Key, KeysBar
from passerella.views.visible import visible


class Asked(NamedTuple):
    """What was typed, as it was typed."""

    line: str
    headers: str = ""
    body: str = ""

    def pairs(self) -> list[tuple[str, str]]:
        """The headers, one a line.

        :raises CommandError: a line is no header.
        """
        pairs = []
        for line in self.headers.splitlines():
            if line.strip():
                name, colon, value = line.partition(":")
                if not colon or not name.strip():
                    raise CommandError(
                        _("«{line}» non è un'intestazione: scrivi «Nome: valore».").format(line=visible(line, 60))
                    )
                pairs.append((name.strip(), value.strip()))
        return pairs


class ComposeRequest(ModalScreen[Asked | None]):
    """Prefilled with the last one. What ``send`` refuses is said here, and can be put right."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss_none", show=False),
        Binding("f2,ctrl+s", "send", show=False),
        Binding("up", "recall(1)", show=False),
        Binding("down", "recall(-1)", show=False),
    ]

    def __init__(self, last: Asked, ready: list[Asked], send: Callable[[Asked], None]) -> None:
        super().__init__()
        self._send = send
        self._last = last
        self._ready = ready
        self._at = -1

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(_("Nuova richiesta"))
            yield Label(_("Riga"))
            yield Input(self._last.line, placeholder="GET /ciao?nome=Ada", id="line", select_on_focus=False)
            yield Label(_("Intestazioni, una per riga (facoltative)"))
            yield TextArea(self._last.headers, id="headers", tab_behavior="focus", show_line_numbers=False)
            yield Label(_("Corpo (facoltativo)"))
            yield TextArea(self._last.body, id="body", tab_behavior="focus", show_line_numbers=False)
            yield Static("", id="wrong", markup=False)
            yield KeysBar(id="dialog-keys")

    def on_mount(self) -> None:
        self.query_one("#line").focus()
        self._keys()

    def on_descendant_focus(self) -> None:
        self._keys()

    def on_input_submitted(self) -> None:
        self.action_send()

    def action_send(self) -> None:
        asked = Asked(
            self.query_one("#line", Input).value.strip(),
            self.query_one("#headers", TextArea).text,
            self.query_one("#body", TextArea).text,
        )
        try:
            if not asked.line:
                raise CommandError(_("Manca la riga: scrivi per esempio «GET /ciao?nome=Ada»."))
            self._send(asked)
        except PasserellaError as error:
            self.query_one("#wrong", Static).update(Content(visible(error.message)))
            return
        self.dismiss(asked)

    def action_recall(self, by: int) -> None:
        """The requests that go well with this scenario, one after the other."""
        if self._ready and self.query_one("#line").has_focus:
            self._at = (self._at + by) % len(self._ready)
            asked = self._ready[self._at]
            line = self.query_one("#line", Input)
            line.value = asked.line
            line.cursor_position = len(asked.line)
            self.query_one("#body", TextArea).text = asked.body

    def action_dismiss_none(self) -> None:
        self.dismiss(None)

    def _keys(self) -> None:
        on_line = self.query_one("#line").has_focus
        send = Key(_("invio"), _("spedisci"), "send") if on_line else Key("F2", _("spedisci"), "send")
        keys = [send, Key("tab", _("campo"), "app.focus_next"), Key("esc", _("indietro"), "dismiss_none")]
        if on_line and self._ready:
            keys.insert(1, Key("↑ ↓", _("richieste pronte"), "recall(1)"))
        self.query_one(KeysBar).show(keys)
