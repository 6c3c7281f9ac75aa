"""The screen that is painted before the lab is imported."""

import pytest
from rich.console import RenderableType
from textual.screen import Screen as TextualScreen

from passerella.tui import app as the_app
from passerella.tui.app import LabApp
from passerella.tui.opening import Opening
from passerella.tui.source import Phase
from tui.driving import Screen
from tui.quick_pilot import QuickPilot
from tui.told_again import ToldAgain


async def test_the_lab_takes_the_place_of_the_first_screen() -> None:
    server = ToldAgain("gunicorn-flask", ())
    app = LabApp(server, at_once=False)
    try:
        async with app.run_test(size=(120, 40)):
            first = app.screen_stack[0]
            assert isinstance(first, Opening)
            assert first.query_one("#map").size.height == 3
            screen = Screen(app, QuickPilot(app), server)
            await screen.until(lambda: app.screen is app.lab)
            await screen.until(lambda: app.lab.status.phase is Phase.READY)
            assert app.lab.query_one("#map").region == first.query_one("#map").region
            await screen.press("q")
            await screen.until(lambda: not app.is_running)
    finally:
        server.close()


async def test_all_of_the_first_screen_is_in_its_first_paint(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written only when it hears of its size would come with the next one."""
    painted: list[str] = []
    paint = LabApp._display

    def watched(app: LabApp, screen: TextualScreen[object], renderable: RenderableType | None) -> None:
        lines = screen._compositor.render_strips()
        painted.append("\n".join("".join(segment.text for segment in line) for line in lines))
        paint(app, screen, renderable)

    monkeypatch.setattr(LabApp, "_display", watched)
    server = ToldAgain("gunicorn-flask", ())
    try:
        async with LabApp(server, at_once=False).run_test(size=(120, 40)) as pilot:
            await pilot.pause()
        first = next(text for text in painted if text.strip())
        assert "Laboratorio" in first
        assert "Socket" in first
        assert "○" in first
    finally:
        server.close()


def test_who_is_shown_hears_that_the_screen_broke_down(monkeypatch: pytest.MonkeyPatch) -> None:
    class Shown(LabApp):
        def __init__(self, *_given: object, **_named: object) -> None:
            self._return_code = 1

        def run(self, *_given: object, **_named: object) -> None:
            """As Textual's, when something was wrong: it prints what, and comes back."""

    heard: list[bool] = []

    class Live:
        def close(self, *, failed: bool = False) -> None:
            heard.append(failed)

    monkeypatch.setattr(the_app, "LabApp", Shown)
    the_app.run_lab(Live())  # type: ignore[arg-type]
    assert heard == [True]
