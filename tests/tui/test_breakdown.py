"""A fault of ours: who was using the program reads a sentence, not our code."""

import stat
from pathlib import Path

import pytest

from passerella.tui.base_app import OurApp
from passerella.tui.breakdown import BreakdownError


class Broken(OurApp):
    CSS_PATH = None

    def on_mount(self) -> None:
        hidden = "segreto"
        raise ZeroDivisionError(f"da \x1b[2J {len(hidden)}")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PASSERELLA_DATI", str(tmp_path / "dati"))
    return tmp_path / "dati"


def test_it_is_told_in_a_sentence_and_kept_in_a_file_for_its_owner(
    data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        with pytest.raises(BreakdownError) as caught:
            Broken().run(headless=True)
    path = data / "guasto.txt"
    assert "ZeroDivisionError: da ␛[2J 7" in caught.value.message
    assert str(path) in caught.value.message
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    kept = path.read_text("utf-8")
    assert kept.startswith("passerella ")
    assert "in on_mount" in kept
    printed = "".join(capfd.readouterr())
    assert "Traceback" not in printed
    assert "segreto" not in printed + kept


def test_without_a_place_for_the_file_the_sentence_is_there_all_the_same(data: Path) -> None:
    data.write_text("un file dove ci vorrebbe una cartella")
    with pytest.raises(BreakdownError) as caught:
        Broken().run(headless=True)
    assert "ZeroDivisionError" in caught.value.message
    assert "guasto.txt" not in caught.value.message
