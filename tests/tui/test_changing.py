"""Another server, another app, a file that is saved: with the very source that the command line uses."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from passerella.cli.live_source import SessionSource
from passerella.cli.target import of_change
from passerella.errors import CommandError
from passerella.session.app_in_file import app_in_file
from passerella.tui.app import LabApp
from passerella.tui.changing import change_to
from passerella.tui.row_list import RowList
from passerella.tui.source import Change, Phase
from tui.quick_pilot import QuickPilot

APP = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"{word}"]
"""


@asynccontextmanager
async def opened(change: Change) -> AsyncIterator[tuple[LabApp, QuickPilot]]:
    source = SessionSource(of_change(change))
    app = LabApp(source)
    try:
        async with app.run_test(size=(120, 40)):
            await until(lambda: app.lab.status.phase is Phase.READY)
            yield app, QuickPilot(app)
    finally:
        source.close()


async def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def ready_again(app: LabApp) -> None:
    await until(lambda: app.lab.status.phase is not Phase.READY)
    await until(lambda: app.lab.status.phase is Phase.READY)


async def saved(app: LabApp, file: Path, text: str) -> None:
    """Save until it is noticed: the folder is followed from a moment after the server is ready."""
    deadline = time.monotonic() + 30
    while app.lab.status.phase is Phase.READY:
        assert time.monotonic() < deadline
        file.write_text(text)
        again = time.monotonic() + 2
        while app.lab.status.phase is Phase.READY and time.monotonic() < again:
            await asyncio.sleep(0.02)


async def sent(app: LabApp, pilot: QuickPilot) -> bytes:
    """The response to the request that the composer has ready."""
    await pilot.press("r", "enter")
    await until(lambda: app.lab.browsing.journey is not None and app.lab.browsing.journey.complete)
    assert app.lab.browsing.journey is not None
    return bytes(app.lab.browsing.journey.response)


async def test_the_same_app_on_another_server_with_other_options() -> None:
    async with opened(Change(scenario="waitress-flask")) as (app, pilot):
        await pilot.press("colon", *"cambia server", "enter", *"gunicorn", "enter")
        await ready_again(app)
        assert app.lab.status.server.startswith("gunicorn")
        await pilot.press("colon", *"cambia opzioni", "enter", *"thread 4", "enter")
        await ready_again(app)
        assert "--threads 4" in app.lab.status.command
        assert b"200 OK" in await sent(app, pilot)
        assert app.lab.browsing.journey is not None
        threads = {step.thread for step in app.lab.browsing.journey.steps}
        assert any("ThreadPoolExecutor" in name for name in threads)


@pytest.mark.parametrize(
    ("command", "begins"), [("cambia server", "Waitress"), ("scegli scenario", "Waitress con Flask")]
)
async def test_a_list_begins_at_what_runs(command: str, begins: str) -> None:
    async with opened(Change(scenario="waitress-flask")) as (app, pilot):
        await pilot.press("colon", *command, "enter")
        listed = app.screen.query_one(RowList)
        await until(lambda: begins in listed.render_line(listed.cursor).text)
        assert listed.cursor > 0
        await pilot.press(*"gunicorn")
        await until(lambda: "Gunicorn" in listed.render_line(0).text)
        assert listed.cursor == 0


async def test_my_app_is_traced_and_starts_again_when_it_is_saved(tmp_path: Path) -> None:
    file = tmp_path / "mia.py"
    file.write_text(APP.replace("{word}", "prima"))
    async with opened(Change(scenario="wsgiref-wsgi")) as (app, pilot):
        await pilot.press("colon", *"traccia la mia", "enter")
        await pilot.press(*"nessuno", "enter")
        assert app.screen is not app.lab
        app.screen.query_one("Input").value = str(file)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await ready_again(app)
        assert b"prima" in await sent(app, pilot)
        url = app.lab.status.url
        await saved(app, file, APP.replace("{word}", "dopo!"))
        await ready_again(app)
        assert app.lab.status.url == url, "a page that is open in a browser finds it again"
        assert b"dopo!" in await sent(app, pilot)
        await saved(app, file, APP.replace("{word}", "prova"))
        assert app.lab.status.phase is Phase.STARTING
        era = app.lab._arrivals.era
        app.lab.watching._saved("mia.py")  # while the server starts, maybe with the file as it was
        await until(lambda: app.lab._arrivals.era == era + 1 and app.lab.status.phase is Phase.READY)


async def test_an_app_that_does_not_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "rotta.py").write_text("import nessun_modulo_cosi\napp = 1\n")
    async with opened(Change(scenario="wsgiref-wsgi")) as (app, pilot):
        app.lab.start(change_to(str(tmp_path / "rotta.py")))
        await until(lambda: app.lab.status.phase is Phase.FAILED)
        assert "nessun_modulo_cosi" in app.lab.status.message
        # «scegli» is said of other commands too: those that are called so come first. A scenario is found by its id.
        await pilot.press("colon", *"scegli sce", "enter", *"wsgiref-wsgi", "enter")
        await until(lambda: app.lab.status.phase is Phase.READY)
        assert app.lab.live.running.scenario == "wsgiref-wsgi"


def test_what_a_file_asks_for(tmp_path: Path) -> None:
    package = tmp_path / "progetto" / "sito"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "principale.py").write_text("from flask import Flask\napplication = Flask(__name__)\n")
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "b.py").write_text("def f(:\n")
    (tmp_path / "una.py").write_text("import fastapi\nsito = fastapi.FastAPI()\n")
    (tmp_path / "due.py").write_text("uno = Flask('a')\ndue = Flask('b')\n")
    (tmp_path / "tre.py").write_text("altra = Flask('a')\napp = Flask('b')\n")
    assert [app_in_file(name, tmp_path).app for name in ("una.py", "tre.py")] == ["una:sito", "tre:app"]
    assert app_in_file("progetto/sito/principale.py", tmp_path) == (
        "sito.principale:application",
        tmp_path / "progetto",
    )
    assert app_in_file("a.py:crea.app", tmp_path).app == "a:crea.app"
    assert app_in_file("a.py:x", tmp_path).app == "a:x"
    for text, words in {
        "": "Scrivi il nome",
        "niente.py": "non c'è",
        "a.py": "non vedo «app»",
        "b.py": "errore alla riga 1",
        "due.py": r"più applicazioni \(uno, due\)",
        "a.py:1x": "non si può importare",
        "x" * 400: "il nome è troppo lungo",
        "~nessuno_con_questo_nome/a.py": "cartella personale",
        "a\0b": "un carattere",
    }.items():
        with pytest.raises(CommandError, match=words):
            app_in_file(text, tmp_path)
