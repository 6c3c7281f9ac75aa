"""The two reporters without a screen: sentences and JSON."""

import sys
from collections.abc import Iterable

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
        if session.front is not None and not session.upstream:
            say(
                _("L'app gira dentro Apache {version}: le richieste le legge lui, e mod_wsgi chiama l'app.").format(
                    version=session.front.version
                )
            )
        elif session.front is not None:
            say(
                _("Davanti c'è {front} {version}: le richieste vanno a lui, e lui le inoltra a {upstream}").format(
                    front=session.front.front.title, version=session.front.version, upstream=session.upstream
                )
            )

    def tells(self, journey: Journey) -> None:
        from passerella.views.sentences import tell

        for line in tell(journey, self._level):
            write(line)
        self._tell_magnified(journey)
        write("")
        sys.stdout.flush()

    def _tell_magnified(self, journey: Journey) -> None:
        if journey.unseen is None:
            return
        from passerella.journeys.microscope import tree
        from passerella.tui.files import read_source
        from passerella.views.microscope import tell
        from passerella.views.rows import EVERYTHING

        def code(path: str, line: int) -> str:
            lines = read_source(path) or ()
            return lines[line - 1] if 0 < line <= len(lines) else ""

        found = tree(journey)
        for sentence in tell(found, everything=self._level == EVERYTHING, code=code) if found is not None else ():
            write(sentence)


def serving(assembler: Assembler, session: Session) -> Process | None:
    """The process that serves."""
    return serving_among(assembler.processes.values(), session.server)


def serving_among(processes: Iterable[Process], server: str) -> Process | None:
    """The last one that imported the server's library, if possible one that has an app."""
    spoke = [each for each in processes if each.hello is not None]
    everyone = [each for each in spoke if server in each.libraries] or spoke
    with_app = [each for each in everyone if each.app is not None]
    return (with_app or everyone or [None])[-1]  # type: ignore[list-item]
