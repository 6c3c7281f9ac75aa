"""A function that makes the app: each server that can calls it, and the app is traced as any other."""

import queue
import sys
from pathlib import Path

import pytest

from passerella.cli.target import of_app
from passerella.client.prepared import Prepared
from passerella.events import Entered, Event
from passerella.servers import ASGI, SERVERS, Server
from passerella.session.available import server_unavailable
from passerella.session.live import Session, State

FILES = {
    ASGI: "from fastapi import FastAPI\n\ndef crea():\n    app = FastAPI()\n    app.get('/')(lambda: 'ciao')\n    return app\n",
    "wsgi": "from flask import Flask\n\ndef crea():\n    app = Flask('x')\n    app.get('/')(lambda: 'ciao')\n    return app\n",
}
CALLERS = [server for server in SERVERS.values() if server.making]


@pytest.mark.parametrize("server", CALLERS, ids=lambda server: server.name)
def test_it_serves_what_the_function_makes(server: Server, tmp_path: Path) -> None:
    reason = server_unavailable(server.name)
    if reason:
        pytest.skip(reason)
    (interface,) = server.interfaces
    (tmp_path / "fabbrica.py").write_text(FILES[interface], encoding="utf-8")
    called: queue.Queue[str] = queue.Queue()

    def hear(batch: list[tuple[int, Event]]) -> None:
        for _pid, event in batch:
            if isinstance(event, Entered) and "app" in event.value:
                called.put(event.value["app"])

    target = of_app("fabbrica:crea", (), server.name, sys.executable, folder=tmp_path)
    with Session(target.command, hear) as session:
        assert session.wait_ready() is State.READY
        (answer,) = session.send([Prepared.of(b"GET / HTTP/1.1\r\nHost: prova\r\nConnection: close\r\n\r\n")])
        assert answer.status == 200
        assert called.get(timeout=10) in ("flask.app.Flask", "fastapi.applications.FastAPI")
