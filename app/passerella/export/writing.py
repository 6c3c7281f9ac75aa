"""The kinds of file that journeys can be written to."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from passerella.errors import CommandError
from passerella.export.har import har
from passerella.export.jsonlines import journey_lines, session_line
from passerella.export.page import page
from passerella.journeys.model import Journey
from passerella.journeys.process import Process
from passerella.language import _
from passerella.views.rows import PASSAGES
from passerella.views.sentences import tell
from passerella.views.visible import visible

_SHOWN = 80  # characters of a name on the page


def _no_code(_file: str) -> Mapping[int, str]:
    return {}


class Origin(msgspec.Struct, frozen=True):
    """Where the journeys come from.

    :ivar started: seconds since 1970, when the monotonic clock said ``origin``.
    :ivar code: the lines of a file that are known, by number.
    """

    started: float
    origin: int
    server: str = ""
    app: str = ""
    url: str = ""
    program: str = "passerella"
    process: Process | None = None
    code: Callable[[str], Mapping[int, str]] = _no_code
    level: int = PASSAGES


def write_export(kind: str, destination: Path, journeys: Sequence[Journey], origin: Origin) -> None:
    """Write ``journeys``, whose secrets are covered by now, as ``kind`` (one of ``FORMATS``).

    :raises CommandError: this kind holds another number of journeys.
    :raises OSError: it cannot be written there.
    """
    text = FORMATS[kind](journeys, origin)
    with destination.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
        for piece in text:
            file.write(piece)


def _text(journeys: Iterable[Journey], origin: Origin) -> Iterator[str]:
    for journey in journeys:
        for line in tell(journey, origin.level):
            yield line + "\n"
        yield "\n"


def _json(journeys: Iterable[Journey], origin: Origin) -> Iterator[str]:
    yield session_line(origin.process, origin.server.partition(" ")[0], origin.url, origin.started) + "\n"
    for journey in journeys:
        for line in journey_lines(journey, origin.origin):
            yield line + "\n"


def _har(journeys: Iterable[Journey], origin: Origin) -> Iterator[str]:
    yield har(journeys, program=origin.program, started=origin.started, origin=origin.origin, url=origin.url)


def _page(journeys: Sequence[Journey], origin: Origin) -> list[str]:
    if len(journeys) != 1:
        raise CommandError(
            _("Una pagina HTML mostra un viaggio solo, qui sono {n}: scegli quale con --viaggio.").format(
                n=len(journeys)
            )
        )
    about = " · ".join(visible(part, _SHOWN) for part in (origin.app, origin.server, origin.url) if part)
    return [page(journeys[0], origin.code, about)]


FORMATS: dict[str, Callable[[Sequence[Journey], Origin], Iterable[str]]] = {
    "testo": _text,
    "json": _json,
    "har": _har,
    "html": _page,
}
