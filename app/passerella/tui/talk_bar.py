"""The line in which one writes to a WebSocket, below the journey that grows from it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from passerella.errors import CommandError
from passerella.language import _
from passerella.tui.keys_bar import Key
from passerella.views.visible import visible

if TYPE_CHECKING:
    from passerella.session.talks import Talk
    from passerella.tui.lab import Lab

KINDS = ("text", "bytes", "ping", "close")
_CLOSE_CODES = range(1000, 5000)  # RFC 6455 §7.4
_MOST_REASON = 123  # bytes of a control frame, less the code


class TalkInput(Input):
    """While it has the focus, the keys are its own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("f3", "kind", show=False),
        Binding("f4", "other", show=False),
        Binding("f5", "hold", show=False),
    ]

    @property
    def _bar(self) -> "TalkBar":
        return next(each for each in self.ancestors if isinstance(each, TalkBar))

    def on_focus(self) -> None:
        self._bar.watch_it_grow(True)

    def on_blur(self) -> None:
        self._bar.watch_it_grow(False)

    def action_leave(self) -> None:
        self._bar.leave()

    def action_kind(self) -> None:
        self._bar.turn_kind()

    def action_other(self) -> None:
        self._bar.turn_talk()

    def action_hold(self) -> None:
        self._bar.hold()


class TalkBar(Vertical):
    """Who speaks, what is sent, and a line for it. It stays there while a dialog is open."""

    DEFAULT_CSS = """
    TalkBar { height: auto; padding: 0 1; }
    TalkBar Static { height: auto; color: $quiet; }
    TalkBar #talk-wrong { color: $here; }
    TalkBar #talk-line { height: 1; border: none; padding: 0 1; background: $bar; }
    """

    def __init__(self) -> None:
        super().__init__(id="talk-bar")
        self.talks: list[Talk] = []
        self._at = 0
        self._kind = KINDS[0]

    def compose(self) -> ComposeResult:
        yield Static("", id="talk-who", markup=False)
        yield TalkInput(id="talk-line", select_on_focus=False)
        yield Static("", id="talk-wrong", markup=False)

    def on_mount(self) -> None:
        self._wrong("")
        self.show()
        self.query_one(TalkInput).focus()

    @property
    def _lab(self) -> "Lab":
        return cast("Lab", self.screen)

    @property
    def talk(self) -> "Talk | None":
        return self.talks[self._at % len(self.talks)] if self.talks else None

    def add(self, talks: "Sequence[Talk]") -> None:
        """New dialogs; those that are over go."""
        self.talks = [*(each for each in self.talks if not each.over), *talks]
        self._at = len(self.talks) - len(talks)
        self.speak_to(self.talks[self._at])

    def speak_to(self, talk: "Talk") -> None:
        self._at = self.talks.index(talk)
        self.display = True
        if self.is_mounted:
            self.query_one(TalkInput).focus()
            self.show()

    def show(self) -> None:
        """What there is to say of the dialog by now."""
        talk = self.talk
        if talk is None or not self.is_mounted:
            return
        parts = [_("WebSocket {n} su {path}").format(n=talk.number, path=visible(talk.line, 40)), _how_it_is(talk)]
        others = len([each for each in self.talks if not each.over]) - (not talk.over)
        if others:
            parts.append(_("altri aperti: {n}").format(n=others))
        self.query_one("#talk-who", Static).update(Content(" · ".join(parts)))
        self.query_one(TalkInput).placeholder = _hints()[self._kind]

    def turn_kind(self) -> None:
        self._kind = KINDS[(KINDS.index(self._kind) + 1) % len(KINDS)]
        self._wrong("")
        self.show()

    def turn_talk(self) -> None:
        self._at = (self._at + 1) % max(1, len(self.talks))
        self.show()

    def watch_it_grow(self, growing: bool) -> None:
        """While one writes, the last step is the one in sight."""
        self._lab.browsing.at_the_end = growing

    def hold(self) -> None:
        """Each message that the app is about to send is held, or no more."""
        held = self._lab.holds.toggle_messages()
        self._lab.show_status()
        self._wrong(
            _("Ogni messaggio verso il client si ferma prima di partire: spazio lo lascia andare.") if held else ""
        )

    def leave(self) -> None:
        """Back to the steps; the dialogs stay open."""
        self.display = False
        self._lab.query_one("#steps").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        talk = self.talk
        try:
            if talk is None or talk.over:
                raise CommandError(_("Questo WebSocket è chiuso: con esc e poi r ne apri un altro."))
            _say(talk, self._kind, event.value)
        except CommandError as error:
            self._wrong(error.message)
            return
        event.input.clear()
        self._wrong("")
        self.show()

    def _wrong(self, text: str) -> None:
        wrong = self.query_one("#talk-wrong", Static)
        wrong.display = bool(text)
        wrong.update(Content(visible(text)))

    def keys(self) -> list[Key]:
        several = [Key("F4", _("l'altro client"), "focused.other", 2)] if len(self.talks) > 1 else []
        return [
            Key(_("invio"), _("spedisci"), "focused.submit", 0),
            Key("F3", _("tipo"), "focused.kind", 1),
            *several,
            Key("F5", _("ferma ai messaggi"), "focused.hold", 3),
            Key("esc", _("torna ai passi"), "focused.leave", 0),
        ]


def _how_it_is(talk: "Talk") -> str:
    if talk.trouble:
        return visible(talk.trouble, 80)
    if talk.status is None:
        return _("in attesa della risposta")
    if talk.status != 101:
        return _("rifiutato: {status}").format(status=talk.status)
    if talk.over:
        return _("chiuso") if talk.code is None else _("chiuso: {code}").format(code=talk.code)
    return _("aperto")


def _hints() -> dict[str, str]:
    return {
        "text": _("un messaggio di testo"),
        "bytes": _("byte in esadecimale, per esempio 00 ff"),
        "ping": _("che cosa mettere nel ping, anche niente"),
        "close": _("codice e motivo, per esempio 1000 ciao; vuoto: 1000"),
    }


def _say(talk: "Talk", kind: str, line: str) -> None:
    """:raises CommandError: the line is not of that kind."""
    if kind == "bytes":
        try:
            talk.say(bytes.fromhex(line))
        except ValueError:
            raise CommandError(_("Scrivi i byte a coppie di cifre esadecimali, per esempio «00 ff».")) from None
    elif kind == "ping":
        talk.ping(line.encode("utf-8")[:_MOST_REASON])
    elif kind == "close":
        code, _space, reason = line.strip().partition(" ")
        if code and not (code.isdecimal() and len(code) == 4 and int(code) in _CLOSE_CODES):
            raise CommandError(_("Il codice di chiusura è un numero da 1000 a 4999, per esempio «1000»."))
        if len(reason.encode("utf-8")) > _MOST_REASON:
            raise CommandError(_("Il motivo può essere lungo al massimo {most} byte.").format(most=_MOST_REASON))
        talk.close(int(code or 1000), reason)
    else:
        talk.say(line)
