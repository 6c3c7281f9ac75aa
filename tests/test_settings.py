"""The content is found from a checkout and from a wheel."""

import subprocess
import sys
import zipfile
from pathlib import Path

from passerella.settings import content_folder

ROOT = Path(__file__).parent.parent


def test_content_of_a_checkout() -> None:
    assert content_folder("lezioni") == ROOT / "lezioni"
    assert content_folder("esercizi") == ROOT / "esercizi"


def test_content_of_a_wheel(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "dentro")
    code = "from passerella.settings import content_folder as f; print(f('lezioni').name, f('lezioni').is_dir(), f('esercizi').is_dir())"
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path / "dentro",
        env={"PYTHONPATH": str(tmp_path / "dentro")},
    )
    assert found.stdout.split() == ["lezioni", "True", "True"]
    names = zipfile.ZipFile(wheel).namelist()
    assert "passerella/probe/inject/sitecustomize.py" in names
    assert "passerella/texts/it/steps.toml" in names
    assert not any(name.startswith("app/") for name in names)
