"""A Flask view written with «async def» is called through asgiref's AsyncToSync: it is the view all the same."""

import sys
import time
from pathlib import Path

from holds.test_holds import PATIENCE, watched
from passerella.servers import SERVERS
from passerella.session.live import Command

APP = """
from flask import Flask
app = Flask(__name__)

@app.get("/x")
async def pagina():
    return "ciao"
"""


def test_the_view_is_seen(tmp_path: Path) -> None:
    (tmp_path / "asincrona.py").write_text(APP)
    command = Command(SERVERS["wsgiref"].command(sys.executable, "asincrona:app"), tmp_path)
    with watched(command) as seen:
        seen.ask("/x").join(PATIENCE)
        time.sleep(0.2)
        [journey] = seen.journeys
        views = [step for step in journey.steps if step.station == "view"]
        assert [step.name for step in views] == ["view", "view_return"]
        assert views[0].source is not None
        assert views[0].source.name == "pagina"
        assert views[1].value["result"] == "ciao"
