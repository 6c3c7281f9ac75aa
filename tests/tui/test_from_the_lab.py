"""What is opened from the lab by name: comparisons, the blocking hold, where the microscope begins."""

from pathlib import Path

from passerella.session.wanted import Look, Place
from passerella.tui.comparison import ComparisonScreen
from passerella.tui.inspector import Inspector
from passerella.tui.lab import Lab
from passerella.tui.lanes_screen import LanesScreen
from tui.driving import Open


async def test_a_journey_is_compared_with_another_and_with_another_scenario(seen: Open) -> None:
    async with seen("gunicorn-flask", ["GET /ciao?nome=Ada", "GET /moduli"]) as screen:
        await screen.press("c")
        await screen.until(lambda: "un altro scenario" in screen.text())
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, ComparisonScreen))
        await screen.until(lambda: "Viaggio 1" in screen.text() and "Viaggio 2" in screen.text())
        await screen.press("escape", "c", *"altro scen", "enter", *"waitress con", "enter")
        await screen.until(lambda: isinstance(screen.app.screen, ComparisonScreen))
        await screen.until(lambda: "gunicorn-flask" in screen.text() and "waitress-flask" in screen.text())
        await screen.press("escape")
        assert isinstance(screen.app.screen, Lab)


async def test_a_scenario_that_does_not_start_says_why_and_is_left(seen: Open) -> None:
    async with seen("gunicorn-flask") as screen:
        screen.server.refuse_elsewhere = "questo qui non parte"
        await screen.press("c", *"altro scen", "enter", "enter")
        await screen.until(lambda: "questo qui non parte" in screen.text())
        await screen.press("escape")
        assert isinstance(screen.app.screen, Lab)


async def test_the_blocking_hold_is_chosen_by_its_name(lab: Open) -> None:
    async with lab("uvicorn-fastapi") as screen:
        await screen.press("colon", *"bloccando", "enter")
        await screen.until(lambda: "bloccando il loop" in screen.text() and "Ponte, andata" in screen.text())
        await screen.press(*"ponte, andata", "enter")
        await screen.until(lambda: any(rule.blocking for rule in screen.server.rules))
        assert "Ponte, andata, bloccando il loop" in screen.lab.holds.title()
        screen.server.ask("GET /ciao?nome=Bruno")
        await screen.until(lambda: screen.lab.holds.count == 1)
        await screen.until(lambda: "Tutto il loop è fermo" in screen.said("#explain"))
        await screen.press("space")
        await screen.until(lambda: not screen.lab.holds.count)
        screen.lab.hold_at("gateway", "inbound", blocking=True)
        assert not screen.lab.holds.title()
        screen.lab.hold_at("gateway", "inbound")
        screen.lab.hold_at("gateway", "inbound", blocking=True)
        assert "bloccando" in screen.lab.holds.title()


async def test_the_microscope_begins_where_it_is_told(seen: Open) -> None:
    async with seen("gunicorn-flask") as screen:
        await screen.press("colon", *"dove comincia", "enter", *"vista", "enter")
        assert screen.server.looks == [Look(Place(station="view", direction="inbound"))]
        await screen.press("colon", *"dove comincia", "enter", *"socket", "enter")
        assert screen.server.looks[-1] == Look(
            Place(station="socket", direction="inbound"), Place(station="socket", direction="outbound")
        )


async def test_help_speaks_of_what_is_in_front(seen: Open) -> None:
    async with seen("gunicorn-flask") as screen:
        await screen.press("l")
        await screen.until(lambda: isinstance(screen.app.screen, LanesScreen))
        await screen.press("question_mark")
        await screen.until(lambda: "Le corsie" in screen.text())
        await screen.press("escape", "escape")
        await screen.walk_to("Ponte 1")
        await screen.press("question_mark")
        await screen.until(lambda: "Ponte 1 · environ" in screen.text())


async def test_the_journey_is_exported_and_nothing_is_overwritten_unasked(seen: Open) -> None:
    async with seen("gunicorn-flask") as screen:
        Path("viaggio-1.har").write_text("mio")
        await screen.press("colon", *"esporta il", "enter", *"har", "enter")
        await screen.until(lambda: "viaggio-1-2.har" in screen.text())
        await screen.press("enter")
        assert Path("viaggio-1-2.har").read_text() == "har\n/ciao?nome=Ada"
        assert Path("viaggio-1.har").read_text() == "mio"


async def test_the_mouse_does_what_the_keys_do(seen: Open) -> None:
    async with seen("gunicorn-flask") as screen:
        await screen.pilot.click("#steps", offset=(10, 6))
        assert screen.lab.browsing.position == 5
        await screen.pilot.click("#tabs", offset=(14, 0))
        await screen.until(lambda: screen.lab.browsing.tab == 2)
        at = screen.shown("#keys").index(": comandi")
        await screen.pilot.click("#keys", offset=(at + 1, 0))
        await screen.until(lambda: "scrivi per cercare" in screen.text())
        await screen.press("escape")
        assert screen.lab.query_one(Inspector).is_attached
