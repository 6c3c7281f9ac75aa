"""Serves an app with Granian behind a relay of ours: python granian_relay.py wsgi|asgi module:attribute [port]

Granian reads and writes in Rust, where the probe does not see: its bytes are seen while they pass here. It stands
alone: it runs under the student's interpreter, where Passerella is not installed.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading

from passerella_relay import HOST, relay, wait_for

START = 30.0  # seconds that Granian has to start
PATIENCE = 2.0  # seconds that it has to stop


def main(interface: str, target: str, port: str = "0") -> None:
    behind = free_port()
    words = [
        "--interface",
        interface,
        "--host",
        HOST,
        "--port",
        str(behind),
        "--workers-kill-timeout",
        "1",
        *the_app(target),
    ]
    leaving = threading.Event()
    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):  # the last one only on Windows
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, frame: leaving.set())
    with socket.create_server((HOST, int(port))) as listener:
        server = subprocess.Popen([sys.executable, "-m", "granian", *words])
        threading.Thread(target=serve, args=(listener, behind), name="relay", daemon=True).start()
        while server.poll() is None and not leaving.wait(0.05):
            pass
        code = stop(server)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0 if leaving.is_set() else code)


def the_app(target: str) -> list[str]:
    """«module:function()» makes the app."""
    name, called, _ = target.partition("()")
    return ["--factory", name] if called else [name]


def serve(listener: socket.socket, behind: int) -> None:
    if wait_for(behind, START):
        relay(listener, behind)


def stop(server: subprocess.Popen[bytes]) -> int:
    if server.poll() is None:
        server.terminate()
    try:
        return server.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()
        return server.wait()


def free_port() -> int:
    """Granian says port 0 when it is asked for any free one, so one is chosen for it."""
    with socket.socket() as taken:  # it does not listen: nobody must take it for the server
        taken.bind((HOST, 0))
        return int(taken.getsockname()[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
