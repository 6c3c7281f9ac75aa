"""A request as somebody else would send it: curl in three shells, HTTPie, Python. Pure."""

import contextlib
import re
import shlex
from collections.abc import Callable, Sequence
from typing import NamedTuple

import h11

from passerella.errors import CommandError
from passerella.language import _

_CURL_ADDS = ("accept", "user-agent")
_HTTPIE_ADDS = ("Accept", "Accept-Encoding", "Connection", "User-Agent")
_CMD_SPECIAL = re.compile(r'[()%!^"<>&|]')
_CRT_QUOTES = re.compile(r'(\\*)("|$)')
_HTTPIE_SEPARATORS = re.compile(r"^[:=@;]")
# What HTTPie would write in another way; of an escape, what stands for an ordinary character or is in small letters.
_HTTPIE_TARGET = re.compile(
    r"/(?:[-\w.~!$&'()*+,;=:@/?]|%(?!2[DE]|3\d|4[1-9A-F]|5[\dAF]|6[1-9A-F]|7[\dAE])[\dA-F]{2})*", re.ASCII
)

Header = tuple[str, str]


class Request(NamedTuple):
    """A request that any client can make. Text is latin-1, a character a byte."""

    method: str
    target: str
    version: str
    headers: tuple[Header, ...]
    body: bytes
    chunked: bool


def copy_as(form: str, data: bytes, server: str) -> str:
    """The request ``data`` in one of :func:`forms`; ``server`` is «127.0.0.1:8000».

    :raises CommandError: that tool cannot send those bytes.
    """
    return _WRITE[form](data, server)


def forms() -> dict[str, str]:
    """The name of each form."""
    return {
        "bash": _("curl, per bash e zsh"),
        "powershell": _("curl, per PowerShell"),
        "cmd": _("curl, per il prompt di Windows"),
        "httpie": _("HTTPie"),
        "python": _("Python"),
    }


def _bash(data: bytes, server: str) -> str:
    request = _read(data)
    if 0 not in request.body:
        return " ".join(map(_bash_quoted, _curl(request, server)))
    body = "".join(f"\\{byte:03o}" for byte in request.body)
    words = map(_bash_quoted, _curl(request._replace(body=b"@-"), server, option="--data-binary"))
    return f"printf '{body}' | {' '.join(words)}"


def _powershell(data: bytes, server: str) -> str:
    """``--%``: from there on PowerShell, whatever its version, changes nothing."""
    name, *words = _windows_words(data, server)
    return " ".join([f"{name}.exe", "--%", *map(_crt_quoted, words)])


def _cmd(data: bytes, server: str) -> str:
    """Quotes as the program wants them, then a ``^`` before all that cmd would read as its own."""
    return " ".join(_CMD_SPECIAL.sub(r"^\g<0>", _crt_quoted(word)) for word in _windows_words(data, server))


def _httpie(data: bytes, server: str) -> str:
    request = _read(data)
    if not _can_httpie(request):
        raise CommandError(_("HTTPie non sa mandare questa richiesta così com'è: copiala per curl o per Python."))
    given = {name.lower() for name, _value in request.headers}
    words = ["http", "--ignore-stdin", "--path-as-is", request.method, _url(request, server)]
    words += [f"{name}:{_HTTPIE_SEPARATORS.sub(_escaped, value)}" for name, value in _worth_saying(request, server)]
    words += [f"{name}:" for name in _HTTPIE_ADDS if name.lower() not in given]
    if request.body:
        words += [] if "content-type" in given else ["Content-Type:"]
        words.append(f"--raw={request.body.decode('latin-1')}")
    return " ".join(map(_bash_quoted, words))


def _can_httpie(request: Request) -> bool:
    """It speaks HTTP/1.1 to the server, writes targets anew, and knows text only."""
    try:
        request.body.decode()
        "".join(value for _name, value in request.headers).encode("latin-1").decode()
    except UnicodeDecodeError:
        return False
    plain = request.version == "1.1" and 0 not in request.body and not request.chunked
    target = _HTTPIE_TARGET.fullmatch(request.target) is not None and not request.target.endswith("?")
    return plain and target and all(value for _name, value in request.headers)


def _python(data: bytes, server: str) -> str:
    """The very bytes, through a socket: it can send whatever was sent."""
    host, _colon, port = server.rpartition(":")
    pieces = data.splitlines(keepends=True) or [b""]
    lines = "\n".join(f"    {piece!r}" for piece in pieces)
    return (
        "import socket\n\n"
        f"request = (\n{lines}\n)\n"
        f"with socket.create_connection(({host.strip('[]')!r}, {int(port)})) as connection:\n"
        "    connection.sendall(request)\n"
        "    connection.shutdown(socket.SHUT_WR)\n"
        "    while piece := connection.recv(65536):\n"
        '        print(piece.decode("utf-8", "replace"), end="")\n'
    )


_WRITE: dict[str, Callable[[bytes, str], str]] = {
    "bash": _bash,
    "powershell": _powershell,
    "cmd": _cmd,
    "httpie": _httpie,
    "python": _python,
}


def _escaped(match: "re.Match[str]") -> str:
    return "\\" + match[0]


def _curl(request: Request, server: str, option: str = "--data-raw") -> list[str]:
    """The words of the command: what curl would add by itself is taken away."""
    given = {name.lower() for name, _value in request.headers}
    words = ["curl", "--include", "--globoff", "--path-as-is", f"--http{request.version}"]
    if request.method == "HEAD":
        words.append("--head")
    elif request.method != ("POST" if request.body else "GET"):
        words += ["--request", request.method]
    for name, value in _worth_saying(request, server):
        words += ["--header", f"{name}: {value}" if value else f"{name};"]
    unwanted = [*_CURL_ADDS, *(["content-type"] if request.body else [])]
    for name in unwanted:
        if name not in given:
            words += ["--header", f"{name.title()}:"]
    if request.body:
        words += [option, request.body.decode("latin-1")]
    if not request.target.startswith("/"):
        words += ["--request-target", request.target]
    return [*words, _url(request, server)]


def _url(request: Request, server: str) -> str:
    return f"http://{server}{request.target if request.target.startswith('/') else '/'}"


def _worth_saying(request: Request, server: str) -> list[Header]:
    """The headers that a client does not write by itself."""
    return [(name, value) for name, value in request.headers if not _is_implied(name.lower(), value, request, server)]


def _is_implied(name: str, value: str, request: Request, server: str) -> bool:
    if name == "host":
        return value == server
    return name == "content-length" and (bool(request.body) and value == str(len(request.body)))


def _windows_words(data: bytes, server: str) -> Sequence[str]:
    """On one line, in a text that Windows can hand over."""
    words = _curl(_read(data), server)
    try:
        texts = [word.encode("latin-1").decode("utf-8") for word in words]
    except UnicodeDecodeError:
        texts = ["\0"]
    if not all(text.isprintable() for text in texts):
        raise CommandError(
            _("Il corpo ha a capo o byte che su Windows non stanno in una riga di comando: copiala per Python.")
        )
    return texts


def _read(data: bytes) -> Request:
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=len(data) + 1)
    head, body, whole = None, b"", False
    with contextlib.suppress(h11.RemoteProtocolError):
        connection.receive_data(data)
        while isinstance(event := connection.next_event(), h11.Request | h11.Data):
            if isinstance(event, h11.Request):
                head = event
            else:
                body += bytes(event.data)
        whole = isinstance(event, h11.EndOfMessage)
    if head is None or not whole or connection.trailing_data[0]:
        raise CommandError(
            _("Questa richiesta non è una richiesta HTTP intera e ben fatta: solo Python la può mandare così com'è.")
        )
    return Request(
        head.method.decode("ascii"),
        head.target.decode("latin-1"),
        head.http_version.decode("ascii"),
        tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers.raw_items()),
        body,
        any(name == b"transfer-encoding" for name, _value in head.headers),
    )


def _bash_quoted(word: str) -> str:
    """Each character of ``word`` is a byte; those that cannot be seen are written as $'…' has them."""
    data = word.encode("latin-1")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text.isprintable() and (text or not data):
        return shlex.quote(text)
    return "$'" + "".join(map(_ansi_c, data)) + "'"


def _ansi_c(byte: int) -> str:
    """In octal, whose length is fixed: what follows cannot be taken for a part of it."""
    character = chr(byte)
    if character in "\\'":
        return "\\" + character
    return character if 0x20 <= byte < 0x7F else f"\\{byte:03o}"


def _crt_quoted(word: str) -> str:
    """As the programs of Windows read their command line (Microsoft, «Parsing C command-line arguments»)."""
    if word and not re.search(r'[\s"]', word) and not _CMD_SPECIAL.search(word):
        return word
    return '"' + _CRT_QUOTES.sub(lambda match: match[1] * 2 + ("\\" + match[2] if match[2] else ""), word) + '"'
