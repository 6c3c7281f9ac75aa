"""A scenario under the probe beside the same server without it, and the journeys of what is asked of it."""

import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

from passerella.cli.target import of_scenario
from passerella.client.answer import Answer
from passerella.client.exchange import run
from passerella.client.prepared import Prepared
from passerella.client.request import compose
from passerella.events import Event, FrontReady, Listening
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey
from passerella.scenarios import Scenario
from passerella.servers import SERVERS
from passerella.session.live import Session, State
from session.killing import files_in, is_free, processes_of

HOST = "127.0.0.1"
_PATIENCE = 15.0
_CHANGES_BY_ITSELF = re.compile(rb"(?i)\r\ndate: [^\r\n]*")

Over = Callable[[Journey], bool]


class Plain:
    """The server of a scenario as anybody would start it. Where a web server is in front there is none."""

    def __init__(self, scenario: Scenario, folder: Path) -> None:
        server = SERVERS[scenario.server]
        with socket.create_server((HOST, 0)) as free:
            self.port = int(free.getsockname()[1])
        installed = version(server.distribution) if server.distribution else None
        words = server.command(sys.executable, scenario.app, port=self.port, version=installed)
        self._output = (folder / "uscita.txt").open("wb")
        self._process = subprocess.Popen(
            words, cwd=scenario.folder, stdout=self._output, stderr=self._output, start_new_session=True
        )
        self._stop = server.stop

    def wait(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while True:
            with socket.socket() as probe:
                if probe.connect_ex((HOST, self.port)) == 0:
                    return
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def ask(self, requests: Sequence[Prepared], same_connection: bool) -> list[Answer]:
        return run(requests, HOST, self.port, lambda event: None, same_connection=same_connection)

    def stop(self) -> None:
        self._process.send_signal(self._stop)

    def wait_until_it_ends(self) -> None:
        self._process.wait(_PATIENCE)
        self._output.close()


class Running:
    """Both servers. :meth:`ask` asks both the same, and gives the answers and journeys of the traced one."""

    def __init__(self, scenario: Scenario, folder: Path) -> None:
        self.scenario = scenario
        self.ports: list[int] = []
        self.folder = folder
        self._assembler, self._lock = Assembler(), threading.Lock()
        self._seen = 0
        self._closed = False
        self._plain = None if scenario.front else Plain(scenario, folder)
        self.session = Session(of_scenario(scenario.id).command, self._hear)
        assert self.session.wait_ready() is State.READY
        if self._plain is not None:
            self._plain.wait()

    def _hear(self, batch: list[tuple[int, Event]]) -> None:
        with self._lock:
            for pid, event in batch:
                self._assembler.feed(pid, event)
                if isinstance(event, Listening) and event.port:
                    self.ports.append(event.port)
                elif isinstance(event, FrontReady):
                    self.ports.append(int(event.address.rpartition(":")[2]))

    @property
    def host(self) -> str:
        return self.session.url.partition("//")[2]

    def prepared(self, line: str, host: str | None = None) -> Prepared:
        body = self.scenario.bodies.get(line)
        return Prepared.of(compose(line, host=host or self.host, body=body.encode() if body else None))

    def ask(self, *lines: str, same_connection: bool = False) -> list[tuple[Prepared, Answer, Journey]]:
        with ThreadPoolExecutor(1) as pool:
            plain = pool.submit(self._ask_plain, lines, same_connection)
            requests = [self.prepared(line) for line in lines]
            answers = self.session.send(requests, same_connection=same_connection)
        for answer, other in zip(answers, plain.result(), strict=True) if self._plain is not None else ():
            assert self._comparable(answer.data, self.session.port) == self._comparable(other.data, self._plain_port)
        return list(zip(requests, answers, self.journeys(len(lines)), strict=True))

    def _ask_plain(self, lines: Sequence[str], same_connection: bool) -> list[Answer]:
        if self._plain is None:
            return []
        host = f"{HOST}:{self._plain.port}"
        return self._plain.ask([self.prepared(line, host) for line in lines], same_connection)

    @property
    def _plain_port(self) -> int:
        return self._plain.port if self._plain is not None else 0

    def _comparable(self, data: bytes, port: int) -> bytes:
        return _CHANGES_BY_ITSELF.sub(b"", data).replace(f":{port}".encode(), b":PORTA")

    def journeys(self, count: int, over: Over = lambda journey: journey.quiet) -> list[Journey]:
        """The journeys since the last time: so many, all over."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            with self._lock:
                self._assembler.take_changed()
                found = self._assembler.journeys[self._seen :]
            if (len(found) >= count and all(over(journey) for journey in found)) or time.monotonic() > deadline:
                break
            time.sleep(0.01)
        self._seen += len(found)
        assert len(found) == count, found
        assert all(over(journey) for journey in found), [_walk(journey) for journey in found]
        return found

    def close(self) -> None:
        """Once is enough, and twice harms nobody."""
        if not self._closed:
            self._closed = True
            if self._plain is not None:
                self._plain.stop()
            self.session.close()
            if self._plain is not None:
                self._plain.wait_until_it_ends()

    def left(self) -> list[str]:
        """What is still there of the session, in words."""
        (self.folder / "uscita.txt").unlink(missing_ok=True)
        return [
            *files_in(self.folder),
            *processes_of(self.folder),
            *(f"port {port}" for port in self.ports if not is_free(port)),
        ]


def _walk(journey: Journey) -> list[str]:
    return [step.name for step in journey.steps if step.level == 2]
