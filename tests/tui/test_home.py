"""«passerella» without arguments: the home screen, the tour, and the way back."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input

from passerella.tui import preferences
from passerella.tui.comparison import ComparisonScreen
from passerella.tui.home import Home
from passerella.tui.lab import Lab
from passerella.tui.lesson.leading_screen import LeadingScreen
from passerella.tui.lesson.path_screen import PathScreen
from passerella.tui.lesson.screen import LessonScreen
from passerella.tui.mapping_panel import MappingPanel
from passerella.tui.row_list import RowList
from passerella.tui.source import Phase
from passerella.tui.tour_panel import TourPanel
from tui.driving import Anything, Begin, finished

RECORDING = Path(__file__).parent / "snapshots" / "viaggi.passerella"


def _entries(screen: Anything) -> list[str]:
    assert isinstance(screen.app.screen, Home)
    return [each.id for each in screen.app.screen.entries]


async def _open(screen: Anything, name: str) -> None:
    """With the arrows, to the line with this name."""
    await screen.until(lambda: name in _entries(screen))
    await screen.press("home")
    listed = screen.app.screen.query_one(RowList)
    await screen.press_until("down", lambda: _entries(screen)[listed.cursor] == name)
    await screen.press("enter")


def _serving(screen: Anything) -> Callable[[], bool]:
    return lambda: isinstance(screen.app.screen, Lab) and screen.lab.status.phase is Phase.READY


async def test_in_a_small_terminal_every_line_can_be_seen(home: Begin) -> None:
    async with home((60, 15)) as screen:
        await screen.until(lambda: "Confronto" in screen.text())
        await screen.press("end")
        shown = screen.app.screen
        assert isinstance(shown, Home)
        await screen.until(lambda: f"▸ {shown.entries[-1].title}" in screen.text())


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_first_time_offers_the_tour_and_nothing_that_is_not_there(home: Begin, size: tuple[int, int]) -> None:
    async with home(size) as screen:
        await screen.until(lambda: "Giro di un minuto" in screen.text())
        assert _entries(screen) == ["tour", "lessons", "lab", "mine", "compare", "paths"]
        assert "Registrazioni" not in screen.text()
        assert "invio apri" in screen.text()
        assert "q esci" in screen.text()
        await screen.press("question_mark")
        assert "Da qui" in screen.text()
        assert "Laboratorio" in screen.text()
        await screen.press("escape", "t")
        assert isinstance(screen.app.screen, Home)
        assert screen.app.theme == "giorno"
    assert preferences.last_theme() == "giorno"


async def test_the_tour_has_five_stops_on_a_real_request(home: Begin) -> None:
    """At 80 columns; the ways out of the tour are tried at 120."""
    async with home((80, 24)) as screen:
        await _open(screen, "tour")
        for number, title in enumerate(("la mappa", "i passi", "environ e i suoi byte"), 1):
            await screen.until(lambda said=f"{number} di 5  {title}": said in screen.text())  # type: ignore[misc]
            if number == 3:
                assert screen.row.step.station == "gateway"
                assert "HTTP_HOST" in screen.shown("#mapping")
                await screen.press("2")
                assert "richiesta" in screen.shown("#tabs")
                assert screen.app.focused is screen.app.screen.query_one(TourPanel)
            await screen.press("enter")
        await screen.until(lambda: screen.lab.holds.count == 1)
        assert "4 di 5" in screen.text()
        assert "‖" in screen.shown("#steps")
        assert screen.journey.number == 2
        await screen.press("space")
        await screen.until(lambda: "5 di 5" in screen.text())
        assert screen.lab.holds.count == 0
        assert not screen.lab.holds.title()
        assert screen.journey.status == 200
        await screen.press("enter")
        await screen.until(lambda: not screen.lab.query(TourPanel))
        assert screen.app.focused is not None
        assert screen.app.focused.id == "steps"
        await screen.press("escape")
        await screen.until(lambda: isinstance(screen.app.screen, Home))
        await screen.until(lambda: _entries(screen)[0] == "continue" and _entries(screen)[-1] == "tour")


async def test_the_tour_is_left_at_any_stop_and_holds_nothing_any_more(home: Begin) -> None:
    async with home() as screen:
        await _open(screen, "tour")
        await screen.until(lambda: "1 di 5" in screen.text())
        await screen.press("enter", "enter", "enter")
        await screen.until(lambda: screen.lab.holds.count == 1 and "riprende." in screen.text())
        await screen.press("escape")
        await screen.until(lambda: screen.lab.holds.count == 0 and not screen.lab.holds.title())
        await screen.until(lambda: finished(screen, 2))
        assert not screen.lab.query(TourPanel)
        assert isinstance(screen.app.screen, Lab)
        await screen.press("colon", *"giro di", "enter")
        await screen.until(lambda: "1 di 5" in screen.text())
        assert screen.lab.browsing.total == 1


async def test_what_was_traced_last_goes_on_and_esc_comes_back(home: Begin) -> None:
    async with home() as screen:
        await _open(screen, "lab")
        await screen.press(*"waitress con", "enter")
        await screen.until(_serving(screen))
        assert "esc inizio" in screen.text()
        await screen.press("escape")
        await screen.until(lambda: isinstance(screen.app.screen, Home) and "continue" in _entries(screen))
        assert "Waitress con Flask" in screen.text()
        await _open(screen, "continue")
        await screen.until(_serving(screen))
        assert screen.lab.live.running.scenario == "waitress-flask"


async def test_coming_back_with_something_held_asks_first(home: Begin) -> None:
    async with home() as screen:
        await _open(screen, "lab")
        await screen.press(*"gunicorn con flask", "enter")
        await screen.until(_serving(screen))
        screen.lab.hold_at("gateway", "inbound")
        await screen.press("r", "enter")
        await screen.until(lambda: screen.lab.holds.count == 1)
        await screen.press("escape")
        assert "riparte" in screen.text()
        await screen.press("escape")
        assert isinstance(screen.app.screen, Lab)
        await screen.press("escape", "enter")
        await screen.until(lambda: isinstance(screen.app.screen, Home))


async def test_recordings_of_this_folder_are_opened_and_a_broken_one_says_why(home: Begin) -> None:
    async with home() as screen:
        await _open(screen, "lab")
        await screen.press(*"wsgiref", "enter")
        await screen.until(_serving(screen))
        await screen.press("r", "enter")
        await screen.until(lambda: finished(screen, 1))
        await screen.press("colon", *"salva la reg", "enter", "enter")
        await screen.until(lambda: Path("viaggi.passerella").exists())
        await screen.press("colon", *"salva la reg", "enter")
        assert screen.app.screen.query_one(Input).value == "viaggi-2.passerella"
        screen.app.screen.query_one(Input).value = "viaggi.passerella"
        await screen.press("enter")
        assert "esiste già" in screen.text()
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, Lab))
        for words, name in (("pagina", "html"), ("har", "har"), ("json", "json"), ("frasi", "txt")):
            await screen.press("colon", *"esporta il", "enter", *words, "enter", "enter")
            assert "/ciao" in Path(f"viaggio-1.{name}").read_text("utf-8")
        await screen.press("colon", *"schermata", "enter", "enter")
        picture = Path("schermata.svg").read_text("utf-8")
        assert "wsgiref" in picture
        assert "url(" not in picture.replace("url(#", "")
        await screen.press("escape")
        Path("rotta.passerella").write_bytes(b"\x00\x01niente")
        await screen.until(lambda: isinstance(screen.app.screen, Home) and "recordings" in _entries(screen))
        await _open(screen, "recordings")
        assert "viaggi.passerella" in screen.text()
        await screen.press(*"viaggi", "enter")
        await screen.until(lambda: isinstance(screen.app.screen, Lab) and screen.lab.browsing.total == 1)
        assert "registrazione" in screen.text()
        await screen.press("escape")
        await screen.until(lambda: isinstance(screen.app.screen, Home))
        await _open(screen, "recordings")
        if "rotta" in screen.text():
            await screen.press(*"rotta", "enter")
            await screen.until(lambda: isinstance(screen.app.screen, Home))
            assert screen.app._notifications


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_path_is_followed_or_led_from_here_and_esc_comes_back(home: Begin, size: tuple[int, int]) -> None:
    async with home(size) as screen:
        await _open(screen, "paths")
        assert "120 minuti, 13 tappe" in " ".join(screen.text().split())
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, PathScreen))
        assert "invio apri la tappa" in screen.text()
        assert "esc indietro" in screen.text()
        assert "n note" not in screen.text()
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, LessonScreen))
        assert not isinstance(screen.app.screen, LeadingScreen)
        await screen.press("escape", "escape")
        assert isinstance(screen.app.screen, Home)
        await _open(screen, "paths")
        await screen.press(*"guidare", "enter")
        await screen.until(lambda: isinstance(screen.app.screen, PathScreen))
        assert "Chiedi" in screen.text()
        await screen.press("question_mark")
        assert "le note per chi insegna" in screen.text()
        await screen.press("escape", "enter")
        await screen.until(lambda: isinstance(screen.app.screen, LeadingScreen))
        assert "tappa 1 di 13" in screen.text()
        await screen.press("escape", "escape")
        await screen.until(lambda: "i voti della classe non si conservano" in screen.text())
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, Home))
        listed = screen.app.screen.query_one(RowList)
        assert _entries(screen)[listed.cursor] == "paths"


async def test_two_scenarios_are_compared_from_here(home: Begin) -> None:
    async with home() as screen:
        await _open(screen, "compare")
        await screen.press(*"wsgiref", "enter", *"waitress con", "enter", "enter")
        await screen.until(lambda: isinstance(screen.app.screen, ComparisonScreen))
        await screen.until(lambda: "waitress-flask" in screen.text() and "wsgiref-wsgi" in screen.text())
        await screen.press("escape")
        assert isinstance(screen.app.screen, Home)


async def test_what_is_wrong_in_the_preferences_is_forgotten(home: Begin, tmp_path: Path) -> None:
    kept = tmp_path / "dati" / "preferenze.json"
    kept.parent.mkdir(parents=True)
    kept.write_text(json.dumps({"theme": ["x"], "last": {"scenario": "mai-visto", "title": "\x1b[31mrosso[/]"}}))
    async with home() as screen:
        await screen.until(lambda: "Continua" in screen.text())
        assert "\x1b" not in screen.text()
        await _open(screen, "continue")
        assert "Scegli lo scenario" in screen.text()
    kept.write_text("[[[")
    assert preferences.read() == {}
    assert preferences.last_change() is None


async def test_somebody_who_has_never_seen_it_finds_the_bytes_of_http_host(home: Begin) -> None:
    """From opening «passerella» to a request held at the «Ponte» and the bytes that gave HTTP_HOST, by what is offered."""
    async with home() as screen:
        assert "Giro di un minuto" in screen.text()
        await screen.press("enter")
        await screen.until(lambda: "1 di 5" in screen.text())
        await screen.press("enter")
        await screen.press("enter")
        assert "HTTP_HOST" in screen.shown("#mapping")
        assert "byte 35–" in screen.shown("#mapping")
        await screen.press("2")
        assert "HTTP_HOST" in screen.shown("#tabs")
        await screen.press("enter")
        await screen.until(lambda: screen.lab.holds.count == 1)
        assert screen.row.step.station == "gateway"
        assert "◉ fermo" in screen.text()
        assert screen.keys <= 5


_HEAVY = ("passerella.servers", "passerella.client", "passerella.session", "passerella.journeys", "flask", "uvicorn")


def test_the_first_paint_imports_no_server_and_no_client() -> None:
    code = "import sys; import passerella.tui.home_app, passerella.cli.doors; print(*sorted(sys.modules), sep='\\n')"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "passerella.tui.home" in loaded
    assert not [name for name in loaded if name.startswith(_HEAVY)]


async def test_a_session_that_was_interrupted_is_opened_once_more(home: Begin, tmp_path: Path) -> None:
    lost = tmp_path / "dati" / "recupero" / "20260101-000000-1-000001.passerella"
    lost.parent.mkdir(parents=True)
    shutil.copy(RECORDING, lost)
    async with home() as screen:
        await _open(screen, "recover")
        await screen.until(lambda: isinstance(screen.app.screen, Lab) and screen.lab.browsing.total == 2)
        await screen.press("escape")
        await screen.until(lambda: isinstance(screen.app.screen, Home))
        await screen.until(lambda: not lost.exists())
    assert [path.name for path in lost.parent.iterdir()] == [lost.stem + ".vista.passerella"]


async def test_without_the_tour_it_takes_few_keys_too(home: Begin) -> None:
    """Laboratorio, the first scenario, «spazio» and «Ponte», «r», and down the environ to HTTP_HOST."""
    async with home() as screen:
        await screen.press("down", "down", "enter", "enter")
        await screen.until(_serving(screen))
        await screen.press("space", "down", "down", "enter", "r", "enter")
        await screen.until(lambda: screen.lab.holds.count == 1)
        assert (screen.row.step.station, screen.row.step.direction) == ("gateway", "inbound")
        assert "HTTP_HOST" in screen.shown("#mapping")
        about = screen.lab.query_one("#mapping", MappingPanel)
        await screen.press_until("tab", lambda: about.has_focus)
        await screen.press_until(
            "down", lambda: (subject := about.subject()) is not None and "HTTP_HOST" in subject.title
        )
        await screen.press("2")
        assert "richiesta" in screen.shown("#tabs")
        assert "HTTP_HOST" in screen.shown("#tabs")
        assert screen.keys <= 30


async def test_my_app_is_loaded_before_ones_eyes(home: Begin, tmp_path: Path) -> None:
    (tmp_path / "rotta.py").write_text(
        "def app(environ, start_response):\n    return []\n\n\nraise OSError('il caffè')\n"
    )
    (tmp_path / "lenta.py").write_text(
        "import time\ntime.sleep(20)\n\n\ndef app(environ, start_response):\n    return []\n"
    )
    (tmp_path / "buona.py").write_text("def app(environ, start_response):\n    return []\n")
    async with home((120, 40)) as screen:
        await _open(screen, "mine")
        await screen.until(lambda: screen.app.screen.query(Input))
        screen.app.screen.query_one(Input).value = str(tmp_path / "rotta.py")
        await screen.press("enter")
        await screen.until(lambda: "OSError: il caffè" in screen.text())
        assert "rotta.py" in screen.text()
        assert "inspect_app" not in screen.text()
        await screen.press("escape")
        for name in ("lenta.py", "buona.py"):
            await _open(screen, "mine")
            await screen.until(lambda: screen.app.screen.query(Input))
            screen.app.screen.query_one(Input).value = str(tmp_path / name)
            await screen.press("enter")
            if name == "lenta.py":
                await screen.until(lambda: "Carico lenta:app" in screen.text())
                await screen.press("escape")
                assert isinstance(screen.app.screen, Home)
        await screen.until(_serving(screen))
        assert screen.lab.status.app == "buona:app"
