"""Requests at a steady rate for an hour: what is traced and who traces it keep the memory they had (design §5).

    python tests/long/un_ora.py [MINUTES] [RATE] [SERVER]

SERVER is ``gunicorn`` (sync, Flask: a connection for each request), ``gthread`` (Flask, kept alive) or ``uvicorn``
(FastAPI, kept alive). Each minute a line: resident memory and CPU of the traced processes and of this one, which does
what the lab does with a trace. It ends with 1 when either reached a tenth more in the second half than in the first,
since the journeys that are kept have all been kept once.
"""

import os
import socket
import sys
import threading
import time
from collections import deque
from pathlib import Path

from passerella.events import Event
from passerella.journeys.assembler import Assembler
from passerella.session.live import Command, Session

MINUTES, RATE = 60.0, 100.0
CONNECTIONS = 4
GROWTH = 1.1
APPS = Path(__file__).parents[2] / "app" / "passerella" / "scenarios" / "apps"
_GUNICORN = [sys.executable, "-m", "gunicorn", "-b", "127.0.0.1:0", "--no-control-socket"]
SERVERS = {
    "gunicorn": (False, [*_GUNICORN, "app_flask:app"]),
    "gthread": (True, [*_GUNICORN, "-k", "gthread", "--threads", "4", "app_flask:app"]),
    "uvicorn": (True, [sys.executable, "-m", "uvicorn", "--port", "0", "--no-access-log", "app_fastapi:app"]),
}
_REQUEST = (
    "GET /ciao?nome=Ada{n} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"
    "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8\r\nAccept-Language: it,en;q=0.5\r\n"
    "Cookie: sessione={n:032x}\r\n{more}\r\n"
)
_TICK = 1 / 30  # as often as the lab takes in what arrived


class Client:
    """Asks at a steady rate on a connection of its own, kept or not."""

    def __init__(self, port: int, rate: float, keep: bool) -> None:
        self.answered = 0
        self.failed = 0
        self._port, self._rate, self._keep = port, rate, keep
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        line: socket.socket | None = None
        due = time.monotonic()
        while not self._ended.wait(max(0.0, due - time.monotonic())):
            due += 1 / self._rate
            try:
                line = line or socket.create_connection(("127.0.0.1", self._port), 10)
                self._ask(line)
                self.answered += 1
            except OSError:
                self.failed += 1
                self._keep_none(line)
                line = None
            if not self._keep:
                self._keep_none(line)
                line = None

    def _ask(self, line: socket.socket) -> None:
        more = "" if self._keep else "Connection: close\r\n"
        line.sendall(_REQUEST.format(n=self.answered, more=more).encode())
        received = b""
        while b"Ciao, Ada" not in received:
            data = line.recv(65536)
            if not data:
                raise OSError
            received += data

    def _keep_none(self, line: socket.socket | None) -> None:
        if line is not None:
            line.close()


class Viewer:
    """Takes in what the probes say, thirty times a second."""

    def __init__(self) -> None:
        self.assembler = Assembler()
        self.inbox: deque[tuple[int, Event]] = deque()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(_TICK):
            while self.inbox:
                self.assembler.feed(*self.inbox.popleft())
            self.assembler.take_changed()


def resident(pid: int) -> float:
    """MiB of real memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def processor(pid: int) -> float:
    """Seconds of CPU so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Curve:
    """Lines, and how much the second half of them grew."""

    def __init__(self, pids: list[int]) -> None:
        self._pids = pids
        self._points: list[tuple[int, float, float]] = []
        self._before = self._cpu()
        self._at = time.monotonic()
        say("minuto  traccia MiB  CPU  server MiB  CPU  viaggi  andati  risposte  non registrati")

    def add(self, minute: float, viewer: Viewer, clients: list[Client]) -> None:
        ours, theirs = resident(os.getpid()), sum(resident(pid) for pid in self._pids)
        cpu, now = self._cpu(), time.monotonic()
        own, their = ((after - before) / (now - self._at) for after, before in zip(cpu, self._before, strict=True))
        self._before, self._at = cpu, now
        assembler = viewer.assembler
        self._points.append((assembler.let_go, ours, theirs))
        say(
            f"{minute:6.1f}  {ours:11.1f}  {own:3.0%}  {theirs:10.1f}  {their:3.0%}  {len(assembler.journeys):6}"
            f"  {assembler.let_go:6}  {sum(each.answered for each in clients):8}  {assembler.dropped + assembler.counted}"
            f"  senza risposta {sum(each.failed for each in clients)}"
        )

    def growth(self) -> tuple[float, float]:
        """The most of the second half, in times the most of the first: this process, and the traced ones.

        Only since journeys are let go. What leaks goes on growing; what is flat does not, whatever its steps were.
        """
        steady = [point for point in self._points if point[0]] or self._points[-1:]
        first, second = steady[: (len(steady) + 1) // 2], steady[len(steady) // 2 :]
        return max(each[1] for each in second) / max(each[1] for each in first), max(each[2] for each in second) / max(
            each[2] for each in first
        )

    def _cpu(self) -> tuple[float, float]:
        return processor(os.getpid()), sum(processor(pid) for pid in self._pids)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(minutes: float, rate: float, server: str) -> int:
    keep, argv = SERVERS[server]
    viewer = Viewer()
    with Session(Command(argv, APPS), viewer.inbox.extend) as session:
        session.wait_ready()
        clients = [Client(session.port, rate / CONNECTIONS, keep) for _ in range(CONNECTIONS)]
        time.sleep(5)
        curve = Curve([each.pid for each in viewer.assembler.processes.values() if each.hello is not None])
        began = time.monotonic()
        while (passed := (time.monotonic() - began) / 60) < minutes:
            curve.add(passed, viewer, clients)
            time.sleep(min(60.0, max(1.0, (minutes - passed) * 60)))
        curve.add(minutes, viewer, clients)
        for each in clients:
            each.end()
    viewer.end()
    ours, theirs = curve.growth()
    say(f"cresciuti: chi traccia di {ours:.2f} volte, il server di {theirs:.2f} volte")
    return 0 if max(ours, theirs) <= GROWTH else 1


if __name__ == "__main__":
    minutes, rate, server = [*sys.argv[1:], *(str(MINUTES), str(RATE), "gunicorn")[len(sys.argv) - 1 :]]
    sys.exit(main(float(minutes), float(rate), server))
