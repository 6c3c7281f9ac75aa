"""Serves a WSGI app with wsgiref, on this computer only: python wsgiref_server.py module:attribute [port]

It stands alone: it runs under the student's interpreter (3.8 or later), where Passerella is not installed.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

HOST = "127.0.0.1"
CALLED = "()"
PATIENCE = 1.0  # seconds given at the end to the request that is being served


def main(target: str, port: str = "0") -> None:
    at_signal(leave)
    current_folder_first()
    app = load(target)
    with make_server(HOST, int(port), app) as server:
        # Not an exception: wsgiref.handlers.BaseHandler.run swallows what is raised during a request.
        at_signal(server.shutdown, leave_late)
        sys.stderr.write(f"wsgiref ascolta su http://{HOST}:{server.server_port}\n")
        sys.stderr.flush()
        server.serve_forever(poll_interval=0.1)


def load(target: str) -> Any:
    """The object that «module:attribute» names; without an attribute, «application». «module:function()» is called."""
    name, called, _ = target.partition(CALLED)
    module, _, attribute = name.partition(":")
    found: Any = importlib.import_module(module)
    for part in (attribute or "application").split("."):
        found = getattr(found, part)
    return found() if called else found


def current_folder_first() -> None:
    """As «python -m» does. This script's own folder is nobody's business."""
    here = Path(__file__).resolve().parent
    others = [folder for folder in sys.path if Path(folder).resolve() != here]
    sys.path[:] = [str(Path.cwd()), *others]


def at_signal(*acts: Callable[[], None]) -> None:
    """Do each of ``acts`` in a thread of its own: the main one may be in the middle of anything."""

    def start(number: int, frame: object) -> None:
        for act in acts:
            threading.Thread(target=act, daemon=True).start()

    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):  # the last one only on Windows
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), start)


def leave_late() -> None:
    """Leave even if a request keeps the server busy."""
    threading.Event().wait(PATIENCE)
    leave()


def leave() -> None:
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
