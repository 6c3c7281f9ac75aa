"""What the probe costs: the server's CPU time for each request, with and without it, side by side in one run.

    python tests/benchmarks/costo.py [REQUESTS] [ROUNDS] [CASE…]

Three ways of observing: every step of every request kept; the defaults (200 journeys a second in full, up to 1,000 by
their bytes, the others counted); attached while nobody looks. The requests come as fast as the server answers. The
rounds alternate, so that a machine that slows down slows everybody; what is printed is the median of the ratios round
by round. Where processors can be chosen, the server has one of its own: whoever asks and whoever looks, another.
OpenTelemetry's middleware and viztracer join where they are installed (opentelemetry-instrumentation-wsgi
and -asgi, opentelemetry-sdk; viztracer).
"""

import importlib.util
import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from statistics import median

from passerella.session.live import Command, Session

WSGI_APP = """
from flask import Flask, request
app = Flask(__name__)

@app.get("/ciao")
def ciao():
    return f"Ciao, {request.args['nome']}!"
"""
STARLETTE_APP = """
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

async def ciao(request):
    return PlainTextResponse(f"Ciao, {request.query_params['nome']}!")

app = Starlette(routes=[Route("/ciao", ciao)])
"""
FASTAPI_APP = """
from fastapi import FastAPI
app = FastAPI()

@app.get("/ciao")
async def ciao(nome: str):
    return {"ciao": nome}
"""
SPANS = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

class Nowhere(SpanExporter):
    def export(self, spans):
        return SpanExportResult.SUCCESS

trace.set_tracer_provider(TracerProvider())
trace.get_tracer_provider().add_span_processor(BatchSpanProcessor(Nowhere()))
"""
WSGI_SPANS = "from opentelemetry.instrumentation.wsgi import OpenTelemetryMiddleware\napp.wsgi_app = OpenTelemetryMiddleware(app.wsgi_app)\n"
ASGI_SPANS = (
    "from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware\napp = OpenTelemetryMiddleware(app)\n"
)

GUNICORN = ["-m", "gunicorn", "-b", "127.0.0.1:0", "-w", "1", "--no-control-socket", "--log-level", "info"]
UVICORN = ["-m", "uvicorn", "--port", "0", "--no-access-log"]
CASES = {
    "gunicorn + flask": (GUNICORN, WSGI_APP, WSGI_SPANS),
    "uvicorn h11 + starlette": ([*UVICORN, "--http", "h11", "--loop", "asyncio"], STARLETTE_APP, ASGI_SPANS),
    "uvicorn httptools + uvloop + fastapi": (
        [*UVICORN, "--http", "httptools", "--loop", "uvloop"],
        FASTAPI_APP,
        ASGI_SPANS,
    ),
}
REQUEST = b"GET /ciao?nome=Ada HTTP/1.1\r\nHost: x\r\n\r\n"
WARM_UP = 50
TOGETHER = 4  # connections
PROCESSORS = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
EVERYTHING = 1_000_000  # journeys a second
VIZTRACER = [
    "--output_file",
    "traccia.json",
    "--tracer_entries",
    "100000",
    "--quiet",
    "--ignore_c_function",
    "--module",
]

Run = Callable[[list[str], Path], AbstractContextManager[tuple[int, int]]]
TICK = os.sysconf("SC_CLK_TCK")


def cpu(group: int) -> float:
    """Seconds of CPU that the processes of a group have used."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            total += (int(fields[11]) + int(fields[12])) / TICK
    return total


def give_a_processor(group: int) -> None:
    """One for the processes of ``group``, the others for us."""
    if not hasattr(os, "sched_setaffinity") or len(PROCESSORS) < 2:
        return
    os.sched_setaffinity(0, PROCESSORS[1:])
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[2]) == group:
                for thread in (stat.parent / "task").iterdir():
                    os.sched_setaffinity(int(thread.name), PROCESSORS[:1])
        except OSError:
            continue


def ask_at_full_speed(port: int, count: int) -> None:
    """``count`` requests on some connections at once, from a process of its own, so that the server never waits."""
    asking = multiprocessing.get_context("spawn").Process(target=_ask_together, args=(port, count))
    asking.start()
    asking.join()


def _ask_together(port: int, count: int) -> None:
    threads = [threading.Thread(target=ask, args=(port, count // TOGETHER)) for _ in range(TOGETHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def ask(port: int, count: int) -> None:
    """``count`` requests, on one connection as long as the server keeps it."""
    client = None
    for _ in range(count):
        if client is None:
            client = socket.create_connection(("127.0.0.1", port))
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.sendall(REQUEST)
        if not _answered(client):
            client.close()
            client = None
    if client is not None:
        client.close()


def _answered(client: socket.socket) -> bool:
    """Read one answer; whether the connection can be used again."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += client.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(re.findall(rb"(?i)content-length: (\d+)", head)[0])
    while len(body) < length:
        body += client.recv(65536)
    return b"connection: close" not in head.lower()


@contextmanager
def bare(argv: list[str], folder: Path) -> Iterator[tuple[int, int]]:
    """The server by itself: ``(port, process group)``."""
    with tempfile.TemporaryFile() as words:
        server = subprocess.Popen(argv, cwd=folder, stdout=words, stderr=words, start_new_session=True)
        try:
            yield _port(words), server.pid
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait()


def _port(words: object) -> int:
    for _ in range(300):
        time.sleep(0.05)
        words.seek(0)  # type: ignore[attr-defined]
        found = re.search(rb"http://127\.0\.0\.1:(\d+)", words.read())  # type: ignore[attr-defined]
        if found:
            time.sleep(0.5)
            return int(found[1])
    raise SystemExit("il server non è partito")


def traced(prepare: Callable[[Session], None]) -> Run:
    """The server under the probe, with a viewer that takes in every event."""

    @contextmanager
    def run(argv: list[str], folder: Path) -> Iterator[tuple[int, int]]:
        with Session(Command(argv, folder), lambda batch: None) as session:
            session.wait_ready()
            prepare(session)
            yield session.port, session.program.pid or 0

    return run


def keep_all(session: Session) -> None:
    session.limit(EVERYTHING, EVERYTHING)


def keep_the_default(session: Session) -> None:
    """Nothing to ask for."""


def look_away(session: Session) -> None:
    session.watch(False)


def measure(run: Run, argv: list[str], folder: Path, count: int) -> float:
    """Microseconds of CPU for each request."""
    with run(argv, folder) as (port, group):
        ask(port, WARM_UP)
        time.sleep(0.2)
        give_a_processor(group)
        before = cpu(group)
        ask_at_full_speed(port, count)
        time.sleep(0.3)
        return (cpu(group) - before) / count * 1e6


def compare(name: str, count: int, rounds: int) -> None:
    options, app, spans = CASES[name]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "nuda.py").write_text(app, encoding="utf-8")
        (folder / "campate.py").write_text(SPANS + app + spans, encoding="utf-8")
        plain = [sys.executable, *options, "nuda:app"]
        ways: dict[str, tuple[Run, list[str]]] = {
            "sola": (bare, plain),
            "ogni passo": (traced(keep_all), plain),
            "predefinita": (traced(keep_the_default), plain),
            "nessuno guarda": (traced(look_away), plain),
        }
        if importlib.util.find_spec("opentelemetry.sdk") is not None:
            ways["OpenTelemetry"] = (bare, [sys.executable, *options, "campate:app"])
        if importlib.util.find_spec("viztracer") is not None:
            ways["viztracer"] = (bare, [sys.executable, "-m", "viztracer", *VIZTRACER, *options[1:], "nuda:app"])
        seen: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(rounds):
            for way, (run, argv) in ways.items():
                seen[way].append(measure(run, argv, folder, count))
    sys.stdout.write(f"{name}: sola {median(seen['sola']):.0f} µs\n")
    for way in list(ways)[1:]:
        ratio = median(one / alone for one, alone in zip(seen[way], seen["sola"], strict=True))
        sys.stdout.write(f"    {way:<14} {median(seen[way]):6.0f} µs   ×{ratio:.2f}\n")
    sys.stdout.flush()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    for name in sys.argv[3:] or CASES:
        compare(name, count, rounds)


if __name__ == "__main__":
    main()
