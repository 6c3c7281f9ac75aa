"""From «GET /ciao?nome=Ada» to the exact bytes of a request. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple
from urllib.parse import quote

from passerella.errors import CommandError
from passerella.language import _

_TOKEN = r"[-!#$%&'*+.^_`|~0-9A-Za-z]+"  # RFC 9110 §5.6.2
_LINE = re.compile(
    rf"(?:(?P<method>{_TOKEN})[ \t]+)?"
    r"(?P<target>.+?)"
    r"(?:[ \t]+(?i:HTTP)/(?P<version>\S+))?"
)
_ABSOLUTE = re.compile(r"[A-Za-z][-+.A-Za-z0-9]*://.")
_VERSIONS = ("1.0", "1.1")
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_FORM = "application/x-www-form-urlencoded"

# What browsers leave as it is: all of printable ASCII but the «path» and «special-query» percent-encode sets
# of the URL standard. «%» stays: an %XX that is there was meant.
_PRINTABLE = {chr(code) for code in range(0x21, 0x7F)}
_IN_PATH = "".join(_PRINTABLE - set('"#<>?^`{}'))
_IN_QUERY = "".join(_PRINTABLE - set("\"#<>'"))

_SHOWN = 60

Header = tuple[str, str]


class Line(NamedTuple):
    """A request line: the target is ready for the wire."""

    method: str
    target: str
    version: str


def compose(
    line: str,
    *,
    host: str,
    headers: Sequence[Header] = (),
    body: bytes | None = None,
    keep_alive: bool = True,
) -> bytes:
    """The bytes of the request that ``line`` asks for. A header given replaces ours of the same name.

    A body for which «Transfer-Encoding: chunked» is given goes in one chunk.
    """
    asked = parse_line(line)
    given = [(_name(name), _value(value)) for name, value in headers]
    names = {name.lower() for name, value in given}
    ours = _own_headers(asked, _value(host), names, body, keep_alive)
    fields = [field for field in ours if field[0].lower() not in names] + given
    fields.sort(key=_is_not_host)  # RFC 9110 §7.2: Host should come first
    head = [f"{asked.method} {asked.target} HTTP/{asked.version}".encode("ascii")]
    head += [name.encode("ascii") + b": " + _utf8(value) for name, value in fields]
    return b"\r\n".join([*head, b"", _framed(body or b"", given)])


def parse_line(line: str) -> Line:
    """Read «METHOD target HTTP/version», of which only the target must be there."""
    match = _LINE.fullmatch(_one_line(line).strip(" \t"))
    if match is None:
        raise _misread(line)
    method, target, version = match["method"] or "GET", match["target"], match["version"] or "1.1"
    if not _is_target(method, target):
        raise _misread(line)
    if version not in _VERSIONS:
        raise CommandError(
            _(
                "La versione di HTTP può essere 1.0 o 1.1: è arrivato {got}. "
                "Per mandarne un'altra scrivi i byte in un file e usa «--byte FILE»."
            ).format(got=_shown(version))
        )
    return Line(method, _percent_encoded(target), version)


@cache
def user_agent() -> str:
    from importlib import metadata  # slow to import, and the server is started before any request is composed

    try:
        return f"passerella/{metadata.version('passerella')}"
    except metadata.PackageNotFoundError:
        return "passerella"


def _own_headers(asked: Line, host: str, given: set[str], body: bytes | None, keep_alive: bool) -> Iterator[Header]:
    yield "Host", host
    yield "User-Agent", user_agent()
    yield "Accept", "*/*"
    if body is not None:
        yield "Content-Type", _FORM
    # RFC 9112 §6.2: never beside a Transfer-Encoding.
    if (body is not None or asked.method in _WITH_BODY) and "transfer-encoding" not in given:
        yield "Content-Length", str(len(body or b""))
    if not keep_alive:
        yield "Connection", "close"


def _framed(body: bytes, given: Sequence[Header]) -> bytes:
    codings = [value for name, value in given if name.lower() == "transfer-encoding"]
    if not codings or not codings[-1].lower().endswith("chunked"):
        return body
    chunk = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
    return chunk + b"0\r\n\r\n"


def _is_not_host(field: Header) -> bool:
    return field[0].lower() != "host"


def _is_target(method: str, target: str) -> bool:
    """The four forms of RFC 9112 §3.2."""
    if method == "CONNECT":
        return True
    if method == "OPTIONS" and target == "*":
        return True
    return target.startswith("/") or _ABSOLUTE.match(target) is not None


def _percent_encoded(target: str) -> str:
    target = target.partition("#")[0]  # a browser keeps the fragment for itself
    path, mark, query = target.partition("?")
    return quote(path, _IN_PATH, errors="surrogateescape") + mark + quote(query, _IN_QUERY, errors="surrogateescape")


def _one_line(text: str) -> str:
    """``text`` itself, when no byte of it could end the line where it stands."""
    if any(character in text for character in "\r\n\0") or not _is_encodable(text):
        raise CommandError(
            _(
                "La riga della richiesta e ogni intestazione stanno su una riga sola, senza caratteri nulli: "
                "è arrivato {got}. Togli gli a capo, oppure scrivi i byte in un file e usa «--byte FILE»."
            ).format(got=_shown(text))
        )
    return text


def _name(name: str) -> str:
    if not re.fullmatch(_TOKEN, name):
        raise CommandError(
            _(
                "Il nome di un'intestazione è fatto di lettere, cifre e trattini: è arrivato {got}. "
                "Scrivi per esempio «Accept-Language: it»."
            ).format(got=_shown(name))
        )
    return name


def _value(value: str) -> str:
    return _one_line(value).strip(" \t")  # RFC 9112 §5.1: blanks around a value are no part of it


def _misread(line: str) -> CommandError:
    return CommandError(
        _(
            "Una richiesta è un metodo e un percorso che comincia con «/»: è arrivato {got}. "
            "Scrivi per esempio «GET /ciao?nome=Ada»."
        ).format(got=_shown(line))
    )


def _is_encodable(text: str) -> bool:
    try:
        _utf8(text)
    except UnicodeEncodeError:
        return False
    return True


def _utf8(text: str) -> bytes:
    """What was typed, in UTF-8; a byte of the command line that is not UTF-8 (a surrogate) comes back as it was."""
    return text.encode("utf-8", "surrogateescape")


def _shown(text: str) -> str:
    """``text`` with every control character made visible."""
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
