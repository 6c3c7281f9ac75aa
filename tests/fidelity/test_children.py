"""Child Pythons are traced too, and nobody sees how: neither ``os.environ`` nor ``sys.path`` shows the probe."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fidelity.running import APPS, Seen
from passerella.events import Hello, Refused
from passerella.session.live import Command, Session

VERSIONS = Path.home() / ".pyenv" / "versions"
OLD = ("3.6", "3.7", "3.8", "3.9", "3.10")
INJECT = Path(__file__).parents[2] / "app" / "passerella" / "probe" / "inject" / "sitecustomize.py"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="fork e spawnve ci sono solo su POSIX")


def run_traced(argv: list[str], cwd: Path = APPS) -> tuple[Seen, str]:
    """Run a program to its end under the probe: what was seen, and what it wrote."""
    seen = Seen()
    with Session(Command(argv, cwd), seen.hear) as session:
        assert session.program.ended.wait(30)
        words = session.program.words(1 << 20)
        seen.wait(lambda _: _all_gone(seen))
    return seen, words


def _all_gone(seen: Seen) -> bool:
    hellos = sum(isinstance(event, Hello) for _, event in seen.events)
    goodbyes = sum(type(event).__name__ == "Goodbye" for _, event in seen.events)
    return 0 < hellos <= goodbyes


def run_plainly(argv: list[str], cwd: Path = APPS) -> str:
    done = subprocess.run(
        argv,
        cwd=cwd,
        env=dict(os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        timeout=30,
        check=False,
    )
    return done.stdout


@pytest.mark.parametrize("path", ["", "/una/cartella"], ids=["senza PYTHONPATH", "con PYTHONPATH"])
def test_children_are_traced_and_see_nothing(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    if path:
        monkeypatch.setenv("PYTHONPATH", path)
    argv = [sys.executable, "parent.py"]
    seen, words = run_traced(argv)
    assert words == run_plainly(argv)
    said = [" ".join(event.argv) for _, event in seen.events if isinstance(event, Hello)]
    for name in ("inherited", "copied", "without path", "bytes", "open files", "shell", "spawned", "replaced", *PATHS):
        assert sum(f"# {name}" in each for each in said) == 1, name
    assert any("multiprocessing" in each for each in said)
    shown = json.loads(words.splitlines()[0])
    assert shown["environ"].get("PYTHONPATH", "") == path
    assert not [key for key in shown["environ"] if "PASSERELLA" in key]


PATHS = ("other path", "yet another path", "deleted path")
SITE = "import os, sys\nprint('mine', __file__, __name__, __spec__.name, sys.modules[__name__].__file__, flush=True)\n"


@pytest.mark.parametrize("source", [SITE, SITE + "raise RuntimeError('mine')\n"], ids=["whole", "failing"])
def test_a_sitecustomize_of_the_student_still_runs(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(source)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    argv = [sys.executable, "-B", "-c", "import sitecustomize; print(sitecustomize.__file__)"]
    seen, words = run_traced(argv)
    assert words == run_plainly(argv)
    assert words.count("mine") >= 1
    assert any(isinstance(event, Hello) for _, event in seen.events)


def test_where_there_is_no_sitecustomize_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    argv = [sys.executable, "-c", "import sitecustomize"]
    _, words = run_traced(argv)
    assert "No module named 'sitecustomize'" in words
    assert words == run_plainly(argv)


def old_python(version: str) -> str:
    found = sorted(VERSIONS.glob(f"{version}.*/bin/python"))
    if not found:
        pytest.skip(f"qui non c'è Python {version}")
    return str(found[0])


@pytest.mark.parametrize("version", OLD)
def test_an_older_python_says_so_and_goes_on(version: str) -> None:
    argv = [old_python(version), "-c", "print('here', __import__('sys').version_info[:2])"]
    seen, words = run_traced(argv)
    assert words.startswith("here")
    refused = [event for _, event in seen.events if isinstance(event, Refused)]
    assert [(event.what, event.detail.startswith(version)) for event in refused] == [("python", True)]


@pytest.mark.parametrize("version", OLD)
def test_sitecustomize_compiles_on_older_pythons(version: str) -> None:
    program = "import sys; compile(open(sys.argv[1]).read(), sys.argv[1], 'exec')"
    subprocess.run([old_python(version), "-c", program, str(INJECT)], check=True)


def test_an_isolated_python_is_left_alone() -> None:
    seen, words = run_traced_silently([sys.executable, "-I", "-c", "print('isolated')"])
    assert words == "isolated\n"
    assert seen.events == []


def run_traced_silently(argv: list[str]) -> tuple[Seen, str]:
    seen = Seen()
    with Session(Command(argv, APPS), seen.hear) as session:
        assert session.program.ended.wait(30)
        return seen, session.program.words()
