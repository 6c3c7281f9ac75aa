"""A file of the student's: listed as its path is written, opened with «invio»."""

from pathlib import Path

import pytest
from textual.app import App
from textual.widgets import Static

from passerella.errors import CommandError
from passerella.tui.ask_file import AskFile, python_files
from passerella.tui.themes import THEMES
from tui.quick_pilot import QuickPilot


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tmp_path = tmp_path / "casa"
    (tmp_path / "progetto" / "__pycache__").mkdir(parents=True)
    for name in ("app.py", "prove.py", "note.txt", ".nascosto.py"):
        (tmp_path / "progetto" / name).touch()
    (tmp_path / "main.py").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_files_of_python_come_before_folders(project: Path) -> None:
    assert python_files("", project) == ["main.py", "progetto/"]
    assert python_files("progetto/", project) == ["progetto/app.py", "progetto/prove.py"]
    assert python_files("progetto/a", project) == ["progetto/app.py"]
    assert python_files(f"{project}/ma", project) == [f"{project}/main.py"]
    assert python_files("non-esiste/", project) == []
    assert python_files("con\0zero/", project) == []


async def test_it_is_found_with_few_keys(project: Path) -> None:
    taken: list[str] = []

    def take(text: str) -> None:
        if ":" in text or text == "main.py":
            raise CommandError("non così")
        taken.append(text)

    class Asking(App[None]):
        def on_mount(self) -> None:
            for theme in THEMES:
                self.register_theme(theme)
            self.theme = THEMES[0].name
            self.push_screen(AskFile("Quale", "scrivi", take))

    async with Asking().run_test(size=(80, 24)) as shown:
        pilot = QuickPilot(shown.app)
        await pilot.press(*"mai", "enter")
        await pilot.pause()
        assert "non così" in str(pilot.app.screen.query_one("#wrong", Static).render())  # it stays there to be read
        await pilot.press(*["backspace"] * 7, *"pro", "enter")  # into the folder
        await pilot.press("down", "tab", *":x", "enter")
        assert taken == []  # refused: it can be put right
        await pilot.press("backspace", "backspace", "enter")
        assert taken == ["progetto/prove.py"]
        assert not isinstance(pilot.app.screen, AskFile)
