"""The two reporters without a screen: sentences and JSON."""

import sys

from passerella.cli.output import say, write
from passerella.export.jsonlines import journey_lines, session_line
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey
from passerella.journeys.process import Process
from passerella.language import _
from passerella.session.live import Session


class JsonReporter:
    """One object a line; see :mod:`passerella.export.jsonlines`."""

    def __init__(self) -> None:
        self._origin = 0

    def begins(self, session: Session, assembler: Assembler) -> None:
        self._origin = session.origin
        process = serving(assembler, session)
        server = session.server or (process.server if process is not None else "")
        write(session_line(process, server, session.url, session.started_at))
        sys.stdout.flush()

    def tells(self, journey: Journey) -> None:
        for line in journey_lines(journey, self._origin):
            write(line)
        sys.stdout.flush()


class TextReporter:
    """Sentences in reading order, no boxes, no repainting."""

    def __init__(self, level: int) -> None:
        self._level = level

    def begins(self, session: Session, assembler: Assembler) -> None:
        process = serving(assembler, session)
        library = process.libraries.get(session.server) if process is not None else None
        version = library.version if library is not None else ""
        python = process.hello.python if process is not None and process.hello is not None else "?"
        say(
            _("{server} su Python {python}, in ascolto su {url}").format(
                server=f"{session.server} {version}".strip() or _("Il server"), python=python, url=session.url
            )
        )

    def tells(self, journey: Journey) -> None:
        from passerella.views.sentences import tell

        for line in tell(journey, self._level):
            write(line)
        write("")
        sys.stdout.flush()


def serving(assembler: Assembler, session: Session) -> Process | None:
    """The process that serves: the last one that imported the server's library."""
    named = [each for each in assembler.processes.values() if session.server in each.libraries]
    everyone = named or [each for each in assembler.processes.values() if each.hello is not None]
    with_app = [each for each in everyone if each.app is not None]
    return (with_app or everyone or [None])[-1]  # type: ignore[list-item]
