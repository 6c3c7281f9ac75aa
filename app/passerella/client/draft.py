"""A request while it is being written: as a form or as bytes, and how it is to be sent. Pure."""

from typing import TYPE_CHECKING, Literal

import msgspec

from passerella.client.manner import After, Manner, evenly
from passerella.client.prepared import MOST_TOGETHER, Prepared, in_line, together
from passerella.client.raw_text import to_bytes, to_text
from passerella.client.request import Header, compose
from passerella.errors import CommandError
from passerella.language import _

if TYPE_CHECKING:  # slow to import: where something is sent, and not before
    import h11

Order = Literal["apart", "kept", "pipelined", "together"]
ORDERS: tuple[Order, ...] = ("apart", "kept", "pipelined", "together")

HOST = "{host}"  # in raw text, the address of the server
_CLOSE = ("connection", "close")
_FORM = "application/x-www-form-urlencoded"


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it was typed.

    :ivar headers: one a line. ``raw``: the bytes, in the notation of :mod:`passerella.client.raw_text`; None: the form.
    :ivar keep_alive: without it the request asks the server to close.
    :ivar copies: how many times it is sent, in this ``order``: on a connection each, all on one connection waiting for
        each answer or not waiting, all at the same time.
    :ivar about: what is to be looked at, one Italian sentence; no part of the request.
    :ivar piece: bytes in one go, with ``pause`` seconds after each; 0: all at once.
    """

    method: str = "GET"
    path: str = "/"
    query: str = ""
    headers: str = ""
    body: str = ""
    raw: str | None = None
    keep_alive: bool = True
    copies: int = 1
    order: Order = "apart"
    piece: int = 0
    pause: float = 0.1
    after: After = "read"
    about: str = ""

    @property
    def line(self) -> str:
        """«POST /moduli?x=1»."""
        return " ".join(part for part in (self.method.strip(), self.target) if part)

    @property
    def target(self) -> str:
        path = self.path.strip()
        return f"{path}?{self.query.strip()}" if self.query.strip() else path

    @property
    def title(self) -> str:
        """What it is called in a list: its line, or the first line of its bytes."""
        return self.raw.partition("\n")[0] if self.raw is not None else self.line


def of_line(line: str, body: str = "") -> Draft:
    """«GET /ciao?nome=Ada»; the method may be missing."""
    method, space, target = line.strip().partition(" ")
    if not space:
        method, target = ("POST" if body else "GET"), method
    path, _mark, query = target.strip().partition("?")
    return Draft(method=method, path=path, query=query, body=body)


def of_bytes(data: bytes) -> Draft:
    """The same request again: as a form where a form can say those very bytes, else as raw text."""
    form = _as_form(data)
    return form if form is not None else Draft(raw=to_text(data))


def data_of(draft: Draft, host: str) -> bytes:
    """The bytes of one copy.

    :raises CommandError: it cannot be composed; it says why.
    """
    if draft.raw is not None:
        return to_bytes(draft.raw.replace(HOST, host))
    body = draft.body.encode("utf-8", "surrogateescape") if draft.body else None
    if not draft.path.strip():
        raise CommandError(_("Manca il percorso: scrivi per esempio «/ciao»."))
    return compose(draft.line, host=host, headers=headers_of(draft.headers), body=body, keep_alive=draft.keep_alive)


def prepare(draft: Draft, host: str) -> tuple[list[Prepared], bool]:
    """What to send, and whether on the same connection.

    :raises CommandError: it cannot be composed, or is asked for too many times.
    """
    if not 1 <= draft.copies <= MOST_TOGETHER:
        raise CommandError(
            _("Puoi mandarla da 1 a {most} volte: è arrivato {got}.").format(most=MOST_TOGETHER, got=draft.copies)
        )
    manner = Manner(evenly(draft.piece, draft.pause) if draft.piece else (), draft.after)
    request = Prepared.of(data_of(draft, host)).sent(manner)
    copies = [request] * draft.copies
    if draft.order == "pipelined":
        return [in_line(copies).sent(manner)], True
    return (together(copies) if draft.order == "together" else copies), draft.order == "kept"


def headers_of(text: str) -> list[Header]:
    """The headers, one a line.

    :raises CommandError: a line is no header.
    """
    pairs = []
    for line in text.splitlines():
        if line.strip():
            name, colon, value = line.partition(":")
            if not colon or not name.strip():
                raise CommandError(
                    _("{line} non è un'intestazione: scrivi «Nome: valore».").format(line=repr(line[:60]))
                )
            pairs.append((name.strip(), value.strip()))
    return pairs


def _as_form(data: bytes) -> Draft | None:
    """The form that makes ``data`` again, but for the host; None when there is none."""
    read = _read(data)
    if read is None:
        return None
    request, body = read
    fields = [(name.decode("latin-1"), value.decode("utf-8", "surrogateescape")) for name, value in _fields(data)]
    host = next((value for name, value in fields if name.lower() == "host"), "")
    path, _mark, query = request.target.decode("ascii").partition("?")
    draft = Draft(
        method=request.method.decode("ascii"),
        path=path,
        query=query,
        headers="\n".join(f"{name}: {value}" for name, value in fields if not _is_ours(name, value, body, host)),
        body=body.decode("utf-8", "surrogateescape"),
        keep_alive=("connection", "close") not in [(name.lower(), value.lower()) for name, value in fields],
    )
    try:
        return draft if _same(data_of(draft, host), data) else None
    except (CommandError, UnicodeError):
        return None


def _is_ours(name: str, value: str, body: bytes, host: str) -> bool:
    """Whether :func:`compose` writes this very field by itself."""
    low = name.lower()
    if low == "host":
        return True
    if low == "content-length":
        return value == str(len(body))
    if low == "content-type":
        return value == _FORM and bool(body)
    return (low, value.lower()) == _CLOSE


def _read(data: bytes) -> "tuple[h11.Request, bytes] | None":
    """A whole, ordinary request; None for anything else."""
    import h11

    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=len(data) + 1)
    body, request = b"", None
    try:
        connection.receive_data(data)
        while True:
            event = connection.next_event()
            if isinstance(event, h11.Request):
                request = event
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                return (request, body) if request is not None and not connection.trailing_data[0] else None
            else:
                return None
    except h11.RemoteProtocolError:
        return None


def _fields(data: bytes) -> list[tuple[bytes, bytes]]:
    """The fields as they are written, names in their own case."""
    head = data.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    return [(name, value.strip(b" \t")) for name, _colon, value in (line.partition(b":") for line in head)]


def _same(first: bytes, second: bytes) -> bool:
    """The same line, the same body, the same fields in whatever order."""
    return _told(first) == _told(second)


def _told(data: bytes) -> tuple[bytes, bytes, list[tuple[bytes, bytes]]]:
    head, _end, body = data.partition(b"\r\n\r\n")
    return head.partition(b"\r\n")[0], body, sorted((name.lower(), value) for name, value in _fields(data))
