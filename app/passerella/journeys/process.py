"""What is known of each traced process: its libraries, threads and places in the code."""

import re

from passerella.events import App, Environment, Event, Hello, Library, Ready, Site, Thread
from passerella.journeys.model import Source
from passerella.probe.landmark import Landmark
from passerella.probe.landmarks import ROWS, TABLES

_INSTALLED = re.compile(
    r".*?[/\\](?:site-packages|dist-packages|lib[/\\]python3\.\d+)[/\\](?!(?:site|dist)-packages)(.+)"
)
_SERVERS = frozenset(table.library for table in TABLES if table.role == "server") | {"wsgiref"}
_UNKNOWN = Landmark("", "server", "server_step")


def short_name(path: str) -> str:
    """``gunicorn/http/wsgi.py`` for an installed file, the bare name for any other."""
    installed = _INSTALLED.fullmatch(path)
    return (installed[1] if installed else re.split(r"[/\\]", path)[-1]).replace("\\", "/")


class Process:
    """One traced process, from what it said of itself.

    :ivar server: the server's name: the one that said it serves, else the only one that was imported.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.hello: Hello | None = None
        self.libraries: dict[str, Library] = {}
        self.environment: frozenset[str] = frozenset()
        self.app: App | None = None
        self._threads: dict[int, str] = {}
        self._sites: dict[int, tuple[Landmark, Source]] = {}
        self._ready = ""

    def learn(self, event: Event) -> bool:
        """Take in what a process says of itself; False when ``event`` is of another kind."""
        match event:
            case Hello():
                self.hello = event
            case Library():
                self._add_library(event)
            case Environment():
                self.environment = frozenset(event.keys)
            case App():
                self.app = event
            case Thread():
                self._threads[event.tid] = event.name
            case Site():
                source = Source(short_name(event.file), event.line, event.file, event.name)
                self._sites[event.site] = (ROWS.get(event.landmark, _UNKNOWN), source)
            case Ready():
                self._ready = event.server
            case _:
                return False
        return True

    @property
    def server(self) -> str:
        if self._ready:
            return self._ready
        imported = _SERVERS.intersection(self.libraries) - {"wsgiref"}
        return min(imported) if len(imported) == 1 else ""

    def thread(self, tid: int) -> str:
        return self._threads.get(tid, "")

    def site(self, number: int) -> tuple[Landmark, Source | None]:
        """The landmark row and the source of a place; a row that makes plain steps when it is not known."""
        return self._sites.get(number, (_UNKNOWN, None))

    def _add_library(self, event: Library) -> None:
        """A library is imported module by module: the counts add up."""
        known = self.libraries.get(event.name)
        if known is not None:
            event = Library(
                event.name, event.version or known.version, known.total + event.total, [*known.missing, *event.missing]
            )
        self.libraries[event.name] = event
