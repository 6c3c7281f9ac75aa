import pytest
from textual.widgets import Input

from passerella.tui.row_list import RowList
from tui.driving import Open

SIZES = [(120, 40), (80, 24)]
LINES = ["GET /ciao?nome=Ada", "GET /errore", "GET /vecchio"]


@pytest.mark.parametrize("size", SIZES)
async def test_the_filter_is_applied_as_one_types(seen: Open, size: tuple[int, int]) -> None:
    async with seen("gunicorn-flask", LINES, size=size) as screen:
        browsing = screen.lab.browsing
        await screen.press("slash", *"stato:5")
        assert len(browsing.journeys) == 3
        assert "5xx" in screen.text()
        assert "non" not in screen.said("#filter-wrong")
        await screen.press(*"xx")
        assert [journey.status for journey in browsing.journeys] == [500]
        assert screen.journey.status == 500
        assert "1 di 3" in screen.text()
        keys = screen.said("#keys")
        assert "togli il filtro" in keys
        assert "dettaglio" not in keys
        await screen.press("enter")
        assert screen.lab.query_one("#journeys").has_focus
        assert not screen.lab.query_one("#filter-completions").display
        await screen.press("escape")
        assert len(browsing.journeys) == 3
        assert not screen.lab.query_one("#filter-bar").display


async def test_tab_completes_and_arrows_choose(seen: Open) -> None:
    async with seen("gunicorn-flask", LINES) as screen:
        await screen.press("slash", *"per", "tab")
        field = screen.lab.query_one("#filter", Input)
        assert field.value == "percorso:"
        completions = screen.lab.query_one("#filter-completions", RowList)
        assert completions.count == 3
        await screen.press("down", "tab")
        assert field.value == "percorso:/errore"
        assert [journey.target for journey in screen.lab.browsing.journeys] == ["/errore"]


async def test_what_is_wrong_is_said_and_the_last_filter_stays(seen: Open) -> None:
    async with seen("gunicorn-flask", LINES) as screen:
        await screen.press("slash", *"stato:500 colore:rosso")
        assert "«colore» non è un campo" in " ".join(screen.said("#filter-wrong").split())
        assert [journey.status for journey in screen.lab.browsing.journeys] == [500]


async def test_new_journeys_pass_or_do_not(lab: Open) -> None:
    async with lab("gunicorn-flask", LINES) as screen:
        await screen.press("slash", *"percorso:/ciao", "enter")
        assert len(screen.lab.browsing.journeys) == 1
        screen.server.ask("GET /vecchio")
        screen.server.ask("GET /ciao?nome=Bruno")
        await screen.until(lambda: screen.lab.browsing.total == 5)
        await screen.until(lambda: len(screen.lab.browsing.journeys) == 2)
        assert [each.number for each in screen.lab.browsing.journeys] == sorted(
            (each.number for each in screen.lab.browsing.journeys), reverse=True
        )


async def test_only_some_journeys_are_held(lab: Open) -> None:
    async with lab("gunicorn-flask", LINES) as screen:
        await screen.press("colon", *"certi viaggi", "enter", *"ponte andata", "enter")
        await screen.press(*"stato:500", "enter")
        assert "la risposta nasce dopo" in " ".join(screen.text().split())
        screen.app.screen.query_one(Input).value = "percorso:/caffè"
        await screen.press("enter")
        assert screen.app.screen is screen.lab
        assert "ferma: Ponte, andata se /caffè" in screen.said("#title")
        screen.server.ask("GET /ciao?nome=Bruno")
        await screen.until(lambda: screen.lab.browsing.total == 4 and screen.journey.complete)
        screen.server.ask("GET /caffè")
        await screen.until(lambda: screen.lab.holds.count == 1)
        assert screen.journey.target == "/caff%C3%A8"
        await screen.press("space")
        await screen.until(lambda: screen.journey.complete)
