"""The lab on a real server, driven by its keys."""

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from msgspec.structs import replace

from passerella.cli.elsewhere import journey_elsewhere
from passerella.client.draft import Draft
from passerella.client.prepared import Prepared
from passerella.client.request import Header, compose
from passerella.errors import StartError
from passerella.journeys.model import Journey
from passerella.scenarios import SCENARIOS
from passerella.servers import SERVERS
from passerella.session.live import Command, Session
from passerella.session.offered import drafts_of
from passerella.session.talks import Talk
from passerella.session.wanted import HoldRule, Look
from passerella.tui.app import LabApp
from passerella.tui.base_app import OurApp
from passerella.tui.few_lines import FewLines
from passerella.tui.home_app import HomeApp
from passerella.tui.lab import Lab
from passerella.tui.source import Change, Listener, Phase, Status
from passerella.views.rows import Row
from tui.quick_pilot import QuickPilot

PATIENCE = 20.0


class Server:
    """A real server under the probe, as the lab's source."""

    def __init__(self, scenario: str, lines: Sequence[str] = ()) -> None:
        self.scenario = SCENARIOS[scenario]
        self.lines = lines
        self.rules: Sequence[HoldRule] = ()
        self.watched = ""
        self.sessions: list[Session] = []
        self._one_at_a_time = threading.Lock()
        self._sending: list[threading.Thread] = []
        self.looks: list[Look | None] = []
        self.refuse_elsewhere = ""

    @property
    def websocket(self) -> str:
        return self.scenario.websocket

    def talk(self, line: str, changed: Callable[[], None]) -> Sequence[Talk]:
        return self.session.talks(line, self.scenario.clients, changed)

    @property
    def ready(self) -> Sequence[Draft]:
        return drafts_of(self.scenario)

    @property
    def session(self) -> Session:
        return self.sessions[-1]

    @property
    def folder(self) -> str:
        return self.watched

    @property
    def running(self) -> Change:
        return Change(scenario=self.scenario.id, server=self.scenario.server)

    def start(self, listener: Listener, change: Change | None = None) -> None:
        if change is not None and change.scenario:
            scenario = SCENARIOS[change.scenario]
            self.scenario = replace(scenario, server=change.server or scenario.server)
        threading.Thread(target=self._run, args=(listener,), daemon=True).start()

    def send(self, requests: Sequence[Prepared], same_connection: bool = False) -> None:
        threading.Thread(
            target=self.session.send, args=(requests,), kwargs={"same_connection": same_connection}, daemon=True
        ).start()

    def ask(self, line: str, headers: Sequence[Header] = (), body: bytes | None = None) -> None:
        """A request that does not come from the screen."""
        data = compose(line, host=self.session.url.partition("//")[2], headers=headers, body=body)
        self.send_bytes(data)

    def send_bytes(self, data: bytes) -> None:
        sending = threading.Thread(target=self.session.send, args=([Prepared.of(data)],), daemon=True)
        self._sending.append(sending)
        sending.start()

    @property
    def everything_sent(self) -> bool:
        """Whether every request that did not come from the screen got its answer."""
        return not any(each.is_alive() for each in self._sending)

    def hold(self, rules: Sequence[HoldRule]) -> None:
        self.rules = list(rules)
        if self.sessions:
            self.session.hold(rules)

    def microscope(self, look: Look | None, pid: int | None = None) -> None:
        self.looks.append(look)
        self.session.microscope(look, pid)

    def save(self, path: Path, journeys: Iterable[Journey], *, with_secrets: bool = False) -> None:
        path.write_text("\n".join(str(each.target) for each in journeys))

    def export(self, kind: str, path: Path, journeys: Sequence[Journey]) -> None:
        path.write_text("\n".join([kind, *(str(each.target) for each in journeys)]))

    def elsewhere(self, change: Change, draft: Draft) -> Journey:
        if self.refuse_elsewhere:
            raise StartError(self.refuse_elsewhere)
        return journey_elsewhere(change, draft)

    def resume(self, pid: int, moment: int) -> None:
        self.session.resume(pid, moment)

    def release_all(self) -> None:
        self.rules = ()
        if self.sessions:
            self.session.release_all()

    def close(self, *, failed: bool = False) -> None:
        for session in self.sessions:
            session.close()

    def _run(self, listener: Listener) -> None:
        with self._one_at_a_time:
            self.close()
            server = SERVERS[self.scenario.server]
            command = server.command(sys.executable, self.scenario.app)
            status = Status(Phase.STARTING, server=server.title, command=" ".join(command))
            listener.became(status)
            session = Session(Command(command, self.scenario.folder), listener.heard, self.rules)
            self.sessions.append(session)
        try:
            session.wait_ready()
        except StartError as error:
            listener.became(replace(status, phase=Phase.FAILED, message=error.message, details=error.details))
            return
        status = replace(status, phase=Phase.READY, app=self.scenario.app, url=session.url)
        listener.became(status)
        for line in self.lines:
            self.ask(line)
        session.program.ended.wait()
        listener.became(
            replace(status, phase=Phase.ENDED, message="Il server è terminato.", details=session.program.words())
        )


class Anything:
    """What a person sees, and the keys, whatever is open."""

    def __init__(self, app: OurApp, pilot: QuickPilot) -> None:
        self.app = app
        self.pilot = pilot
        self.keys = 0  # pressed so far

    @property
    def lab(self) -> Lab:
        assert isinstance(self.app, LabApp | HomeApp)
        assert self.app.lab is not None
        return self.app.lab

    @property
    def row(self) -> Row:
        assert self.lab.browsing.row is not None
        return self.lab.browsing.row

    @property
    def journey(self) -> Journey:
        assert self.lab.browsing.journey is not None
        return self.lab.browsing.journey

    async def press(self, *keys: str) -> None:
        self.keys += len(keys)
        await self.pilot.press(*keys)

    async def press_until(self, key: str, condition: Callable[[], object]) -> None:
        """The same key, as often as it takes."""
        for _ in range(100):
            if condition():
                return
            await self.press(key)
        raise AssertionError(f"{key!r} non ci porta; il fuoco è {self.app.focused!r}, sullo schermo:\n{self.text()}")

    async def until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"mai vero; sullo schermo:\n{self.text()}"
            await asyncio.sleep(0.02)
        await self.pilot.pause()

    async def walk_to(self, label: str) -> None:
        """With the right arrow, to the row with this label."""
        await self.until(lambda: any(row.label == label for row in self.lab.browsing.rows))
        for _ in self.lab.browsing.rows:
            row = self.lab.browsing.row
            if row is not None and row.label == label:
                break
            await self.pilot.press("right")
        assert label in self.shown("#steps")

    @property
    def notices(self) -> list[str]:
        return [each.message for each in self.app._notifications]

    def text(self) -> str:
        """The whole screen as it is, without colours."""
        width, height = self.app.size
        lines = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in line)[:width] for line in lines[:height])

    def shown(self, selector: str) -> str:
        """The text of one widget."""
        widget = self.app.screen.query_one(selector)
        return "\n".join(widget.render_line(y).text for y in range(widget.size.height))

    def said(self, selector: str) -> str:
        widget = self.app.screen.query_one(selector)
        if isinstance(widget, FewLines):
            return widget.said
        return str(widget.render())


class Screen(Anything):
    """The lab on a server."""

    def __init__(self, app: LabApp, pilot: QuickPilot, server: Server) -> None:
        super().__init__(app, pilot)
        self.server = server

    @property
    def pid(self) -> int:
        assert self.server.session.program.pid is not None
        return self.server.session.program.pid


def finished(screen: Anything, count: int) -> bool:
    """Whether so many journeys arrived, whole."""
    journeys = screen.lab.browsing.assembler.journeys
    return len(journeys) >= count and all(journey.complete for journey in journeys)


Open = Callable[..., AbstractAsyncContextManager[Screen]]
Begin = Callable[..., AbstractAsyncContextManager[Anything]]
