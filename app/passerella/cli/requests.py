"""The requests asked for on the command line, and the messages for a WebSocket."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from passerella.cli.sending_options import PAUSE
from passerella.cli.talking import Messages
from passerella.client.draft import Draft, prepare
from passerella.client.manner import After, Manner, evenly
from passerella.client.prepared import Prepared, in_line, together
from passerella.client.request import Header, compose
from passerella.errors import CommandError
from passerella.language import _
from passerella.scenarios import SCENARIOS
from passerella.session.offered import draft_of

_LEAVING: dict[str | None, After] = {None: "read", "reset": "reset", "mezza": "half-close", "subito": "leave"}
_PLAINLY = Manner()
_NONE_READY: Mapping[str, Draft] = MappingProxyType({})


class Requests:
    """Checked at once, composed when the address is known."""

    def __init__(
        self,
        lines: Sequence[str],
        headers: Sequence[Header] = (),
        body: bytes | None = None,
        *,
        ready: Mapping[str, Draft] = _NONE_READY,
        raw: Sequence[bytes] = (),
        manner: Manner = _PLAINLY,
        pipelined: bool = False,
        copies: int = 1,
    ) -> None:
        """``ready``: what the scenario has under a name, which can stand for a line."""
        self._lines, self._headers, self._body = lines, headers, body
        self._ready, self._raw = ready, raw
        self._manner, self._pipelined, self._copies = manner, pipelined, copies
        self("127.0.0.1")

    def __bool__(self) -> bool:
        return bool(self._lines or self._raw)

    def __call__(self, host: str) -> list[Prepared]:
        prepared = [each for line in self._lines for each in self._of_line(line, host)]
        prepared += [Prepared.of(data).sent(self._manner) for data in self._raw]
        if self._pipelined and prepared:
            prepared = [in_line(prepared).sent(self._manner)]
        return [each for request in prepared for each in together([request] * self._copies)]

    def _of_line(self, line: str, host: str) -> list[Prepared]:
        """What the scenario has ready under that name goes as it is: with its own body, in its own manner."""
        if line in self._ready:
            return prepare(self._ready[line], host)[0]
        data = compose(self._line(line), host=host, headers=self._headers, body=self._body)
        return [Prepared.of(data).sent(self._manner)]

    def _line(self, line: str) -> str:
        """A bare target with a body is a POST, as with curl."""
        return f"POST {line}" if self._body is not None and line.startswith("/") else line


def requests_asked(options: Mapping[str, Any]) -> Requests:
    """What the options of :mod:`~passerella.cli.sending_options` ask for."""
    scenario = SCENARIOS.get(options["cosa"] or "")
    return Requests(
        options["lines"],
        headers_asked(options),
        body_asked(options),
        ready={ready.id: draft_of(ready) for ready in scenario.ready} if scenario is not None else {},
        raw=[path.read_bytes() for path in options["raw_files"]],
        manner=_manner(options),
        pipelined=options["pipelined"],
        copies=options["copies"] or 1,
    )


def messages_asked(options: Mapping[str, Any]) -> Messages:
    """What is to be said on a WebSocket, instead of requests."""
    lines: Sequence[str] = options["lines"]
    if len(lines) > 1:
        raise CommandError(_("Con --messaggio va bene una sola --richiesta: l'indirizzo del WebSocket."))
    scenario = SCENARIOS.get(options["cosa"] or "")
    line = lines[0] if lines else (scenario.websocket if scenario is not None else "") or "/"
    clients = scenario.clients if scenario is not None else 1
    return Messages(line, options["messages"], headers_asked(options), clients)


def headers_asked(options: Mapping[str, Any]) -> list[Header]:
    """Each ``-H``, as a name and a value."""
    return [_header(text) for text in options["headers"]]


def body_asked(options: Mapping[str, Any]) -> bytes | None:
    """``-d`` or ``--corpo-file``; None when there is no body."""
    text, file = options["body"], options["body_file"]
    if text is not None and file is not None:
        raise CommandError(_("--corpo e --corpo-file non vanno insieme: scegline uno."))
    if file is not None:
        data: bytes = file.read_bytes()
        return data
    return text.encode("utf-8", "surrogateescape") if text is not None else None


def _manner(options: Mapping[str, Any]) -> Manner:
    """How each request is sent."""
    if options["pause"] is not None and options["piece"] is None:
        raise CommandError(_("--pausa è la pausa tra un pezzo e l'altro: aggiungi --pezzi."))
    if options["copies"] is not None and options["same_connection"]:
        raise CommandError(_("--insieme e --stessa-connessione non vanno insieme: scegline uno."))
    pause = PAUSE if options["pause"] is None else options["pause"]
    pieces = evenly(options["piece"], pause) if options["piece"] is not None else ()
    return Manner(pieces, _LEAVING[options["leaving"]])


def _header(text: str) -> Header:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise CommandError(_('«{text}» non è un\'intestazione: scrivi "Nome: valore".').format(text=text))
    return name.strip(), value.strip()
