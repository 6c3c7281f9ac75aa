"""A session whose parent is killed at some moment: what is left of it?"""

import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

_PARENT = """
import os, sys, threading
if sys.argv[2] == "terminale":
    os.login_tty(0)
from passerella.cli.target import of_scenario
from passerella.events import FrontReady, Listening
from passerella.session.live import Session

def hear(batch):
    for _pid, event in batch:
        if isinstance(event, Listening) and event.port:
            print("porta", event.port, flush=True)
        if isinstance(event, FrontReady):
            print("porta", event.address.rpartition(":")[2], flush=True)

with Session(of_scenario(sys.argv[1]).command, hear) as session:
    session.wait_ready()
    print("pronto", flush=True)
    if sys.argv[2] != "finisce":
        threading.Event().wait()
"""
_PATIENCE = 15.0


def killed(scenario: str, folder: Path, after: float) -> list[str]:
    """Kill the parent ``after`` so many seconds; what is still there afterwards, in words."""
    parent = _started(scenario, folder, "resta")
    time.sleep(after)
    os.kill(parent.pid, signal.SIGKILL)
    said, _ = parent.communicate()
    return _left(folder, said)


def stopped(scenario: str, folder: Path) -> list[str]:
    """Let it start, serve and end by itself."""
    parent = _started(scenario, folder, "finisce")
    said, words = parent.communicate(timeout=60)
    if parent.returncode != 0 or "pronto" not in said:
        return [f"exit code {parent.returncode}: {words[-2000:]}"]
    return _left(folder, said)


def resized(scenario: str, folder: Path) -> list[str]:
    """Serve from a terminal that is resized; afterwards the parent is killed. What does not serve or is left, in words."""
    terminal, inner = os.openpty()
    parent = _started(scenario, folder, "terminale", inner)
    os.close(inner)
    said = _read_until(terminal, "pronto")
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    time.sleep(0.5)
    port = _ports(said)[-1]
    answers = [_asks(port) for _ in range(3)]
    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()
    os.close(terminal)
    return [*(f"answer {answer!r}" for answer in answers if b" 200 " not in answer), *_left(folder, said)]


def _read_until(terminal: int, word: str) -> str:
    said = ""
    while word not in said:
        said += os.read(terminal, 4096).decode("utf-8", "replace")
    return said


def _asks(port: int) -> bytes:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            return client.recv(200).partition(b"\r\n")[0]
    except OSError as error:
        return str(error).encode()


def _started(scenario: str, folder: Path, what: str, stdin: int = subprocess.DEVNULL) -> "subprocess.Popen[str]":
    folder.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-c", _PARENT, scenario, what],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=stdin,
        text=True,
        env={**os.environ, "TMPDIR": str(folder), "PASSERELLA_DATI": str(folder / "dati")},
    )


def _left(folder: Path, said: str) -> list[str]:
    ports = _ports(said)
    deadline = time.monotonic() + _PATIENCE
    left = _remains(folder, ports)
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = _remains(folder, ports)
    return left


def _ports(said: str) -> list[int]:
    return [int(line.split()[1]) for line in said.splitlines() if line.startswith("porta ")]


def _remains(folder: Path, ports: list[int]) -> list[str]:
    return [*files_in(folder), *processes_of(folder), *(f"port {port}" for port in ports if not is_free(port))]


def files_in(folder: Path) -> list[str]:
    """Whatever is there, while somebody may be taking it away."""
    return [f"file {Path(where) / name}" for where, folders, files in os.walk(folder) for name in (*folders, *files)]


def processes_of(folder: Path) -> list[str]:
    """Those that were told this folder, or that stand in it: a worker of Nginx says nothing else of itself."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            where = str((process / "cwd").readlink())
            state = (process / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z" and int(process.name) != os.getpid() and (str(folder).encode() in told or str(folder) in where):
            found.append(f"process {process.name} {told[:200]!r}")
    return found


def is_free(port: int) -> bool:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
