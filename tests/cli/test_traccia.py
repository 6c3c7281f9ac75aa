"""``passerella traccia`` as a person uses it: exit codes and Italian sentences."""

import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import Run

FLASK_APP = """
from flask import Flask
app = Flask(__name__)

def saluto(nome):
    return f"ciao {nome}"

@app.get("/ciao")
def ciao():
    return saluto("Ada")
"""


def test_every_request_answered_is_zero_whatever_the_status(passerella: Run) -> None:
    done = passerella("traccia", "gunicorn-flask", "-r", "GET /non-esiste", "--json")
    assert done.returncode == 0
    assert '"status":404' in done.stdout


def test_a_wrong_name_says_what_was_expected(passerella: Run) -> None:
    done = passerella("traccia", "gunicorn-flsk", "--json")
    assert done.returncode == 2
    assert "non è uno scenario" in done.stderr
    assert "gunicorn-flask" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_is_read_for_its_app(passerella: Run, tmp_path: Path) -> None:
    (tmp_path / "mia.py").write_text("app = 3\n", encoding="utf-8")
    done = passerella("traccia", "mia.py", "--json", cwd=tmp_path)
    assert done.returncode == 3
    assert "«mia:app» non è un'applicazione" in done.stderr
    (tmp_path / "vuota.py").touch()
    done = passerella("traccia", "vuota.py", "--json", cwd=tmp_path)
    assert done.returncode == 2
    assert "non vedo «app»" in done.stderr


@pytest.mark.parametrize(
    ("name", "text", "target", "sentence"),
    [
        ("rotta.py", "def app(:\n    pass\n", "rotta:app", r"errore di sintassi in rotta\.py, riga 1"),
        ("vuota.py", "x = 1\n", "vuota:app", r"«vuota» c'è, ma non contiene «app»"),
        ("chiede.py", "import modulo_che_manca\n", "chiede:app", r"Manca il modulo «modulo_che_manca»"),
        ("altra.py", "x = 1\n", "nessuno:app", r"Manca il modulo «nessuno»"),
        ("numero.py", "app = 3\n", "numero:app", r"non è un'applicazione. Un'app WSGI"),
    ],
)
@pytest.mark.parametrize("server", [None, "gunicorn", "uvicorn", "waitress"])
def test_an_app_that_does_not_load(
    passerella: Run,
    temporary: Path,
    tmp_path: Path,
    name: str,
    text: str,
    target: str,
    sentence: str,
    server: str | None,
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    words = [target] if server is None else ["--", sys.executable, "-m", server, *_port(server), target]
    if server is not None and name == "numero.py":
        pytest.skip("un server avviato a mano accetta qualsiasi oggetto: se ne accorge alla prima richiesta")
    done = passerella("traccia", "--json", "-r", "/", *words, cwd=tmp_path)
    assert done.returncode == 3, (done.stdout, done.stderr)
    assert re.search(sentence, done.stderr), done.stderr
    assert not list(temporary.glob("passerella-*"))


def _port(server: str) -> list[str]:
    return {
        "gunicorn": ["-b", "127.0.0.1:0", "--no-control-socket"],
        "uvicorn": ["--port", "0"],
        "waitress": ["--port=0", "--host=127.0.0.1"],
    }[server]


def test_a_folder_taken_for_the_module(passerella: Run, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").write_text(FLASK_APP, encoding="utf-8")
    done = passerella("traccia", "app:app", "-r", "/", "--json", cwd=tmp_path)
    assert done.returncode == 3
    assert "la cartella «app/»" in done.stderr


def test_a_busy_port(passerella: Run, tmp_path: Path) -> None:
    (tmp_path / "mia.py").write_text(FLASK_APP, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        done = passerella(
            "traccia",
            "-r",
            "/",
            "--json",
            "--",
            sys.executable,
            "-m",
            "uvicorn",
            "--port",
            str(port),
            "mia:app",
            cwd=tmp_path,
        )
    assert done.returncode == 3
    assert "porta è già occupata" in done.stderr


def test_a_server_that_is_not_installed(passerella: Run, tmp_path: Path) -> None:
    done = passerella("traccia", "-r", "/", "--json", "--", sys.executable, "-m", "server_inesistente", cwd=tmp_path)
    assert done.returncode == 3
    assert "«server_inesistente» non è installato" in done.stderr


def test_a_program_that_is_not_there(passerella: Run) -> None:
    done = passerella("traccia", "--json", "--", "programma-che-non-esiste")
    assert done.returncode == 2
    assert "Non trovo il programma «programma-che-non-esiste»" in done.stderr


def test_an_app_of_ones_own_and_a_marked_function(passerella: Run, tmp_path: Path) -> None:
    (tmp_path / "mia.py").write_text(FLASK_APP, encoding="utf-8")
    done = passerella("traccia", "mia:app", "--segna", "mia:saluto", "-r", "/ciao", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert '"name":"mark"' in done.stdout
    assert "Uso il Python di" in done.stderr


def test_an_isolated_python_is_said_and_goes_on(
    passerella: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "isolato.py"
    script.write_text("import time\ntime.sleep(12)\n", encoding="utf-8")
    done = passerella("traccia", "--json", "-r", "/", "--", sys.executable, "-I", str(script))
    assert done.returncode == 4
    assert "la sonda non risponde" in done.stderr


def test_ctrl_c_ends_everything(temporary: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "passerella.cli", "traccia", "gunicorn-flask", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert running.stdout is not None
    session = running.stdout.readline()
    port = int(re.findall(r"127\.0\.0\.1:(\d+)", session)[0])
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET /ciao?nome=Ada HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"Ada" in b"".join(iter(lambda: client.recv(65536), b""))
    step = running.stdout.readline()
    running.send_signal(signal.SIGINT)
    rest, errors = running.communicate(timeout=15)
    assert running.returncode == 130, errors
    assert '"kind":"step"' in step
    assert '"kind":"journey"' in rest
    assert "Traceback" not in errors
    assert _refused(port)
    assert not list(temporary.glob("passerella-*"))


def _refused(port: int) -> bool:
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except ConnectionRefusedError:
            return True
        time.sleep(0.05)
    return False


def test_help_is_all_italian(passerella: Run) -> None:
    for words in (["--help"], ["traccia", "--help"], ["scenari", "--help"], ["diagnosi", "--help"]):
        text = passerella(*words).stdout
        assert "Uso:" in text
        assert not re.search(r"\b(Usage|Options|Show|the|and|Error|default|required|TEXT|FILENAME)\b", text)


def test_a_poor_encoding_never_fails(passerella: Run) -> None:
    for encoding in ("ascii", "cp1252"):
        done = passerella(
            "traccia", "wsgiref-wsgi", "-r", "/ciao?nome=Àda→", "--testo", env={"PYTHONIOENCODING": encoding}
        )
        assert done.returncode == 0, done.stderr
        assert "Ponte" in done.stdout
