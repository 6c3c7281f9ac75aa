"""What is found out of an app before its server starts, whatever its file does when it is imported."""

import sys
import time
from pathlib import Path

import pytest

from passerella.cli import target
from passerella.errors import StartError

WSGI = "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'x']\n"


@pytest.mark.parametrize("text", ["import sys\nsys.exit(0)\n", "import sys\nsys.exit(3)\n", "import os\nos._exit(0)\n"])
def test_a_file_that_ends_while_it_is_imported(tmp_path: Path, text: str) -> None:
    (tmp_path / "esce.py").write_text(text, encoding="utf-8")
    with pytest.raises(StartError, match="si chiude mentre viene caricato"):
        target.of_app("esce:app", (), None, sys.executable, folder=tmp_path)


def test_a_file_that_never_ends_goes_with_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(target, "_PATIENCE", 1.5)
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
