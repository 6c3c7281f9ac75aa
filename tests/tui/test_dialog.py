"""What is behind a dialog stays in sight, dimmed, as it was."""

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from passerella.tui.base_app import OurApp
from passerella.tui.notice import Notice

WORDS = "sotto"


class Below(Screen[None]):
    CSS = "#foot { dock: bottom; height: 1; color: $here; }"

    def compose(self) -> ComposeResult:
        yield Static(WORDS, id="foot")


def last_line(app: OurApp) -> str:
    return app.screen._compositor.render_strips()[-1].text


async def test_it_is_dimmed() -> None:
    app = OurApp()
    async with app.run_test(size=(40, 12)) as pilot:
        await app.push_screen(Below())
        await pilot.pause()
        bright = app.screen._compositor.render_strips()[-1]
        app.push_screen(Notice("Aiuto", [("Testo", "")]))
        await pilot.pause()
        dimmed = app.screen._compositor.render_strips()[-1]
        assert dimmed.text == bright.text == WORDS.ljust(40)
        first, second = (next(iter(strip)).style for strip in (bright, dimmed))
        assert first is not None
        assert second is not None
        assert first.color != second.color


async def test_it_is_looked_at_anew_in_another_size() -> None:
    app = OurApp()
    async with app.run_test(size=(40, 12)) as pilot:
        await app.push_screen(Below())
        await pilot.pause()
        app.push_screen(Notice("Aiuto", [("Testo", "")]))
        await pilot.pause()
        for size in ((60, 20), (30, 8)):
            await pilot.resize_terminal(*size)
            await pilot.pause(0.1)
            assert last_line(app) == WORDS.ljust(size[0])


async def test_it_does_not_change_while_the_dialog_is_open() -> None:
    app = OurApp()
    async with app.run_test(size=(40, 12)) as pilot:
        await app.push_screen(Below())
        await pilot.pause()
        foot = app.screen.query_one(Static)
        app.push_screen(Notice("Aiuto", [("Testo", "")]))
        await pilot.pause(0.1)
        foot.update("altro")
        await pilot.pause(0.4)  # longer than it waits after a real change of size
        assert last_line(app).startswith(WORDS)
        await pilot.press("escape")
        await pilot.pause()
        assert last_line(app).startswith("altro")
