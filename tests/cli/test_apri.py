"""``passerella apri``, ``--salva`` and ``--esporta`` on a real server."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from passerella.cli.recorded_source import RecordedSource
from passerella.recordings.reading import Recording
from passerella.session.recovery import Keeper, recoverable
from passerella.tui.app import LabApp
from passerella.tui.files import on_disk, read_source
from passerella.tui.keys_bar import KeysBar
from passerella.tui.title_bar import TitleBar
from recordings.made import conversation, journeys_of, process

from .conftest import Run

SECRET = "Zq8-segretissimo"


@pytest.fixture
def data(temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own folder."""
    monkeypatch.setenv("PASSERELLA_DATI", str(tmp_path / "dati"))
    return tmp_path / "dati"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("salvati")
    words = ["traccia", "gunicorn-flask", "-r", f"GET /ciao?nome=Ada&token={SECRET}", "-r", "GET /errore", "--testo"]
    words += ["-H", f"Authorization: Bearer {SECRET}", "--salva", str(folder / "a.passerella")]
    words += ["--esporta", "har", str(folder / "a.har"), "--esporta", "json", str(folder / "a.json")]
    done = subprocess.run(
        [sys.executable, "-m", "passerella.cli", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PASSERELLA_DATI": str(folder / "dati"), "TMPDIR": str(folder)},
    )
    assert done.returncode == 0, done.stderr
    (folder / "detto.txt").write_text(done.stdout, "utf-8")
    return folder


def test_what_is_saved_is_what_was_told_without_secrets(saved: Path, data: Path, passerella: Run) -> None:
    done = passerella("apri", str(saved / "a.passerella"), "--testo")
    assert done.returncode == 0
    assert "Registrazione di gunicorn" in done.stderr
    told = (saved / "detto.txt").read_text("utf-8").replace(SECRET, "*" * len(SECRET))
    assert done.stdout == told
    assert "GET /ciao?nome=Ada&token=****" in told
    for name in ("a.passerella", "a.har", "a.json"):
        assert SECRET not in (saved / name).read_text("utf-8")
    assert stat.S_IMODE((saved / "a.passerella").stat().st_mode) == 0o600
    assert list((saved / "dati").rglob("*.passerella")) == []


def test_the_journeys_are_told_in_the_file_with_the_code_that_they_show(saved: Path) -> None:
    with Recording(saved / "a.passerella") as recording:
        assert recording.trouble == ""
        assert [journey.status for journey in recording.journeys] == [200, 500]
        step = next(step for step in recording.journeys[0].steps if step.name == "view")
        assert step.source is not None
        assert "ciao" in "".join(recording.code(step.source.path).values())
        libraries = {name for known in recording.processes.values() for name in known.libraries}
        assert {"gunicorn", "flask"} <= libraries


def test_json_of_a_recording(saved: Path, data: Path, passerella: Run) -> None:
    done = passerella("apri", str(saved / "a.passerella"), "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines[0]["kind"] == "session"
    assert lines[0]["server"]["name"] == "gunicorn"
    assert [line["status"] for line in lines if line["kind"] == "journey"] == [200, 500]
    assert min(line["t_ns"] for line in lines if line["kind"] == "step") >= 0
    assert (saved / "a.json").read_text("ascii") == done.stdout


def test_one_journey_becomes_a_page(saved: Path, data: Path, passerella: Run, tmp_path: Path) -> None:
    page = tmp_path / "viaggio.html"
    words = ("apri", str(saved / "a.passerella"), "--esporta", "html", str(page))
    done = passerella(*words)
    assert done.returncode == 2
    assert "--viaggio" in done.stderr
    done = passerella(*words, "--viaggio", "2")
    assert done.returncode == 0
    assert "Viaggio 2 · GET /errore → 500" in page.read_text("utf-8")
    done = passerella(*words, "--viaggio", "9")
    assert done.returncode == 2
    assert "Il viaggio 9 non c'è" in done.stderr


def test_with_secrets_only_when_asked(data: Path, passerella: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.passerella"
    words = ("traccia", "wsgiref-wsgi", "-r", f"GET /?token={SECRET}", "--testo", "--salva", str(path), "--con-segreti")
    assert passerella(*words).returncode == 0
    assert SECRET in path.read_text("utf-8")
    har, again = tmp_path / "a.har", tmp_path / "b.passerella"
    passerella("apri", str(path), "--esporta", "har", str(har), "--salva", str(again))
    assert SECRET not in har.read_text("utf-8")
    assert SECRET not in again.read_text("utf-8")
    passerella("apri", str(path), "--esporta", "har", str(har), "--con-segreti")
    assert SECRET in har.read_text("utf-8")


def test_nothing_of_the_users_is_written_over(data: Path, passerella: Run, tmp_path: Path) -> None:
    path = tmp_path / "app.py"
    path.write_text("import flask\n")
    done = passerella("traccia", "wsgiref-wsgi", "-r", "GET /", "--testo", "--salva", str(path))
    assert done.returncode == 2
    assert "non è una registrazione" in done.stderr
    assert path.read_text() == "import flask\n"
    done = passerella("apri", str(path))
    assert done.returncode == 1
    assert "non è una registrazione" in done.stderr
    assert "Traceback" not in done.stderr
    done = passerella("traccia", "wsgiref-wsgi", "-r", "GET /", "--testo", "--salva", str(tmp_path / "no" / "a"))
    assert done.returncode == 2


def test_commands_that_cannot_be(data: Path, passerella: Run) -> None:
    for words in (("apri",), ("apri", "--recupera"), ("apri", "x", "--recupera"), ("apri", "x", "--con-segreti")):
        done = passerella(*words)
        assert done.returncode == 2, words
        assert done.stderr.startswith("Errore: ")


def test_a_session_that_crashed_can_be_opened_again(data: Path, passerella: Run) -> None:
    script = (
        "import os, signal\nfrom passerella.session.recovery import Keeper\n"
        "from recordings.made import conversation, process\n"
        "keeper = Keeper()\nkeeper.hear([*process(), *conversation()])\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    tests = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tests, check=False, env={**os.environ, "PYTHONPATH": str(tests)}
    )
    assert done.returncode == -signal.SIGKILL
    (path,) = recoverable()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    opened = passerella("apri", "--recupera", "--testo")
    assert opened.returncode == 0
    assert "GET /ciao?nome=Ada → 200" in opened.stdout
    assert "si interrompe" in opened.stderr
    (path,) = recoverable()  # still there, and known to have been opened
    assert path.name.endswith(".vista.passerella")


def test_a_session_whose_screen_broke_down_can_be_opened_again(data: Path) -> None:
    keeper = Keeper()
    keeper.hear([*process(), *conversation()])
    keeper.close(leave=True)
    assert len(recoverable()) == 1


def test_a_session_that_lives_is_not_to_be_recovered_and_leaves_nothing(data: Path) -> None:
    keeper = Keeper()
    keeper.hear([*process(), *conversation()])
    assert recoverable() == []
    assert len(list(data.rglob("*.passerella"))) == 1
    keeper.close()
    assert list(data.rglob("*.passerella")) == []


def test_what_a_live_session_has_seen_can_be_saved(data: Path, tmp_path: Path) -> None:
    keeper = Keeper()
    said = [*process(), *conversation(f"GET /?token={SECRET} HTTP/1.1\r\nHost: x\r\n\r\n".encode())]
    keeper.hear(said)
    journeys = journeys_of(said)
    keeper.save(tmp_path / "a", journeys)
    (covered,) = keeper.covered(journeys)
    assert SECRET not in (tmp_path / "a").read_text("utf-8")
    assert (covered.number, covered.target) == (1, f"/?token={'*' * len(SECRET)}")
    assert journeys[0].target == f"/?token={SECRET}"
    with Recording(tmp_path / "a") as recording:
        assert len(recording.journeys) == 1
    keeper.close()


def test_without_a_folder_the_session_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dati").write_text("un file")
    monkeypatch.setenv("PASSERELLA_DATI", str(tmp_path / "dati"))
    keeper = Keeper()
    keeper.hear(process())
    keeper.close()
    assert recoverable() == []


async def test_the_lab_opens_a_recording(saved: Path, data: Path) -> None:
    with Recording(saved / "a.passerella", at_once=False) as recording:
        app = LabApp(RecordedSource(recording))
        async with app.run_test(size=(120, 40)) as pilot:
            deadline = time.monotonic() + 10
            while app.lab.browsing.total < 2 and time.monotonic() < deadline:
                await pilot.pause(0.05)
            assert app.lab.browsing.total == 2
            assert "registrazione" in str(app.lab.query_one(TitleBar).render())
            keys = str(app.lab.query_one(KeysBar).render())
            assert "ferma" not in keys
            assert "richiesta" not in keys
            for key in ("right", "right", "3", "space", "r", "colon", "escape", "2", "1"):
                await pilot.press(key)
                await pilot.pause()
            assert app.lab.holds.count == 0
            row = next(each for each in app.lab.browsing.rows if each.step.source is not None)
            assert row.step.source is not None
            assert read_source(row.step.source.path) is not None
            assert read_source(__file__) is None
            assert not on_disk()
        app.lab.live.close()
    assert on_disk()
