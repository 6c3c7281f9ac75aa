"""``passerella scenari``: what there is, whether it can run here, what to use instead."""

import sys
from collections.abc import Callable
from typing import Any

import pytest

from passerella.cli.program import program
from passerella.cli.target import of_change
from passerella.errors import StartError
from passerella.scenarios import SCENARIOS
from passerella.session import available
from passerella.session.available import stand_in, unavailable
from passerella.tui.source import Change

from .conftest import Run

Objects = Callable[[str], list[dict[str, Any]]]


def test_an_object_for_each_scenario(passerella: Run, objects: Objects) -> None:
    found = objects(passerella("scenari", "--json").stdout)
    assert [each["id"] for each in found] == list(SCENARIOS)
    for each in found:
        assert set(each) >= {"id", "server", "app", "interface", "front", "available", "reason", "stand_in"}
        assert each["interface"] in ("wsgi", "asgi")
        assert each["available"] is (each["reason"] is None)
        assert each["available"] or each["stand_in"] != each["id"]


def test_every_scenario_is_told_in_words(passerella: Run) -> None:
    told = passerella("scenari").stdout
    assert all(name in told for name in SCENARIOS)


def _without(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    version = available.installed_version
    monkeypatch.setattr(available, "installed_version", lambda name: None if name in names else version(name))


def test_what_is_not_installed_says_how_to_install_it_and_what_to_use_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    _without(monkeypatch, "gunicorn")
    scenario = SCENARIOS["gunicorn-flask"]
    assert unavailable(scenario) == "manca gunicorn, installa con «python -m pip install gunicorn»"
    found = stand_in(scenario)
    assert found is not None
    assert found.id == "waitress-flask"
    assert stand_in(SCENARIOS["waitress-flask"]) is None


def test_nothing_stands_in_for_an_app_whose_framework_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    _without(monkeypatch, "flask")
    assert stand_in(SCENARIOS["gunicorn-flask"]) is None


def test_gunicorn_does_not_run_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert unavailable(SCENARIOS["gunicorn-flask"]) == "Gunicorn non gira su Windows"
    assert unavailable(SCENARIOS["waitress-flask"]) == ""


def test_where_the_web_server_is_missing_what_to_install_and_what_to_see_meanwhile(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("passerella.servers.fronts.model.Front.program", lambda self: None)
    with pytest.raises(StartError) as refused:
        of_change(Change(scenario="apache-modwsgi-flask"))
    for said in (
        "sudo apt-get install apache2 libapache2-mod-wsgi-py3",
        "prova «",
        "«passerella apri apache-modwsgi-flask»",
    ):
        assert said in refused.value.message
    with pytest.raises(StartError, match="«passerella apri nginx-gunicorn-flask»"):
        program().main(["traccia", "nginx-gunicorn-flask", "-r", "GET /", "--testo"], standalone_mode=False)
    opened = ["apri", "nginx-gunicorn-flask", "--testo", "--viaggio", "1", "--dettaglio", "1"]
    assert program().main(opened, standalone_mode=False) == 0
    shown = capsys.readouterr()
    assert "corsa vera" in shown.err
    assert "Proxy 1–3" in shown.out
