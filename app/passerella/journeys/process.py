"""What is known of each traced process: its libraries, threads and places in the code."""

import re
from typing import NamedTuple, cast

from passerella.events import App, Environment, Event, Hello, Library, Ready, Site, Thread
from passerella.journeys.model import Direction, Source, Station
from passerella.probe.landmark import Landmark
from passerella.probe.landmarks.every import ROWS, TABLES
from passerella.probe.vocabulary import LOOP

_INSTALLED = re.compile(
    r".*?[/\\](?:site-packages|dist-packages|lib[/\\]python3\.\d+)[/\\](?!(?:site|dist)-packages)(.+)"
)
_SERVERS = frozenset(table.library for table in TABLES if table.role == "server") | {"wsgiref"}
_UNKNOWN = Landmark("", "server", "server_step")
# Servers whose sockets are served by an event loop: to wait in their taps would stop the loop.
_LOOP_SERVERS = frozenset(("uvicorn", "hypercorn", "daphne"))
_MOST_THREADS = 2048  # threads whose names are known: a server may start one for each request
_FLICKER = 2_000_000_000  # a level counts for so long after it was left: under load it comes back each second
LEVELS = ("full", "summary", "counted")  # how much is recorded of a new journey, from most to least


def short_name(path: str) -> str:
    """``gunicorn/http/wsgi.py`` for an installed file, the bare name for any other."""
    installed = _INSTALLED.fullmatch(path)
    return (installed[1] if installed else re.split(r"[/\\]", path)[-1]).replace("\\", "/")


class Shape(NamedTuple):
    """What the steps made at one place have in common, those at its entry or those at its exit."""

    row: Landmark
    source: Source | None
    station: Station
    direction: Direction
    level: int
    name: str
    hold: str


class Process:
    """One traced process, from what it said of itself.

    :ivar server: the server's name: the one that said it serves, else the only one that was imported.
    :ivar gone: it ended; what it ran is still known.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.hello: Hello | None = None
        self.libraries: dict[str, Library] = {}
        self.environment: frozenset[str] = frozenset()
        self.app: App | None = None
        self.gone = False
        self._level = LEVELS[0]
        self._latest = 0  # the time of the last thing it said
        self._until: dict[str, int] = {}  # when each level was left
        self._threads: dict[int, str] = {}
        self._older_threads: dict[int, str] = {}
        self._sites: dict[int, tuple[Landmark, Source | None]] = {}
        self._shapes: tuple[dict[int, Shape], dict[int, Shape]] = {}, {}  # of entries, of exits
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
                self._name_thread(event.tid, event.name)
            case Site():
                source = Source(short_name(event.file), event.line, event.file, event.name) if event.file else None
                self._sites[event.site] = (ROWS.get(event.landmark, _UNKNOWN), source)
            case Ready():
                self._ready = event.server
            case _:
                return False
        self._forget_shapes()
        return True

    @property
    def server(self) -> str:
        if self._ready:
            return self._ready
        imported = _SERVERS.intersection(self.libraries) - {"wsgiref"}
        return min(imported) if len(imported) == 1 else ""

    def thread(self, tid: int) -> str:
        name = self._threads.get(tid)
        if name is None:
            name = self._older_threads.get(tid)
            if name is None:
                return ""
            self._name_thread(tid, name)
        return name

    def _name_thread(self, tid: int, name: str) -> None:
        """Those of which nothing was heard while so many others spoke are forgotten."""
        if len(self._threads) >= _MOST_THREADS:
            self._older_threads, self._threads = self._threads, {}
        self._threads[tid] = name

    def spoke(self, t: int) -> None:
        """It told of something that happened at ``t``."""
        if t > self._latest:
            self._latest = t

    def set_level(self, level: str, t: int) -> None:
        """From ``t`` on it records so much of a new journey: one of ``LEVELS``."""
        if level in LEVELS:
            self.spoke(t)
            self._until[self._level] = self._latest
            self._level = level

    def level_at(self, now: int) -> str:
        """The least that it recorded of a new journey, a moment before ``now``."""
        times = {**self._until, self._level: self._latest}
        lately = [level for level, t in times.items() if now - t <= _FLICKER]
        return max(lately, key=LEVELS.index, default=LEVELS[0])

    @property
    def brief(self) -> bool:
        """Whether it records only the bytes of a new journey."""
        return self._level == "summary"

    def end(self) -> None:
        """It ended: nothing more will happen in its threads, at its places."""
        self.gone = True
        self._level = LEVELS[0]
        self._threads, self._older_threads, self._sites = {}, {}, {}
        self._forget_shapes()

    def site(self, number: int) -> tuple[Landmark, Source | None]:
        """The landmark row and the source of a place; a row that makes plain steps when it is not known."""
        return self._sites.get(number, (_UNKNOWN, None))

    def shape(self, number: int, *, at_exit: bool) -> Shape:
        """What steps at a place are like, for all that is known by now."""
        shape = self._shapes[at_exit].get(number)
        if shape is None:
            shape = self._shapes[at_exit][number] = self._shaped(*self.site(number), at_exit)
        return shape

    def _shaped(self, row: Landmark, source: Source | None, at_exit: bool) -> Shape:
        return Shape(
            row,
            source,
            cast("Station", row.station),
            cast("Direction", row.way[at_exit]),
            row.levels[at_exit],
            row.back if at_exit else row.name,
            self._hold(row),
        )

    def _hold(self, row: Landmark) -> str:
        hold: str = row.hold
        if row.station != "socket":
            return hold
        on_a_loop = self.server in _LOOP_SERVERS or (self.app is not None and self.app.interface == "asgi")
        return LOOP if on_a_loop else hold

    def _forget_shapes(self) -> None:
        for shapes in self._shapes:
            shapes.clear()

    def _add_library(self, event: Library) -> None:
        """A library is imported module by module: the counts add up."""
        known = self.libraries.get(event.name)
        if known is not None:
            event = Library(
                event.name, event.version or known.version, known.total + event.total, [*known.missing, *event.missing]
            )
        self.libraries[event.name] = event
