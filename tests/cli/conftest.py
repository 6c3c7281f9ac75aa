import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of the programs of this test."""
    folder = tmp_path_factory.mktemp("t")
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setenv("PASSERELLA_DATI", str(folder / "dati"))
    return folder


@pytest.fixture
def passerella(temporary: Path) -> Run:
    """Runs the program as a person would, without a terminal."""

    def run(
        *words: str, cwd: Path | None = None, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "passerella.cli", *words],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            cwd=cwd,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **(env or {})},
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def objects() -> Callable[[str], list[dict[str, Any]]]:
    """The JSON objects of an output, one a line."""
    return lambda text: [json.loads(line) for line in text.splitlines()]
