r"""The bytes of a request as text that can be read, typed and edited, and back. Pure.

A line break stands for CRLF (RFC 9112 §2.1). ``\r`` ``\n`` ``\t`` ``\0`` ``\\`` and ``\xHH`` are single bytes, and a
``\`` at the end of a line joins it to the next one: «Host: x\n\» ends with a bare LF. Everything else is UTF-8.
"""

import re

from passerella.errors import CommandError
from passerella.language import _

_CRLF = b"\r\n"
_NAMED = {"r": b"\r", "n": b"\n", "t": b"\t", "0": b"\0", "\\": b"\\", "\n": b""}
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|[rnt0\\\n])|\\(.?)", re.DOTALL)
_SHOWN = {value: f"\\{name}" for name, value in _NAMED.items() if value}


def to_bytes(text: str) -> bytes:
    """:raises CommandError: a backslash is followed by something that is no byte."""
    found, at = [], 0
    for match in _ESCAPE.finditer(text):
        found.append(_plain(text[at : match.start()]))
        found.append(_escaped(match))
        at = match.end()
    return b"".join([*found, _plain(text[at:])])


def to_text(data: bytes) -> str:
    """The text that :func:`to_bytes` makes ``data`` of."""
    lines = [_line(line) for line in data.split(_CRLF)]
    return "\n".join(lines)


def _plain(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("utf-8", "surrogateescape")


def _escaped(match: "re.Match[str]") -> bytes:
    name = match[1]
    if name is None:
        raise CommandError(
            _("Dopo «\\» può esserci r, n, t, 0, \\, oppure xHH con due cifre esadecimali: è arrivato {got}.").format(
                got=repr(match[2])
            )
        )
    return bytes([int(name[1:], 16)]) if name[0] == "x" else _NAMED[name]


def _line(line: bytes) -> str:
    """A line without its end; a bare LF is followed by a join, so that it is seen as the break that it is."""
    shown = []
    for character in line.decode("utf-8", "surrogateescape"):
        byte = character.encode("utf-8", "surrogateescape")
        if byte == b"\n":
            shown.append("\\n\\\n")
        elif byte in _SHOWN:
            shown.append(_SHOWN[byte])
        elif character.isprintable():
            shown.append(character)
        else:
            shown.extend(f"\\x{each:02x}" for each in byte)
    return "".join(shown)
