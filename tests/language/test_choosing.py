"""Which language is spoken, and that nothing else is heard in it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from passerella.cli.holding import hold_rules
from passerella.cli.language_option import choose_language
from passerella.language import _, choose, current, decimal_mark, plural
from passerella.views.filter import parse
from passerella.views.filter_fields import station_called

ITALIAN = re.compile(r"[àèéìòù«»]|\b(il|gli|della|dei|che|non|nel|dalla|viaggio|passo|chiave|andata|ritorno|fermo)\b")


@pytest.fixture(autouse=True)
def _italian_again() -> Iterator[None]:
    yield
    choose("it")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("PASSERELLA_DATI", str(tmp_path / "dati"))


def _run(*words: str, typed: str = "", env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "passerella.cli", *words],
        input=typed,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **(env or {})},
        timeout=60,
        check=False,
    )


def test_italian_is_the_source() -> None:
    choose("it")
    assert _("Il server") == "Il server"
    assert plural("{n} passo", "{n} passi", 2) == "{n} passi"
    assert decimal_mark() == ","


def test_english() -> None:
    choose("en")
    assert _("Il server") == "The server"
    assert plural("{n} viaggio", "{n} viaggi", 2) == "{n} journeys"
    assert plural("{n} viaggio", "{n} viaggi", 1) == "{n} journey"
    assert decimal_mark() == "."


def test_an_unknown_language_is_italian() -> None:
    choose("xx")
    assert current() == "it"
    assert _("Il server") == "Il server"


def test_nothing_stays_nothing() -> None:
    choose("en")
    assert _("") == ""


@pytest.mark.parametrize(
    "words",
    [
        ["--lingua", "en", "scenari"],
        ["scenari", "--lingua", "en"],
        ["scenari", "--lingua=en"],
    ],
)
def test_it_can_be_said_anywhere(words: list[str]) -> None:
    assert choose_language(words) == ["--lingua", "en", "scenari"]
    assert current() == "en"


def test_the_command_of_somebody_else_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PASSERELLA_LINGUA", raising=False)
    words = ["traccia", "--", "programma", "--lingua", "en"]
    assert choose_language(words) == words
    assert current() == "it"


def test_the_environment_is_heard_unless_the_command_line_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSERELLA_LINGUA", "en")
    choose_language(["scenari"])
    assert current() == "en"
    choose_language(["scenari", "--lingua", "it"])
    assert current() == "it"


def test_a_language_that_is_not_there_is_a_wrong_command() -> None:
    done = _run("scenari", "--lingua", "fr")
    assert done.returncode == 2
    assert "'it', 'en'" in done.stderr


@pytest.mark.parametrize("command", ["traccia", "confronta", "apri", "scenari", "diagnosi"])
def test_help_is_all_english(command: str) -> None:
    said = _run(command, "--help", "--lingua", "en").stdout
    assert "Usage:" in said
    without_names = re.sub(r"--[a-z-]+|passerella \S.*|GET \S+", "", said)
    assert not ITALIAN.search(without_names), ITALIAN.search(without_names)


def test_scenarios_are_told_in_english() -> None:
    said = _run("scenari", env={"PASSERELLA_LINGUA": "en"}).stdout
    assert "Gunicorn with Flask" in said
    assert not ITALIAN.search(said)


def test_words_of_commands_and_of_the_filter_are_the_same_in_every_language() -> None:
    choose("en")
    assert hold_rules(["ponte", "Gateway"])[0].station == hold_rules(["gateway"])[0].station == "gateway"
    assert station_called("ponte") == station_called("Gateway") == "gateway"
    assert parse("stato:fermo stazione:vista durata>1,5s").terms


@pytest.mark.usefixtures("temporary")
@pytest.mark.parametrize("scenario", ["gunicorn-flask", "uvicorn-fastapi"])
def test_a_journey_is_told_in_english(scenario: str) -> None:
    done = _run(
        "traccia", scenario, "-r", "GET /errore", "-r", "POST /x", "--testo", "--dettaglio", "3", "--lingua", "en"
    )
    assert done.returncode == 0, done.stderr
    assert "Journey 1" in done.stdout
    found = ITALIAN.search(re.sub(r"/\S*", "", done.stdout))  # the routes of the little apps are Italian
    assert not found, done.stdout[max(0, found.start() - 80) : found.end() + 40] if found else ""


@pytest.mark.usefixtures("temporary")
def test_words_are_typed_in_english_and_in_italian_too() -> None:
    typed = "next\navanti\nwhere\nkeys\nbytes\nexplain\nlevel 1\nb\nhelp\nxyz\nresume\nquit\n"
    words = ["traccia", "gunicorn-flask", "-r", "GET /ciao?nome=Ada", "--testo", "--passo-passo", "--lingua", "en"]
    done = _run(*words, typed=typed)
    assert done.returncode == 0, done.stderr
    said = done.stdout.replace("> avanti", "")
    assert "Journey 1 is held here." in said
    assert "I do not know “xyz”. I know: next, back," in said
    assert "Over. Journey 1" in said
    assert not ITALIAN.search(said)
