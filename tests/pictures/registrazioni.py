"""Makes again the recordings that come with the scenarios, from real runs with Nginx and Apache.

python tests/pictures/registrazioni.py

A recording says where the code that it shows is: run this from a copy of the project, with an environment of its own,
in a folder whose name may be known (/opt/passerella).
"""

import subprocess
import sys
from pathlib import Path

from passerella.scenarios import SCENARIOS

INTO = Path(__file__).parents[2] / "app" / "passerella" / "scenarios" / "registrazioni"
RECORDED = ("nginx-gunicorn-flask", "apache-gunicorn-flask", "apache-modwsgi-flask")
LINES = ("GET /ciao?nome=Ada", "POST /moduli", "GET /flusso", "GET /caffè", "GET /errore")


def main() -> int:
    for name in RECORDED:
        asked = [*LINES, *(ready.id for ready in SCENARIOS[name].ready)]
        words = [word for line in asked for word in ("-r", line)]
        file = INTO / f"{name}.passerella"
        command = [sys.executable, "-m", "passerella.cli", "traccia", name, *words, "--testo", "--salva", str(file)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        file.chmod(0o644)
        if str(Path.home()) in file.read_text(encoding="utf-8"):
            print(f"{file.name}: dice dov'è la tua cartella personale ({Path.home()})")  # noqa: T201
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
