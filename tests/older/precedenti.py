"""Traces the previous minor releases of Gunicorn, Uvicorn, Flask, Starlette and FastAPI, and prints what is lost.

    python tests/older/precedenti.py [FOLDER]

It makes a virtual environment in FOLDER (kept, to be used again) or in a temporary one, with the last release before
the minor of each library installed here, so it needs a package index. The same request is traced with both
interpreters: a step of the walk that only the newer one has is lost. It exits 1 when there is one.
"""

import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from passerella.probe.vocabulary import WALK
from passerella.scenarios.catalogue import APPS

LIBRARIES = ("gunicorn", "uvicorn[standard]", "flask", "starlette", "fastapi")
# Each scenario as «module:app» and the server that runs it.
PAIRS = (("gunicorn", "app_flask:app"), ("uvicorn", "app_fastapi:app"))
REQUEST = "GET /ciao?nome=Ada"


def previous(library: str) -> str:
    """The requirement that the minor release before the installed one satisfies, and no later one does."""
    major, minor = metadata.version(library.partition("[")[0]).split(".")[:2]
    return f"{library}<{major}.{minor}"


def make_environment(folder: Path) -> Path:
    """The interpreter of a virtual environment with the older releases."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
    wanted = [previous(library) for library in LIBRARIES]
    subprocess.run([python, "-m", "pip", "install", "-q", *wanted], check=True)
    return python


def passerella(words: Sequence[str]) -> str:
    """What our program writes, run where the scenarios' apps are."""
    env = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    env.pop("VIRTUAL_ENV", None)
    done = subprocess.run(
        [sys.executable, "-m", "passerella.cli", *words],
        capture_output=True,
        cwd=APPS,
        env=env,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return done.stdout + (done.stderr if done.returncode else "")


def walk(python: Path, server: str, app: str) -> list[str]:
    """The steps of the walk of one request, as «station direction name», in order; those that repeat, once."""
    words = ["traccia", "--json", "--python", str(python), "--server", server, app, "-r", REQUEST]
    objects = list(_objects(passerella(words)))
    steps = [each for each in objects if each["kind"] == "step" and each["level"] <= WALK]
    return list(dict.fromkeys("{station} {direction} {name}".format(**step) for step in steps))


def _objects(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        if line.startswith("{"):
            yield json.loads(line)
        else:
            say(f"    {line}")


def compare(python: Path, server: str, app: str) -> int:
    """Print the two walks side by side; how many steps are lost."""
    newer, older = walk(Path(sys.executable), server, app), walk(python, server, app)
    say(f"\n{server} + {app}: {len(older)} passi del cammino, {len(newer)} con le versioni di qui")
    for step in newer:
        say(f"  {'✔' if step in older else '✘'} {step}")
    for step in older:
        if step not in newer:
            say(f"  + {step}")
    return sum(step not in older for step in newer) if newer else 1


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def main(folder: Path) -> int:
    python = make_environment(folder)
    lost = sum(compare(python, server, app) for server, app in PAIRS)
    say("\n" + passerella(["diagnosi", "--python", str(python)]))
    say(f"Passi persi: {lost}")
    return 1 if lost else 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(main(Path(sys.argv[1]).absolute()))
    with tempfile.TemporaryDirectory(prefix="precedenti-") as temporary:
        sys.exit(main(Path(temporary)))
