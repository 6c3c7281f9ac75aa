"""The ways in which ``passerella traccia`` sends its requests, on real servers."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import Run

Objects = Callable[[str], list[dict[str, Any]]]

SCENARIOS = ("gunicorn-flask", "uvicorn-fastapi")
RAW = b"GET /ciao?nome=Ada HTTP/1.1\r\nHost: a\r\nX: 123456\r\n\r\n"


def steps(lines: list[dict[str, Any]], station: str, name: str) -> list[dict[str, Any]]:
    return [each for each in lines if each["kind"] == "step" and (each["station"], each["name"]) == (station, name)]


def journeys(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in lines if each["kind"] == "journey"]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_byte_at_a_time_is_one_call_of_the_app(
    passerella: Run, objects: Objects, tmp_path: Path, scenario: str
) -> None:
    """M02: what arrives in many pieces is still one request, and the app is called once, after the last byte."""
    assert len(RAW) == 51
    (tmp_path / "richiesta").write_bytes(RAW)
    done = passerella(
        "traccia", scenario, "--byte", str(tmp_path / "richiesta"), "--pezzi", "1", "--pausa", "0,01", "--json"
    )
    assert done.returncode == 0, done.stderr
    lines = objects(done.stdout)
    sent, read = steps(lines, "client", "request_sent"), steps(lines, "socket", "recv")
    assert [each["bytes"]["to"] - each["bytes"]["from"] for each in sent] == [1] * len(RAW)
    assert all(after["t_ns"] - before["t_ns"] >= 10_000_000 for before, after in itertools.pairwise(sent))
    assert len(read) > len(RAW) / 2
    [call] = steps(lines, "gateway", "call")
    assert call["t_ns"] > read[-1]["t_ns"]


@pytest.mark.parametrize(
    "scenario",
    [
        "gunicorn-flask",
        "uvicorn-fastapi",
    ],
)
def test_a_request_in_two_pieces_is_one_journey(passerella: Run, objects: Objects, scenario: str) -> None:
    done = passerella("traccia", scenario, "-r", "/ciao?nome=Ada", "--pezzi", "50", "--json")
    assert [journey["status"] for journey in journeys(objects(done.stdout))] == [200]


def test_together_from_as_many_connections(passerella: Run, objects: Objects) -> None:
    done = passerella("traccia", "uvicorn-fastapi", "-r", "/ciao?nome=Ada", "--insieme", "20", "--json")
    assert done.returncode == 0, done.stderr
    lines = objects(done.stdout)
    assert [journey["status"] for journey in journeys(lines)] == [200] * 20
    assert len({each["connection"] for each in steps(lines, "client", "request_sent")}) == 20


def test_in_line_on_one_connection(passerella: Run, objects: Objects) -> None:
    done = passerella(
        "traccia", "uvicorn-fastapi", "-r", "/ciao?nome=Ada", "-r", "/ciao?nome=Bruno", "--in-fila", "--json"
    )
    assert done.returncode == 0, done.stderr
    lines = objects(done.stdout)
    assert [(each["target"], each["status"]) for each in journeys(lines)] == [
        ("/ciao?nome=Ada", 200),
        ("/ciao?nome=Bruno", 200),
    ]
    sent, received = steps(lines, "client", "request_sent"), steps(lines, "client", "response_received")
    assert len({each["connection"] for each in sent}) == 1
    assert max(each["t_ns"] for each in sent) < min(each["t_ns"] for each in received)


def test_in_line_on_a_server_that_serves_one_request_a_connection(passerella: Run) -> None:
    done = passerella("traccia", "gunicorn-flask", "-r", "/", "-r", "/", "--in-fila", "--json")
    assert done.returncode == 4
    assert "senza risposta: 1 su 2" in done.stderr


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("way", ["reset", "subito"])
def test_leaving_on_purpose_counts_as_answered(passerella: Run, scenario: str, way: str) -> None:
    done = passerella("traccia", scenario, "-r", "/ciao?nome=Ada", "--chiudi", way, "--json")
    assert done.returncode == 0, done.stderr
    assert "senza risposta" not in done.stderr
    assert '"response_received"' not in done.stdout


def test_half_a_close_still_reads_the_answer(passerella: Run, objects: Objects) -> None:
    done = passerella("traccia", "gunicorn-flask", "-r", "/ciao?nome=Ada", "--chiudi", "mezza", "--json")
    assert done.returncode == 0, done.stderr
    lines = objects(done.stdout)
    assert [journey["status"] for journey in journeys(lines)] == [200]
    assert steps(lines, "client", "response_received")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--pezzi", "0"], "scrivi un numero intero da 1"),
        (["--pezzi", "tanti"], "è arrivato 'tanti'"),
        (["--pezzi", "1", "--pausa", "-1"], "per esempio 0,5"),
        (["--pezzi", "1", "--pausa", "nan"], "è arrivato 'nan'"),
        (["--pezzi", "1", "--pausa", "3600,1"], "da 0 a 3600"),
        (["--pausa", "0,5"], "aggiungi --pezzi"),
        (["--insieme", "201"], "da 1 a 200"),
        (["--insieme", "2", "--stessa-connessione"], "non vanno insieme"),
        (["--chiudi", "piano"], "non è tra 'reset', 'mezza', 'subito'"),
    ],
)
def test_wrong_values(passerella: Run, words: list[str], sentence: str) -> None:
    done = passerella("traccia", "wsgiref-wsgi", "-r", "/", "--json", *words)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
