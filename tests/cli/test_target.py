"""What is found out of an app before its server starts, whatever its file does when it is imported."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from passerella.cli import inspecting, target
from passerella.errors import CommandError, StartError

from .conftest import Run

WSGI = "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'x']\n"


@pytest.mark.parametrize("text", ["import sys\nsys.exit(0)\n", "import sys\nsys.exit(3)\n", "import os\nos._exit(0)\n"])
def test_a_file_that_ends_while_it_is_imported(tmp_path: Path, text: str) -> None:
    (tmp_path / "esce.py").write_text(text, encoding="utf-8")
    with pytest.raises(StartError, match="si chiude mentre viene caricato"):
        target.of_app("esce:app", (), None, sys.executable, folder=tmp_path)


def test_a_file_that_never_ends_goes_with_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspecting, "_PATIENCE", 1.5)
    heart = tmp_path / "cuore"
    beats = f"import time\nwhile True:\n    open({str(heart)!r}, 'w').write(str(time.time()))\n    time.sleep(0.05)\n"
    (tmp_path / "figlio.py").write_text(beats, encoding="utf-8")
    child = f"import subprocess, sys\nsubprocess.Popen([sys.executable, {str(tmp_path / 'figlio.py')!r}]).wait()\n"
    (tmp_path / "parte.py").write_text(WSGI + child, encoding="utf-8")
    with pytest.raises(StartError, match="non finisce di caricarsi"):
        target.of_app("parte:app", (), None, sys.executable, folder=tmp_path)
    time.sleep(0.2)
    last = heart.read_text()
    time.sleep(0.3)
    assert heart.read_text() == last, "what it had started goes on"


def test_what_a_file_prints_is_not_taken_for_the_answer(tmp_path: Path) -> None:
    noise = "print('{}')\nimport atexit\natexit.register(print, '{\"fine\": 1}')\n"
    (tmp_path / "stampa.py").write_text(noise + WSGI, encoding="utf-8")
    assert target.of_app("stampa:app", (), None, sys.executable, folder=tmp_path).change.app == "stampa:app"


FACTORY = (
    "def crea():\n    def app(environ, start_response):\n        start_response('200 OK', [])\n        return [b'x']\n"
)


@pytest.mark.parametrize("asked", ["fabbrica:crea", "fabbrica:crea()"])
def test_a_function_that_makes_the_app_is_called_by_the_server(tmp_path: Path, asked: str) -> None:
    (tmp_path / "fabbrica.py").write_text(f"{FACTORY}    return app\n", encoding="utf-8")
    found = target.of_app(asked, (), "gunicorn", sys.executable, folder=tmp_path)
    assert found.command.argv[-1] == found.change.app == "fabbrica:crea()"
    assert found.added[0][0] == "fabbrica:crea()"


@pytest.mark.parametrize("parameters", ["configurazione=None", "a=None, b=None", "**altro"])
def test_a_function_that_needs_no_argument_makes_the_app(tmp_path: Path, parameters: str) -> None:
    text = FACTORY.replace("crea()", f"crea({parameters})")
    (tmp_path / "fabbrica.py").write_text(f"{text}    return app\n", encoding="utf-8")
    assert target.of_app("fabbrica:crea", (), None, sys.executable, folder=tmp_path).change.app == "fabbrica:crea()"


def test_whatever_is_called_without_arguments_makes_the_app(tmp_path: Path) -> None:
    made = f"import functools\n{FACTORY.replace('crea()', 'crea(nome)')}    return app\nparte = functools.partial(crea, 'x')\n"
    (tmp_path / "fabbrica.py").write_text(made, encoding="utf-8")
    assert target.of_app("fabbrica:parte", (), None, sys.executable, folder=tmp_path).change.app == "fabbrica:parte()"


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("def app(*a, **k):\n    pass\n", "gunicorn"),
        ("app = lambda environ, start_response: []\n", "gunicorn"),
        ("async def app(scope, receive, send):\n    pass\n", "uvicorn"),
        ("def app(scope):\n    pass\n", "uvicorn"),
        ("def app(environ=None, start_response=None):\n    return []\n", "gunicorn"),
    ],
)
def test_what_takes_arguments_is_the_app_itself(tmp_path: Path, text: str, server: str) -> None:
    (tmp_path / "mia.py").write_text(text, encoding="utf-8")
    change = target.of_app("mia:app", (), None, sys.executable, folder=tmp_path).change
    assert (change.app, change.server) == ("mia:app", server)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def app():\n    return b'x'\n", "si chiama senza argomenti, ma"),
        ("app = 3\n", "non è un'applicazione. Un'app WSGI"),
        ("def app(a, b, c, d):\n    pass\n", "non è un'applicazione. Un'app WSGI"),
        ("def app(configurazione):\n    pass\n", "non è un'applicazione. Un'app WSGI"),
        ("async def app():\n    pass\n", "non è un'applicazione. Un'app WSGI"),
        ("class app:\n    pass\n", "non è un'applicazione. Un'app WSGI"),
    ],
)
def test_what_is_no_app(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "mia.py").write_text(text, encoding="utf-8")
    with pytest.raises(StartError, match=says):
        target.of_app("mia:app", (), None, sys.executable, folder=tmp_path)


@pytest.mark.parametrize("app", ["mia:", ":app", " : "])
def test_half_a_name(tmp_path: Path, app: str) -> None:
    with pytest.raises(CommandError, match="non è scritto"):
        target.of_app(app, (), None, sys.executable, folder=tmp_path)


def test_a_server_that_calls_no_function(tmp_path: Path) -> None:
    (tmp_path / "fabbrica.py").write_text(f"{FACTORY}    return app\n", encoding="utf-8")
    with pytest.raises(CommandError, match="Cheroot non chiama"):
        target.of_app("fabbrica:crea", (), "cheroot", sys.executable, folder=tmp_path)


@pytest.mark.parametrize(("text", "app"), [("x = 1\n", "mia:app"), ("import manca\n", "mia:app"), ("1/0\n", "mia:app")])
def test_no_line_of_ours_is_in_what_a_student_is_told(tmp_path: Path, text: str, app: str) -> None:
    (tmp_path / "mia.py").write_text(text, encoding="utf-8")
    with pytest.raises(StartError) as caught:
        target.of_app(app, (), None, sys.executable, folder=tmp_path)
    details = caught.value.details
    assert details
    assert "inspect_app" not in details
    assert "importlib" not in details
    assert ("mia.py" in details) is (text != "x = 1\n")


@pytest.mark.parametrize(
    "words",
    [
        ["apri", "x" * 300, "--testo"],
        ["traccia", "x" * 300 + ":app", "--testo"],
        ["traccia", "x" * 300 + ".py", "--testo"],
        ["lezioni", "--cartella", "x" * 300, "--testo"],
        ["traccia", "flask app:x", "--testo"],
        ["traccia", "~nessuno_con_questo_nome/app.py:app", "--testo"],
    ],
)
def test_no_name_is_answered_with_a_traceback(passerella: Run, words: list[str]) -> None:
    done = passerella(*words)
    assert done.returncode in (1, 2, 3)
    assert "Traceback" not in done.stderr
    assert done.stderr.count("Errore: ") == 1


def test_a_path_is_as_good_as_a_module(passerella: Run, tmp_path: Path) -> None:
    package = tmp_path / "progetto" / "sito"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "principale.py").write_text(WSGI, encoding="utf-8")
    for what in ("progetto/sito/principale.py", "progetto/sito/principale.py:app"):
        done = passerella("traccia", what, "--testo", "-r", "GET /", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "GET / → 200" in done.stdout


@pytest.mark.skipif(
    sys.platform == "win32", reason="su Windows un file che non finisce di caricarsi resta fino alla scadenza"
)
def test_who_is_asked_what_an_app_is_goes_with_who_asked(tmp_path: Path) -> None:
    """Killed, we cannot take anybody away."""
    heart = tmp_path / "cuore"
    beats = f"import time\nwhile True:\n    open({str(heart)!r}, 'w').write(str(time.time()))\n    time.sleep(0.05)\n"
    (tmp_path / "eterna.py").write_text(beats, encoding="utf-8")
    asking = subprocess.Popen(
        [sys.executable, "-m", "passerella.cli", "traccia", "eterna:app", "--testo"],
        cwd=tmp_path,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 30
    while not heart.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    asking.kill()
    asking.wait()
    while True:
        last = heart.read_text()
        time.sleep(0.3)
        if last and heart.read_text() == last:
            break
        assert time.monotonic() < deadline, "it goes on"
