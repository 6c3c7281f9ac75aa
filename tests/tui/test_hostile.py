import pytest

from passerella.tui.row_list import RowList
from tui.driving import Open, Screen

HOSTILE = (
    b"GET /[bold]x[/]?a=[@cick=app.quit]z&b=%1b[31m HTTP/1.1\r\n"
    b"Host: x\r\n"
    b"X-Markup: [bold red]rosso[/] [/] [@click=app.quit]esci[/]\r\n"
    b"X-Bytes: \xe8\xff\x80 \xe2\x80\xaeolos\r\n"
    b"X-Escape: \x1b[2J\x1b]0;titolo\x07\r\n"
    b"Connection: close\r\n\r\n"
)
MALFORMED = [b"\x00\x01\x1b[2J\r\n\r\n", b"GET / HTTP/9.9\r\n[bold]\r\n\r\n"]


@pytest.mark.parametrize("scenario", ["wsgiref-wsgi", "uvicorn-fastapi"])
async def test_a_hostile_request_is_shown_harmless(seen: Open, scenario: str) -> None:
    async with seen(scenario, [HOSTILE, *MALFORMED]) as screen:
        await screen.press("minus", "v")
        for _ in range(screen.lab.browsing.total):
            await _look_everywhere(screen)
            await screen.press("down")
        assert screen.app.is_running


async def _look_everywhere(screen: Screen) -> None:
    lab = screen.lab
    for _ in range(len(lab.browsing.rows)):
        for tab in (1, 2, 3, 4):
            lab.action_tab(tab)
            await screen.pilot.pause()
            _check(screen.text())
        lab.action_step(1)


def _check(text: str) -> None:
    assert not set(text) & {"\x1b", "\x00", "\x07", "\x9b", "\u202e"}


async def test_markup_is_read_as_it_was_sent(seen: Open) -> None:
    async with seen("wsgiref-wsgi", [HOSTILE]) as screen:
        assert "/[bold]x[/]?a=[@c" in screen.shown("#journeys")
        await screen.walk_to("Ponte 1")
        inspected = screen.lab.query_one("#mapping", RowList)
        lines = ["".join(text for text, _ in inspected._make(index, 200)) for index in range(inspected.count)]
        assert any("[bold red]rosso[/] [/] [@click=app.quit]esci[/]" in line for line in lines)
        assert any(r"\x1b[2J" in line for line in lines)


async def test_a_click_on_foreign_markup_does_nothing(seen: Open) -> None:
    async with seen("wsgiref-wsgi", [HOSTILE]) as screen:
        for x in range(4, 40, 3):
            await screen.pilot.click("#journeys", offset=(x, 1))
        assert screen.app.is_running


async def test_a_poor_terminal_gets_ascii(seen: Open) -> None:
    async with seen("gunicorn-flask", plain=True) as screen:
        await screen.walk_to("Ponte 1")
        for row in range(screen.app.size.height):
            segments = screen.lab.render_line(row)
            assert segments is not None
        drawn = screen.app.export_screenshot()
        assert "@" in screen.said("#map")
        assert "◉" not in drawn
