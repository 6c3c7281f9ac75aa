"""Famous ways to break a request: ``breakages.toml``, in whose order they are offered."""

import tomllib
from functools import cache
from pathlib import Path

import msgspec
from msgspec.structs import replace

from passerella.language import _

_FILE = Path(__file__).with_name("breakages.toml")
_HUGE = 100 * 1024


class Breakage(msgspec.Struct, frozen=True):
    """Something that is not as it should be.

    :ivar about: what it is, in one Italian sentence. ``section``: where the specification speaks of it.
    :ivar raw: the request, in the notation of :mod:`passerella.client.raw_text`; ``{host}`` is the server's address.
    """

    title: str
    about: str
    section: str
    raw: str


@cache
def breakages() -> dict[str, Breakage]:
    """By name. A value too long to be kept in a file is made here."""
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    found = {
        name: replace(each, title=_(each.title), about=_(each.about))
        for name, each in msgspec.convert(read, dict[str, Breakage]).items()
    }
    return found | {"huge-header": _huge_header()}


def _huge_header() -> Breakage:
    return Breakage(
        _("intestazione enorme"),
        _("Nessuna regola dice quanto può essere lunga: ogni server ha il suo limite, e oltre risponde 431 o 400."),
        "RFC 9112 §5",
        f"GET /ciao?nome=Ada HTTP/1.1\nHost: {{host}}\nX-Nota: {'a' * _HUGE}\n\n",
    )
