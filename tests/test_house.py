"""The house stands as the design draws it."""

import subprocess
import sys
from pathlib import Path

from passerella.probe.landmarks.every import ROWS
from passerella.texts import step_text

ROOT = Path(__file__).parent.parent


def test_app_is_never_a_package() -> None:
    assert not (ROOT / "app" / "__init__.py").exists(), "it would hide a student's own app module"


def test_the_root_of_the_package_imports_nothing() -> None:
    code = "import sys; before = set(sys.modules); import passerella; print(sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['passerella']"


def test_the_probe_imports_only_the_standard_library() -> None:
    code = "import sys; import passerella.probe.start; print(*(m for m in sys.modules if m.startswith('passerella')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    outside = [name for name in done.stdout.split() if not name.startswith("passerella.probe") and name != "passerella"]
    assert outside == []


def test_the_probe_does_not_import_what_the_traced_program_may_not_want() -> None:
    code = "import sys; import passerella.probe.start; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT / "app")},
    )
    assert not {"asyncio", "logging", "dataclasses", "socket", "typing", "inspect"} & set(done.stdout.split())


def test_each_step_of_the_tables_has_its_text() -> None:
    for row in ROWS.values():
        for name in (row.name, row.back):
            if name != "send" or row.station != "socket":  # the taps' writes are named by what they carry
                assert step_text(name, row.target).title


def test_the_command_line_is_quick_to_answer() -> None:
    """The TUI, Flask, FastAPI and the rest are imported inside the command that needs them."""
    code = "import sys; from passerella.cli.program import program; program(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"textual", "rich", "flask", "fastapi", "uvicorn", "h11", "asyncio"} & set(done.stdout.split())
