from functools import partial
from pathlib import Path

from textual.widgets import Input

from passerella.journeys.model import Journey
from passerella.tui.row_list import RowList
from tui.driving import Open, Screen, finished


async def test_lanes_are_seen_and_a_journey_is_opened_from_them(lab: Open) -> None:
    async with lab("uvicorn-fastapi", ["GET /ciao?nome=Ada", "GET /lento?secondi=1", "GET /lento?secondi=1"]) as screen:
        await screen.press("l")
        await screen.until(lambda: "Loop" in screen.text())
        assert "in attesa: il loop serve gli altri" in screen.text()
        assert "ms" in screen.text() or " s" in screen.text()
        await screen.press("plus", "right", "minus")
        lanes = screen.app.screen.query_one(RowList)
        lanes.cursor = lanes.count - 1
        await screen.press("enter")
        assert screen.app.screen is screen.lab
        before = screen.lab.browsing.total
        await screen.press("i")
        assert "10 insieme" in screen.text()
        await screen.until(lambda: finished(screen, before + 10))
        assert {each.target for each in screen.lab.browsing.newest[:10]} == {screen.lab.browsing.newest[10].target}
        await screen.press("escape", "l", "escape")
        assert screen.app.screen is screen.lab


async def test_a_request_goes_under_the_microscope(lab: Open) -> None:
    async with lab("gunicorn-flask") as screen:
        await screen.press("colon", *"microscopio", "enter")
        assert "Da dove comincia" in screen.text()
        assert "dalla chiamata dell'app" in screen.text()
        await screen.press("enter")
        assert any("va sotto il microscopio" in each for each in screen.notices)
        magnified = await _magnified(screen)
        screen.lab.look_at(magnified)
        await screen.press("colon", *"microscopio", "enter")
        assert "Microscopio:" in screen.text()
        calls = screen.app.screen.query_one(RowList)
        before = calls.count
        assert "ciao()" in screen.text()
        await screen.press_until("down", lambda: "▸ " in calls._make(calls.cursor, 80)[1][0])
        await screen.press("enter")
        assert calls.count != before
        await screen.press("escape")
        assert screen.app.screen is screen.lab


async def _magnified(screen: Screen) -> Journey:
    """Requests until one is seen closer: the server hears of the microscope a moment after the screen."""

    def found() -> Journey | None:
        return next((each for each in screen.lab.browsing.newest if each.unseen is not None and each.seen), None)

    while found() is None:
        screen.server.ask("GET /ciao?nome=Bruno")
        await screen.until(partial(finished, screen, screen.lab.browsing.total + 1))
    magnified = found()
    assert magnified is not None
    return magnified


async def test_what_was_seen_is_saved(seen: Open, tmp_path: Path) -> None:
    async with seen("gunicorn-flask") as screen:
        await screen.press("colon", *"salva la", "enter")
        field = screen.app.screen.query_one(Input)
        field.value = ""
        await screen.press("enter")
        assert "Scrivi il nome" in screen.text()
        field.value = str(tmp_path / "x.passerella")
        await screen.press("enter")
        assert (tmp_path / "x.passerella").read_text() == "/ciao?nome=Ada"
