"""A new request: as a form or as its very bytes, and how it is to be sent."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Protocol

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label, Static, TextArea

from passerella.client.breakages import breakages
from passerella.client.draft import HOST, ORDERS, Draft, data_of, of_bytes, of_line
from passerella.client.manner import LONGEST_PAUSE, After
from passerella.client.raw_text import to_text
from passerella.errors import CommandError, PasserellaError
from passerella.language import _, decimal_mark, read_decimal
from passerella.tui.chooser import Choice, Chooser
from passerella.tui.compose_help import compose_help
from passerella.tui.dialog import Dialog
from passerella.tui.keys_bar import Key, KeysBar
from passerella.tui.notice import Notice
from passerella.tui.picker import Picker
from passerella.views.visible import visible

_LEAVINGS: tuple[After, ...] = ("read", "half-close", "reset", "leave")
_ALL_AT_ONCE = "0"


class Sent(Protocol):
    """The drafts at hand."""

    @property
    def sent(self) -> list[Draft]:
        """Those sent in this session, the newest first."""

    @property
    def ready(self) -> Sequence[Draft]:
        """Those that go well with the scenario."""


class ComposeRequest(Dialog[None]):
    """Prefilled. What ``send`` refuses is said here, and can be put right."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("enter", "send", show=False),  # also when it is pressed before a field has the focus
        Binding("f1", "help", show=False),  # «?» is a character to write
        Binding("f2,ctrl+s", "send", show=False),
        Binding("f3", "turn", show=False),
        Binding("f4", "break_it", show=False),
        Binding("f5", "history", show=False),
        Binding("up", "recall(1)", show=False),
        Binding("down", "recall(-1)", show=False),
    ]

    def __init__(self, first: Draft, drafts: Sent, send: Callable[[Draft], None]) -> None:
        super().__init__()
        self._send = send
        self._first = first
        self._drafts = drafts
        self._raw = first.raw is not None
        self._at = -1

    def compose(self) -> ComposeResult:
        first = self._first
        with Vertical(classes="dialog composer") as dialog:
            dialog.border_title = Content(_("Nuova richiesta"))
            with Vertical(id="form"):
                with Horizontal(classes="fields"):
                    yield _field(_("Metodo"), Input(first.method, id="method", select_on_focus=False), "-method")
                    yield _field(_("Percorso"), Input(first.path, id="path", select_on_focus=False), "-path")
                    yield _field(_("Query"), Input(first.query, id="query", select_on_focus=False), "-query")
                yield Label(_("Intestazioni, una per riga (facoltative)"))
                yield _area(first.headers, "headers")
                yield Label(_("Corpo (facoltativo)"))
                yield _area(first.body, "body")
            with Vertical(id="bytes-form"):
                yield Label(_("I byte: a capo vale \\r\\n; \\n \\r \\0 \\xHH sono byte; \\ in fondo unisce le righe"))
                yield _area(first.raw or "", "raw")
            with Horizontal(classes="manner"):
                yield Label(_("Volte"))
                yield Input(str(first.copies), id="copies", select_on_focus=True, type="integer")
                yield Picker(_orders(), first.order, id="order")
                yield Picker(
                    {"yes": _("keep-alive"), "no": _("chiudi")}, "yes" if first.keep_alive else "no", id="keep"
                )
            with Horizontal(classes="manner"):
                yield Label(_("Pezzi"))
                yield Input(str(first.piece), id="piece", select_on_focus=True, type="integer")
                yield Label(_("byte (0: intera), pausa"))
                yield Input(f"{first.pause:g}".replace(".", decimal_mark()), id="pause", select_on_focus=True)
                yield Label("s")
                yield Picker(_leavings(), first.after, id="after")
            yield Static("", id="wrong", markup=False)
            yield KeysBar(id="dialog-keys")

    def on_mount(self) -> None:
        self._show_form()
        self.query_one("#raw" if self._raw else "#path").focus()

    def on_descendant_focus(self) -> None:
        self._keys()

    def on_input_submitted(self) -> None:
        self.action_send()

    def on_input_changed(self, event: Input.Changed) -> None:
        """A whole line, or a path with its query, pasted where the path goes: each part goes to its place."""
        if event.input.id == "path" and ("?" in event.value or " " in event.value.strip()):
            self._fill_line(of_line(event.value) if " " in event.value.strip() else of_line(f"- {event.value}"))
        if not self.query_one("#wrong").has_class("-about"):
            self._about("")  # it is being put right

    def action_send(self) -> None:
        try:
            self._send(self._draft())
        except PasserellaError as error:
            self._say(error)
            return
        self.dismiss()

    def action_help(self) -> None:
        self.app.push_screen(Notice(_("Aiuto"), compose_help()))

    def action_turn(self) -> None:
        """From the form to the bytes that it makes, and back where a form can say them."""
        try:
            draft = self._draft()
            if self._raw:
                form = of_bytes(data_of(draft, HOST))
                if form.raw is not None:
                    raise CommandError(_("Questi byte non stanno nel modulo: si possono mandare solo così."))
                self._fill(replace(form, copies=draft.copies, order=draft.order, piece=draft.piece, pause=draft.pause))
            else:
                self._fill(replace(draft, raw=to_text(data_of(draft, HOST))))
        except PasserellaError as error:
            self._say(error)

    def action_break_it(self) -> None:
        """Choose among the famous ways to break a request."""
        found = breakages()
        choices = [Choice(name, each.title, f"{each.about} ({each.section})") for name, each in found.items()]

        def fill(name: str | None) -> None:
            if name is not None:
                self._fill(replace(self._manner(Draft()), raw=found[name].raw))
                self._about(f"{found[name].about} {found[name].section}")

        self.app.push_screen(Chooser(_("Guasti famosi"), choices, about_below=True), fill)

    def action_history(self) -> None:
        """Choose among those that were sent."""
        drafts = self._history()
        choices = [Choice(str(index), visible(each.title, 80), _told(each)) for index, each in enumerate(drafts)]

        def fill(index: str | None) -> None:
            if index is not None:
                self._fill(drafts[int(index)])

        self.app.push_screen(Chooser(_("Richieste già mandate, e pronte"), choices, about_below=True), fill)

    def action_recall(self, by: int) -> None:
        """Those that were sent and those that are ready, one after the other."""
        drafts = self._history()
        if drafts and self.query_one("#path").has_focus:
            self._at = (self._at + by) % len(drafts)
            self._fill(drafts[self._at])

    def action_leave(self) -> None:
        self.dismiss()

    def _history(self) -> list[Draft]:
        """Each once: of a ready one that was sent as it is, the ready one."""
        drafts = (*self._drafts.ready, *self._drafts.sent)
        return list({replace(each, about=""): each for each in reversed(drafts)}.values())[::-1]

    def _draft(self) -> Draft:
        """:raises CommandError: some field is not what it should be."""
        draft = self._manner(Draft())
        if self._raw:
            return replace(draft, raw=self._text("#raw"))
        return replace(
            draft,
            method=self._value("#method"),
            path=self._value("#path"),
            query=self._value("#query"),
            headers=self._text("#headers"),
            body=self._text("#body"),
        )

    def _manner(self, draft: Draft) -> Draft:
        order, after = self.query_one("#order", Picker).value, self.query_one("#after", Picker).value
        return replace(
            draft,
            copies=_whole(self._value("#copies"), _("Volte")),
            piece=_whole(self._value("#piece") or _ALL_AT_ONCE, _("Pezzi")),
            pause=_seconds(self._value("#pause")),
            keep_alive=self.query_one("#keep", Picker).value == "yes",
            order=next(each for each in ORDERS if each == order),
            after=next(each for each in _LEAVINGS if each == after),
        )

    def _fill(self, draft: Draft) -> None:
        self._raw = draft.raw is not None
        if draft.raw is not None:
            self.query_one("#raw", TextArea).text = draft.raw
        else:
            self._fill_line(draft)
            self.query_one("#headers", TextArea).text = draft.headers
            self.query_one("#body", TextArea).text = draft.body
        self.query_one("#copies", Input).value = str(draft.copies)
        self.query_one("#piece", Input).value = str(draft.piece)
        self.query_one("#pause", Input).value = f"{draft.pause:g}".replace(".", decimal_mark())
        self.query_one("#order", Picker).value = draft.order
        self.query_one("#after", Picker).value = draft.after
        self._about(draft.about)
        self._show_form()

    def _fill_line(self, draft: Draft) -> None:
        if draft.method != "-":
            self.query_one("#method", Input).value = draft.method
        for name, value in (("#path", draft.path), ("#query", draft.query)):
            field = self.query_one(name, Input)
            field.value, field.cursor_position = value, len(value)

    def _show_form(self) -> None:
        self.query_one("#form").display = not self._raw
        self.query_one("#bytes-form").display = self._raw
        self.query_one("#keep").display = not self._raw  # the bytes say it themselves
        if self.focused is None or self.query_one("#form" if self._raw else "#bytes-form") in self.focused.ancestors:
            self.query_one("#raw" if self._raw else "#path").focus()
        self._keys()

    def _say(self, error: PasserellaError) -> None:
        wrong = self.query_one("#wrong", Static)
        wrong.set_class(False, "-about")
        wrong.update(Content(visible(error.message)))

    def _about(self, text: str) -> None:
        wrong = self.query_one("#wrong", Static)
        wrong.set_class(True, "-about")
        wrong.update(Content(text))

    def _keys(self) -> None:
        focused = self.focused
        send = (
            Key("F2", _("spedisci"), "send")
            if isinstance(focused, TextArea)
            else Key(_("invio"), _("spedisci"), "send")
        )
        found = [
            send,
            Key("tab", _("campo"), "app.focus_next", 3),
            Key("F3", _("modulo") if self._raw else _("byte"), "turn", 1),
            Key("F4", _("guasti famosi"), "break_it", 1),
            Key("F5", _("già mandate"), "history", 2),
            Key("F1", _("aiuto"), "help", 4),
            Key("esc", _("indietro"), "leave", 0),
        ]
        if isinstance(focused, Picker):
            found[0] = Key("← →", _("cambia"), "none", 0)
        self.query_one(KeysBar).show(found)

    def action_none(self) -> None:
        """A key that is only explained."""

    def _value(self, name: str) -> str:
        return self.query_one(name, Input).value.strip()

    def _text(self, name: str) -> str:
        return self.query_one(name, TextArea).text


def _field(label: str, field: Input, kind: str) -> Vertical:
    return Vertical(Label(label), field, classes=f"field {kind}")


def _area(text: str, name: str) -> TextArea:
    return TextArea(text, id=name, tab_behavior="focus", show_line_numbers=False, soft_wrap=name != "raw")


def _orders() -> dict[str, str]:
    return {
        "apart": _("una dopo l'altra"),
        "kept": _("stessa connessione"),
        "pipelined": _("in fila (pipelining)"),
        "together": _("tutte insieme"),
    }


def _leavings() -> dict[str, str]:
    return {
        "read": _("leggi la risposta"),
        "half-close": _("chiudi metà, poi leggi"),
        "reset": _("interrompi (reset)"),
        "leave": _("vattene subito"),
    }


def _told(draft: Draft) -> str:
    """What is to be seen, or how it was sent where that is not the usual way."""
    if draft.about:
        return draft.about
    parts = [f"×{draft.copies} {_orders()[draft.order]}"] if draft.copies > 1 else []
    if draft.piece:
        parts.append(_("a pezzi da {n} byte").format(n=draft.piece))
    return " · ".join([*parts, visible(draft.body, 40)] if draft.body else parts)


def _whole(text: str, name: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise CommandError(
            _("{name}: scrivi un numero intero, è arrivato {got}.").format(name=name, got=repr(text[:20]))
        )
    return int(text)


def _seconds(text: str) -> float:
    seconds = read_decimal(text)
    if seconds is None or seconds > LONGEST_PAUSE:
        raise CommandError(_("La pausa è in secondi, per esempio 0,5: è arrivato {got}.").format(got=repr(text[:20])))
    return seconds
