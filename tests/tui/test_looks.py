"""How the screens look, on a recording: always the same bytes, times and ports.

PASSERELLA_RISCRIVI=1 pytest tests/tui/test_looks.py writes them again: look at what changed before keeping it.
"""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from passerella.cli.recorded_source import open_recorded
from passerella.tui.app import LabApp
from passerella.tui.themes import DAY, NIGHT
from tui.driving import Anything, Begin
from tui.quick_pilot import QuickPilot

SNAPSHOTS = Path(__file__).parent / "snapshots"
RECORDING = SNAPSHOTS / "viaggi.passerella"
_Walk = Callable[[Anything], Awaitable[None]]


def _compare(name: str, seen: str) -> None:
    """With the text kept under this name."""
    path = SNAPSHOTS / f"{name}.txt"
    text = "\n".join(line.rstrip() for line in seen.splitlines()) + "\n"
    if os.environ.get("PASSERELLA_RISCRIVI"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text("utf-8")


async def _at_environ(screen: Anything) -> None:
    await screen.press("v", "down")
    await screen.press("escape")
    await screen.walk_to("Ponte 1")


async def _at_bytes(screen: Anything) -> None:
    await _at_environ(screen)
    screen.lab.show_tab(2, "HTTP_HOST")
    await screen.pilot.pause()


async def _compared(screen: Anything) -> None:
    await screen.press("c", "enter")
    await screen.until(lambda: "Confronto" in screen.text())


async def _in_commands(screen: Anything) -> None:
    await screen.press("colon")


async def _in_help(screen: Anything) -> None:
    await _at_environ(screen)
    await screen.press("question_mark")


_SCENES: dict[str, tuple[_Walk, tuple[int, int], bool]] = {
    "laboratorio-120": (_at_environ, (120, 40), False),
    "laboratorio-80": (_at_environ, (80, 24), False),
    "laboratorio-80-ascii": (_at_environ, (80, 24), True),
    "laboratorio-200": (_at_environ, (200, 60), False),
    "byte-120": (_at_bytes, (120, 40), False),
    "byte-80": (_at_bytes, (80, 24), False),
    "confronto-120": (_compared, (120, 40), False),
    "confronto-80": (_compared, (80, 24), False),
    "comandi-80": (_in_commands, (80, 24), False),
    "aiuto-80": (_in_help, (80, 24), False),
}


@pytest.mark.parametrize("name", _SCENES)
async def test_the_lab_looks_like_this(name: str) -> None:
    walk, size, plain = _SCENES[name]
    source = open_recorded(RECORDING)
    app = LabApp(source, plain=plain)
    try:
        async with app.run_test(size=size):
            screen = Anything(app, QuickPilot(app))
            await screen.until(lambda: screen.lab.browsing.total == 2 and screen.lab.browsing.rows)
            await walk(screen)
            await screen.pilot.pause()
            seen = screen.text()
    finally:
        source.close()
    assert not plain or seen.isascii()
    _compare(name, seen)


@pytest.mark.parametrize(("name", "size"), [("inizio-120", (120, 40)), ("inizio-80", (80, 24))])
async def test_the_home_screen_looks_like_this(home: Begin, name: str, size: tuple[int, int]) -> None:
    async with home(size) as screen:
        await screen.until(lambda: "Confronto" in screen.text())
        seen = screen.text()
    _compare(name, seen)


async def test_another_size_and_another_theme_lose_nothing() -> None:
    source = open_recorded(RECORDING)
    app = LabApp(source)
    try:
        async with app.run_test(size=(120, 40)):
            screen = Anything(app, QuickPilot(app))
            await screen.until(lambda: screen.lab.browsing.rows)
            await _at_environ(screen)
            before = screen.text()
            for width, height in ((80, 24), (60, 15), (200, 60), (40, 10), (120, 40)):
                await screen.pilot.resize_terminal(width, height)
                await screen.until(lambda: "Ponte" in screen.text() and "aiuto" in screen.text())
            await screen.until(lambda: screen.text() == before)
            assert app.theme == NIGHT
            await screen.press("t")
            assert app.theme == DAY
            await screen.until(lambda: screen.text() == before)
    finally:
        source.close()


async def test_a_dialog_stays_whole_while_the_terminal_changes_size() -> None:
    source = open_recorded(RECORDING)
    app = LabApp(source)
    try:
        async with app.run_test(size=(60, 15)):
            screen = Anything(app, QuickPilot(app))
            await screen.until(lambda: screen.lab.browsing.rows)
            await screen.press("question_mark")
            for width, height in ((80, 24), (200, 60), (40, 10), (120, 40)):
                await screen.pilot.resize_terminal(width, height)
                await screen.until(lambda: "╭─ Aiuto" in screen.text() and "esc indietro" in screen.text())
            await screen.until(lambda: "─ Viaggi" in screen.text())  # behind it
    finally:
        source.close()


async def test_without_colours_the_signs_say_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    source = open_recorded(RECORDING)
    app = LabApp(source)
    try:
        async with app.run_test(size=(120, 40)):
            screen = Anything(app, QuickPilot(app))
            await screen.until(lambda: screen.lab.browsing.rows)
            await _at_environ(screen)
            strips = app.screen._compositor.render_strips()
            filtered = [
                strip.apply_filter(each, app.screen.background_colors[1])
                for strip in strips
                for each in app.get_line_filters()
            ]
            colours = {
                segment.style.color.name
                for strip in filtered
                for segment in strip
                if segment.style is not None
                and segment.style.color is not None
                and segment.style.color.triplet
                and len(set(segment.style.color.triplet)) > 1
            }
            assert not colours
            assert "▸ Ponte 1" in screen.text()
    finally:
        source.close()
