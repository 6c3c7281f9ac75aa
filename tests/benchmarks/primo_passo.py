"""How long until the first step is on the screen, in a real pseudo-terminal.

    python tests/benchmarks/primo_passo.py [SCENARIO] [TIMES]

Prints, for each run, the seconds to the first paint and to the first row of a journey, and beside them what the
server alone needs to answer its first request: the same machine, the same moment.
"""

import os
import pty
import select
import signal
import struct
import subprocess
import sys
import time
from fcntl import ioctl
from statistics import median
from termios import TIOCSWINSZ

PAINTED = b"Laboratorio"
FIRST_ROW = b"byte spediti"
PATIENCE = 20.0


def screen(scenario: str) -> tuple[float, float]:
    """Seconds to the first paint and to the first row."""
    started = time.monotonic()
    pid, terminal = pty.fork()
    if pid == 0:
        words = [sys.executable, "-m", "passerella.cli", "traccia", scenario, "-r", "GET /ciao?nome=Ada"]
        os.execvpe(words[0], words, {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"})  # noqa: S606
    ioctl(terminal, TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    seen, painted = b"", 0.0
    try:
        while time.monotonic() - started < PATIENCE:
            if select.select([terminal], [], [], 0.05)[0]:
                seen += os.read(terminal, 65536)
            if not painted and PAINTED in seen:
                painted = time.monotonic() - started
            if FIRST_ROW in seen:
                return painted, time.monotonic() - started
    finally:
        os.kill(pid, signal.SIGTERM)
        os.close(terminal)
        os.waitpid(pid, 0)
    raise SystemExit("nessun passo sullo schermo")


def without_screen(scenario: str) -> float:
    """Seconds of the same trace without a screen, from start to end."""
    started = time.monotonic()
    words = [sys.executable, "-m", "passerella.cli", "traccia", scenario, "-r", "GET /ciao?nome=Ada", "--json"]
    subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.monotonic() - started


def main() -> None:
    scenario = sys.argv[1] if len(sys.argv) > 1 else "gunicorn-flask"
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    runs = [(*screen(scenario), without_screen(scenario)) for _ in range(times)]
    for painted, row, whole in runs:
        sys.stdout.write(f"dipinto {painted:.2f} s   primo passo {row:.2f} s   senza schermo {whole:.2f} s\n")
    painted, row, whole = (median(column) for column in zip(*runs, strict=True))
    sys.stdout.write(f"mediane: {painted:.2f} s   {row:.2f} s   {whole:.2f} s   rapporto {row / whole:.2f}\n")


if __name__ == "__main__":
    main()
