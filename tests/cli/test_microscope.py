"""``passerella traccia --microscopio``, in sentences and in JSON."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from .conftest import Run

APP = """
from flask import Flask
app = Flask(__name__)

def saluto(nome):
    testo = f"ciao {nome}"
    return testo

@app.get("/ciao")
def ciao():
    return saluto("Ada")
"""


def test_the_tree_follows_the_steps(passerella: Run, tmp_path: Path) -> None:
    (tmp_path / "mia.py").write_text(APP, encoding="utf-8")
    done = passerella("traccia", "mia:app", "-r", "/ciao", "-r", "/ciao", "--testo", "--microscopio", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.split("Viaggio ")[1:]
    for told in (first, second):
        steps, _, calls = told.partition("Microscopio: ")
        assert "Vista 1" in steps
        assert "2 del tuo codice, 3 righe." in calls
        assert "Flask.dispatch_request() · flask/app.py:" in calls
        assert "chiamate in " in calls
        assert "saluto(nome='Ada') · mia.py:5 · " in calls
        assert "riga 6 · testo = f\"ciao {nome}\" · → testo = 'ciao Ada'" in calls
        assert "restituisce 'ciao Ada'" in calls


def test_from_a_station(passerella: Run, tmp_path: Path) -> None:
    (tmp_path / "mia.py").write_text(APP, encoding="utf-8")
    done = passerella("traccia", "mia:app", "-r", "/ciao", "--testo", "--microscopio", "vista", cwd=tmp_path)
    assert "Microscopio: 2 chiamate, 2 del tuo codice, 3 righe." in done.stdout


def test_in_json(passerella: Run, tmp_path: Path, objects: Callable[[str], list[dict[str, Any]]]) -> None:
    (tmp_path / "mia.py").write_text(APP, encoding="utf-8")
    done = passerella("traccia", "mia:app", "-r", "/ciao", "-r", "/no", "--json", "--microscopio", cwd=tmp_path)
    told = objects(done.stdout)
    calls = [each for each in told if each["kind"] == "call" and each["journey"] == 1]
    by_number = {each["n"]: each for each in calls}
    own = [each for each in calls if each["own"]]
    assert [each["function"] for each in own] == ["ciao", "saluto"]
    assert own[1]["parent"] == own[0]["n"]
    assert own[1]["arguments"] == {"nome": "Ada"}
    assert own[1]["value"] == "ciao Ada"
    assert own[1]["source"]["file"] == "mia.py"
    assert [(line["line"], line["changed"]) for line in own[1]["lines"]] == [(6, {"testo": "ciao Ada"}), (7, {})]
    assert all(each["parent"] is None or each["parent"] in by_number for each in calls)
    assert all(each["duration_ns"] >= each["self_ns"] >= 0 for each in calls if each["duration_ns"] is not None)
    summaries = [each for each in told if each["kind"] == "microscope"]
    assert [each["journey"] for each in summaries] == [1, 2]
    assert summaries[0]["calls"] == len(calls)
    assert summaries[0]["refused"] is None


def test_without_it_nothing_of_it_is_told(passerella: Run, objects: Callable[[str], list[dict[str, Any]]]) -> None:
    done = passerella("traccia", "wsgiref-wsgi", "-r", "/ciao?nome=Ada", "--json")
    assert {each["kind"] for each in objects(done.stdout)} == {"session", "step", "journey"}


def test_a_station_that_is_none(passerella: Run) -> None:
    done = passerella("traccia", "--microscopio", "gunicorn-flask", "-r", "/", "--testo")
    assert done.returncode == 2
    assert "«gunicorn-flask» non è una stazione" in done.stderr
    assert "prima di --microscopio" in done.stderr
