"""``passerella confronta`` as a person uses it, and the facts about servers that it must find again."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from passerella.cli import confronta
from passerella.cli.program import program

from .conftest import Run

Objects = Callable[[str], list[dict[str, Any]]]

SERVERS = ("gunicorn-flask", "waitress-flask", "wsgiref-wsgi", "werkzeug-flask")
TARGET = "POST /caff%C3%A8/a%2Fb//c;p=1?q=%20x+1&u=%C3%A8"
HEADERS = (
    "Host: www.esempio.it:8080", "X-Dup: a", "X-Dup: b", "X_Under: u", "Cookie: a=1", "Cookie: b=2",
    "X-Forwarded-For: 6.6.6.6", "X-Forwarded-Proto: https", "Content-Type: text/plain",
)  # fmt: skip
RAW = "/caff%C3%A8/a%2Fb//c;p=1?q=%20x+1&u=%C3%A8"
PORT = "una porta"

# What each server puts in environ for that request, measured without Passerella; None: no such key.
FACTS: dict[str, tuple[Any, ...]] = {
    "CONTENT_LENGTH": ("5", "5", "5", "5"),
    "GATEWAY_INTERFACE": (None, None, "CGI/1.1", None),
    "HTTP_COOKIE": ("a=1,b=2", "a=1, b=2", "a=1,b=2", "a=1,b=2"),
    "HTTP_HOST": ("www.esempio.it:8080",) * 4,
    "HTTP_X_DUP": ("a,b", "a, b", "a,b", "a,b"),
    "HTTP_X_FORWARDED_FOR": ("6.6.6.6", None, "6.6.6.6", "6.6.6.6"),
    "HTTP_X_FORWARDED_PROTO": ("https", None, "https", "https"),
    "HTTP_X_UNDER": (None, None, "u", None),
    "PATH_INFO": ("/caffÃ¨/a/b//c;p=1",) * 4,
    "QUERY_STRING": ("q=%20x+1&u=%C3%A8",) * 4,
    "RAW_URI": (RAW, None, None, RAW),
    "REMOTE_ADDR": ("127.0.0.1",) * 4,
    "REMOTE_HOST": (None, "127.0.0.1", "", None),
    "REQUEST_URI": (None, RAW, None, RAW),
    "SERVER_NAME": ("127.0.0.1", "waitress.invalid", "localhost", "127.0.0.1"),
    "wsgi.input_terminated": (True, True, None, None),
    "wsgi.multithread": (False, True, False, True),
    "wsgi.url_scheme": ("https", "http", "http", "http"),
}


@pytest.fixture(scope="module")
def compared() -> list[dict[str, Any]]:
    import json

    words = [word for header in HEADERS for word in ("-H", header)]
    done = subprocess.run(
        [sys.executable, "-m", "passerella.cli", "confronta", TARGET, *SERVERS, *words, "-d", "hello", "--json"],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    return [json.loads(line) for line in done.stdout.splitlines()]


def _cells(compared: list[dict[str, Any]], topic: str) -> dict[str, Any]:
    [facet] = [each for each in compared if each["kind"] == "facet" and each["topic"] == topic]
    return facet


@pytest.mark.parametrize("topic", list(FACTS))
def test_the_facts_about_each_server(compared: list[dict[str, Any]], topic: str) -> None:
    facet = _cells(compared, topic)
    assert tuple(cell and cell["value"] for cell in facet["cells"]) == FACTS[topic]
    values = set(map(repr, FACTS[topic]))
    assert facet["difference"] == ("equal" if len(values) == 1 else "only" if None in FACTS[topic] else "different")


def test_ports_are_expected_to_differ_but_not_in_type(compared: list[dict[str, Any]]) -> None:
    assert _cells(compared, "SERVER_PORT")["difference"] == "expected"
    ports = [cell and type(cell["value"]) for cell in _cells(compared, "REMOTE_PORT")["cells"]]
    assert ports == [str, str, None, int]


def test_the_columns_say_who_answered(compared: list[dict[str, Any]]) -> None:
    columns = [each for each in compared if each["kind"] == "column"]
    assert [each["column"] for each in columns] == list(SERVERS)
    assert [each["server"].partition(" ")[0] for each in columns] == ["gunicorn", "waitress", "wsgiref", "werkzeug"]
    assert all(each["first_byte_ns"] > 0 for each in columns)


def test_every_scenario_in_sentences_with_the_target_as_it_travels(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = ["wsgiref-wsgi", "uvicorn-asgi", "waitress-flask", "uvicorn-chat"]  # the matrix tries them all
    monkeypatch.setattr(confronta, "unavailable", lambda scenario: "" if scenario.id in here else "manca.")
    assert program().main(["confronta", "GET /città?x=1", "tutti", "--testo"], standalone_mode=False) == 0
    said = capsys.readouterr()
    assert "il percorso viaggia così: /citt%C3%A0?x=1" in said.err
    for number, name in enumerate(here, 1):
        assert f"{number} di {len(here)} · {name}" in said.err
        assert f"\n    {name} · " in said.out
    assert said.out.startswith(f"Confronto di {len(here)} viaggi")
    assert "path = '/città'" in said.out


def test_the_same_thing_in_environ_and_in_scope(passerella: Run) -> None:
    done = passerella("confronta", "GET /ciao?nome=Ada", "gunicorn-flask", "uvicorn-fastapi", "--testo")
    assert "La stessa cosa, scritta in modi diversi" in done.stdout


def test_a_scenario_may_be_asked_for_twice_and_then_nothing_differs(passerella: Run, objects: Objects) -> None:
    done = passerella("confronta", "GET /ciao", "wsgiref-wsgi", "wsgiref-wsgi", "--json")
    assert done.returncode == 0, done.stderr
    found = objects(done.stdout)
    assert found[0]["columns"] == ["wsgiref-wsgi", "wsgiref-wsgi 2"]
    differences = {each["difference"] for each in found if each["kind"] == "facet"}
    assert differences == {"equal", "expected"}


def test_two_orders_of_ones_own_middleware(passerella: Run, tmp_path: Path) -> None:
    (tmp_path / "due.py").write_text(
        "class Strato:\n"
        "    def __init__(self, app, nome): self.app, self.nome = app, nome\n"
        "    def __call__(self, environ, start_response):\n"
        "        environ['due.chi'] = environ.get('due.chi', '') + self.nome\n"
        "        return self.app(environ, start_response)\n"
        "def vista(environ, start_response):\n"
        "    corpo = environ['due.chi'].encode()\n"
        "    start_response('200 OK', [('Content-Length', str(len(corpo)))])\n"
        "    return [corpo]\n"
        "ab = Strato(Strato(vista, 'b'), 'a')\n"
        "ba = Strato(Strato(vista, 'a'), 'b')\n",
        encoding="utf-8",
    )
    done = passerella("confronta", "/", "due:ab", "due:ba", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "        due:ab: b'ab'\n        due:ba: b'ba'\n" in done.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["GET /", "gunicorn-flsk", "tutti"], "«gunicorn-flsk» non è uno scenario"),
        (["GET /", "gunicorn-flask"], "servono almeno due"),
        (["GET", "gunicorn-flask", "waitress-flask"], "è arrivato 'GET'"),
        (["GET /", "tutti", "--json", "--testo"], "scegline uno"),
        (["GET /", "tutti", "-d", "x", "--corpo-file", __file__], "scegline uno"),
        (["GET /", "tutti", "-H", "x"], "non è un'intestazione"),
    ],
)
def test_a_wrong_command_says_what_to_write(passerella: Run, words: list[str], sentence: str) -> None:
    done = passerella("confronta", *words)
    assert done.returncode == 2, done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_one_that_does_not_start_is_named_and_the_others_go_on(passerella: Run, tmp_path: Path) -> None:
    (tmp_path / "rotta.py").write_text("def app(:\n", encoding="utf-8")
    done = passerella("confronta", "/", "rotta:app", "wsgiref-wsgi", "waitress-flask", cwd=tmp_path)
    assert done.returncode == 4, done.stderr
    assert "rotta:app non è partito: " in done.stderr
    assert "rotta.py, riga 1" in done.stderr
    assert done.stdout.startswith("Confronto di 2 viaggi")
    alone = passerella("confronta", "/", "rotta:app", "wsgiref-wsgi", cwd=tmp_path)
    assert alone.returncode == 3
    assert "servono almeno due viaggi: ce ne sono 1" in alone.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="serve uno pseudo-terminale")
def test_in_a_terminal_the_screen_opens(temporary: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "passerella.cli", "confronta", "GET /", "wsgiref-wsgi", "waitress-flask"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "COLUMNS": "120", "LINES": "40"},
        start_new_session=True,
    )
    os.close(theirs)
    seen = _read_until(ours, b"waitress.invalid")
    os.write(ours, b"q")
    _read_until(ours, b"nobody writes this")
    assert running.wait(15) == 0, seen
    os.close(ours)
    assert b"2 di 2" in seen
    assert not list(temporary.glob("passerella-*"))


def _read_until(terminal: int, words: bytes) -> bytes:
    """What the program shows, until ``words`` or until it ends."""
    seen = b""
    deadline = time.monotonic() + 30
    while words not in seen and time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # how Linux says that nobody is at the other end
            break
        if not piece:
            break
        seen += piece
    return seen


def test_ctrl_c_leaves_nothing_running(temporary: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "passerella.cli", "confronta", "GET /lento?secondi=30", "gunicorn-flask", "tutti"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    assert running.stderr is not None
    running.stderr.readline()
    deadline = time.monotonic() + 10
    while len(_living(temporary)) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    running.send_signal(signal.SIGINT)
    _out, errors = running.communicate(timeout=15)
    assert running.returncode == 130, errors
    assert "Traceback" not in errors
    assert not list(temporary.glob("passerella-*"))
    while _living(temporary) and time.monotonic() < deadline + 10:
        time.sleep(0.05)
    assert not _living(temporary)


def _living(temporary: Path) -> list[int]:
    """The processes that have our temporary folder: all those that this test started, and theirs."""
    mark = f"TMPDIR={temporary}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if folder.name != str(os.getpid()) and mark in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def test_help_is_all_italian(passerella: Run) -> None:
    text = passerella("confronta", "--help").stdout
    assert "Uso:" in text
    assert "gunicorn-flask waitress-flask" in text
    assert not any(word in text for word in ("Usage", "Options", "Show", "required", "TEXT", "FILENAME"))


def test_a_scenario_that_cannot_run_is_named_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(confronta, "unavailable", lambda each: "manca" if each.id == "gunicorn-flask" else "")
    every, missing = confronta._chosen(["tutti"])
    assert "gunicorn-flask" not in every
    assert not missing
    assert "gunicorn-flask qui non può girare: manca." in capsys.readouterr().err
    assert confronta._chosen(["gunicorn-flask", "wsgiref-wsgi"]) == (["wsgiref-wsgi"], True)
