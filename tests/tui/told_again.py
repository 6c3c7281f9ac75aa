"""What a real server told once, told again to every screen that only looks."""

import sys
import threading
import time
from collections.abc import Sequence
from functools import cache

from passerella.client.prepared import Prepared
from passerella.client.request import compose
from passerella.events import Event
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey
from passerella.scenarios import SCENARIOS
from passerella.servers import SERVERS
from passerella.session.live import Command, Session
from passerella.session.wanted import Look
from passerella.tui.source import Change, Listener, Phase, Status
from tui.driving import PATIENCE, Server

Line = str | bytes  # «GET /», or the very bytes


class Told:
    """The events of some requests, one after the other, to a scenario."""

    def __init__(self, scenario: str, lines: Sequence[Line]) -> None:
        self.batch: list[tuple[int, Event]] = []
        self.journeys: Sequence[Journey] = ()
        self._assembler, self._lock = Assembler(), threading.Lock()
        ready = SCENARIOS[scenario]
        server = SERVERS[ready.server]
        command = server.command(sys.executable, ready.app)
        with Session(Command(command, ready.folder), self._hear) as session:
            session.wait_ready()
            self.status = Status(
                Phase.READY, server=server.title, app=ready.app, url=session.url, command=" ".join(command)
            )
            for line in lines:
                self._ask(session, line)

    def _hear(self, batch: list[tuple[int, Event]]) -> None:
        with self._lock:
            self.batch += batch
            for pid, event in batch:
                self._assembler.feed(pid, event)

    def _ask(self, session: Session, line: Line) -> None:
        data = line if isinstance(line, bytes) else compose(line, host=session.url.partition("//")[2])
        session.send([Prepared.of(data)])
        deadline = time.monotonic() + PATIENCE
        while not self._whole():
            assert time.monotonic() < deadline, f"{line!r}: il viaggio non è mai finito"
            time.sleep(0.02)

    def _whole(self) -> bool:
        with self._lock:
            self._assembler.take_changed()
            self.journeys = [each for each in self._assembler.journeys if each.protocol == "http"]
            return bool(self.journeys) and all(each.quiet for each in self.journeys)


@cache
def told(scenario: str, *lines: Line) -> Told:
    return Told(scenario, lines)


class ToldAgain(Server):
    """There is no server any more: what needs one fails."""

    def __init__(self, scenario: str, lines: Sequence[Line]) -> None:
        super().__init__(scenario)
        self._told = told(scenario, *lines)

    def start(self, listener: Listener, change: Change | None = None) -> None:
        assert change is None
        listener.became(self._told.status)
        listener.heard(list(self._told.batch))

    def microscope(self, look: Look | None, pid: int | None = None) -> None:
        self.looks.append(look)
