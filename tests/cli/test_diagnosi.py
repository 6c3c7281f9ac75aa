"""``passerella diagnosi``, on the interpreter that runs the tests."""

import re
import sys
from importlib.metadata import version
from pathlib import Path

from passerella.probe.landmarks.every import TABLES
from passerella.session.diagnosis import checked_versions

from .conftest import Run


def test_every_library_is_named_with_its_version_and_nothing_is_missing(passerella: Run) -> None:
    done = passerella("diagnosi", "--python", sys.executable)
    assert done.returncode == 0, done.stderr
    for name in ("gunicorn", "uvicorn", "waitress", "flask", "starlette", "fastapi"):
        assert re.search(
            rf"✔ {name} {re.escape(version(name))}: (\d+) punti di osservazione su \1 trovati "
            rf"\(provata con la {re.escape(checked_versions()[name])}; ",
            done.stdout,
        )
    assert "quel passo non si vedrà" not in done.stdout
    assert "Terminale:" in done.stdout


def test_the_versions_of_the_readme_are_those_of_the_table() -> None:
    readme = (Path(__file__).parents[2] / "README.it.md").read_text(encoding="utf-8").lower()
    section = readme.partition("## che cosa sa seguire")[2].partition("\n## ")[0]
    libraries = {table.library for table in TABLES if table.role not in ("standard", "relay", "launcher")}
    assert libraries - {"asyncio", "ssl", "wsgiref"} == set(checked_versions())
    for name, checked in checked_versions().items():
        assert any(name in line and re.search(rf"\b{re.escape(checked)}\b", line) for line in section.splitlines()), (
            name
        )


def test_a_python_that_is_isolated(passerella: Run, tmp_path: Path) -> None:
    isolated = tmp_path / "python"
    isolated.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I "$@"\n', encoding="utf-8")
    isolated.chmod(0o755)
    done = passerella("diagnosi", "--python", str(isolated))
    assert done.returncode == 1
    assert "La sonda non risponde" in done.stdout


def test_a_python_that_is_not_there(passerella: Run) -> None:
    done = passerella("diagnosi", "--python", "python-che-non-esiste")
    assert done.returncode == 2
    assert "python-che-non-esiste" in done.stderr
