"""``--corsie``: the lanes at the end, drawn or in sentences; time spent in ``--testo`` and ``--json``."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_the_lanes_are_drawn_at_the_end(passerella: Run) -> None:
    done = passerella("traccia", "uvicorn-asgi", "-r", "GET /lento?secondi=0.2", "--insieme", "3", "--corsie")
    assert done.returncode == 0
    *_, headings, drawing = done.stdout.split("\n\n")
    assert done.stdout.count("Viaggio ") == 3
    assert headings.count("in 1 attesa") == 3
    assert drawing.startswith("Loop ")
    assert "────" in drawing
    assert "0 s" in drawing or "0 ms" in drawing
    assert "in attesa: il loop serve gli altri" in drawing


def test_where_there_are_no_such_signs_they_are_plain(passerella: Run) -> None:
    env = {"PYTHONIOENCODING": "cp1252"}
    done = passerella("traccia", "gunicorn-flask", "-r", "GET /ciao", "--insieme", "2", "--corsie", env=env)
    assert done.returncode == 0
    drawing = done.stdout.split("\n\n")[-1]
    assert "###" in drawing
    assert "?" not in drawing


def test_with_testo_they_are_sentences(passerella: Run) -> None:
    done = passerella("traccia", "gunicorn-flask", "-r", "GET /ciao", "--insieme", "3", "--corsie", "--testo")
    assert done.returncode == 0
    assert "Corsie: 3 viaggi in " in done.stdout
    assert "uno alla volta" in done.stdout
    assert "█" not in done.stdout


def test_requests_from_outside_are_drawn_at_the_end_of_it(temporary: Path) -> None:
    words = [sys.executable, "-m", "passerella.cli", "traccia", "uvicorn-asgi", "--corsie"]
    program = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    assert program.stderr is not None
    url = ""
    while "http://" not in url:
        url = program.stderr.readline()
    address = url.split("http://")[1].split()[0]
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), 10) as line:
        line.sendall(b"GET /ciao HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        while line.recv(65536):
            pass
    time.sleep(1)
    program.send_signal(signal.SIGINT)
    told, _said = program.communicate(timeout=20)
    assert program.returncode == 130
    assert told.count("Viaggio ") == 1
    assert "Loop " in told


def test_a_server_that_does_not_start_has_no_lanes(passerella: Run) -> None:
    done = passerella("traccia", "--corsie", "--", sys.executable, "-c", "raise SystemExit(9)")
    assert done.returncode == 3
    assert done.stdout == ""


def test_with_json_they_do_not_go(passerella: Run) -> None:
    done = passerella("traccia", "gunicorn-flask", "-r", "GET /ciao", "--json", "--corsie")
    assert done.returncode == 2
    assert "--corsie" in done.stderr


def test_time_spent_in_a_sentence_and_in_fields(
    passerella: Run, objects: Callable[[str], list[dict[str, Any]]]
) -> None:
    words = ("traccia", "uvicorn-asgi", "-r", "GET /lento?secondi=0.1")
    told = passerella(*words, "--testo", "--dettaglio", "3").stdout
    journey_told = told[told.index("\nViaggio 1") :]  # before it, the lifespan has a sentence of its own
    [sentence] = [line for line in journey_told.splitlines() if line.startswith("In esecuzione ")]
    assert sentence.endswith(" in 1 attesa")
    [journey] = [each for each in objects(passerella(*words, "--json").stdout) if each["kind"] == "journey"]
    assert journey["waits"] == 1
    assert 90e6 < journey["waiting_ns"] < 5e9
    assert 0 < journey["running_ns"] < journey["duration_ns"]
    assert journey["running_elsewhere_ns"] == 0
    wsgi = objects(passerella("traccia", "gunicorn-flask", "-r", "GET /ciao", "--json").stdout)[-1]
    assert (wsgi["kind"], wsgi["waits"], wsgi["running_ns"]) == ("journey", None, None)
    assert json.dumps(wsgi).isascii()


def test_a_view_in_the_pool_runs_there(passerella: Run, objects: Callable[[str], list[dict[str, Any]]]) -> None:
    done = passerella("traccia", "uvicorn-fastapi", "-r", "GET /prezzi/t%C3%A8", "--json")
    journey = objects(done.stdout)[-1]
    assert 0 < journey["running_elsewhere_ns"] < journey["running_ns"]
    assert journey["waits"] >= 1
