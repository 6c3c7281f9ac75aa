import os
import signal

import pytest

from passerella.tui.inspector import Inspector
from passerella.tui.row_list import RowList
from passerella.tui.source import Phase
from tui.driving import Open

SIZES = [(120, 40), (80, 24)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("scenario", "mapping", "key"), [("gunicorn-flask", "environ", "PATH_INFO"), ("uvicorn-fastapi", "scope", "path")]
)
async def test_a_request_is_walked_with_its_mapping_in_sight(
    seen: Open, scenario: str, mapping: str, key: str, size: tuple[int, int]
) -> None:
    async with seen(scenario, size=size) as screen:
        assert "non c'è ancora" in screen.shown("#mapping")
        await screen.walk_to("Ponte 1")
        assert f"1 {mapping}" in screen.said("#tabs")
        inspected = screen.lab.query_one("#mapping", RowList)
        lines = [inspected._make(index, 78) for index in range(inspected.count)]
        texts = ["".join(text for text, _ in line) for line in lines]
        line = next(text for text in texts if text.split()[1] == key)
        assert line.startswith("+ ")
        assert "'/ciao'" in line
        assert "◂ byte 4–8" in line
        assert "◉" in screen.said("#map")
        assert mapping in screen.said("#explain")


async def test_the_whole_screen_at_80_columns_is_full_and_without_boxes(seen: Open) -> None:
    async with seen("gunicorn-flask", size=(80, 24)) as screen:
        await screen.walk_to("Ponte 1")
        regions = {
            name: screen.lab.query_one(name).region.height
            for name in ("#title", "#map", "#steps", "#inspector", "#explain", "#keys")
        }
        assert regions == {"#title": 1, "#map": 3, "#steps": 7, "#inspector": 9, "#explain": 3, "#keys": 1}
        assert not set("╭╰│") & set(screen.text())


async def test_detail_changes_and_the_step_in_sight_stays(seen: Open) -> None:
    async with seen("gunicorn-flask") as screen:
        await screen.walk_to("Vista 1")
        browsing = screen.lab.browsing
        step = screen.row.step
        counts = []
        for key in ("plus", "minus", "minus"):
            await screen.press(key)
            counts.append(len(browsing.rows))
            assert any(step is each for each in screen.row.covers)
        assert counts[2] < counts[1] < counts[0]
        await screen.press("minus")
        assert len(browsing.rows) == counts[2]
        await screen.press("plus", "plus")
        assert browsing.tab == 1
        await screen.press("plus")
        assert (len(browsing.rows), browsing.tab) == (counts[0], 3), "the fourth level is the code"


async def test_enter_opens_one_row_and_closes_it(seen: Open) -> None:
    async with seen("gunicorn-flask") as screen:
        await screen.walk_to("Framework 2")
        before = len(screen.lab.browsing.rows)
        await screen.press("enter")
        assert len(screen.lab.browsing.rows) > before
        await screen.press("right")
        assert "." in screen.row.label
        await screen.press("enter")
        assert len(screen.lab.browsing.rows) == before
        assert screen.row.label == "Framework 2"


async def test_the_four_tabs(seen: Open) -> None:
    async with seen("gunicorn-flask") as screen:
        await screen.walk_to("Socket 2")
        await screen.press("2")
        assert "47 45 54 20" in screen.shown("#bytes")
        await screen.walk_to("Vista 1")
        await screen.press("3")
        assert "def ciao() -> str:" in screen.shown("#source")
        await screen.press("4")
        assert "app_flask.py" in screen.said("#words-text")
        await screen.press("1")
        assert "REQUEST_METHOD" in screen.shown("#mapping")


async def test_a_key_is_explained_when_the_cursor_is_on_it(seen: Open) -> None:
    async with seen("wsgiref-wsgi") as screen:
        await screen.walk_to("Ponte 1")
        await screen.press("tab")
        inspected = screen.lab.query_one("#mapping", RowList)
        assert inspected.has_focus
        folded = inspected.count
        await screen.press("home", "enter")
        assert inspected.count > folded
        await screen.press("enter")
        assert inspected.count == folded
        await screen.press("down")
        assert "SERVER_NAME" in screen.said("#explain")
        await screen.press("escape")
        assert "SERVER_NAME" not in screen.said("#explain")


async def test_the_bytes_of_the_chosen_key_are_in_evidence(seen: Open) -> None:
    async with seen("uvicorn-asgi") as screen:
        await screen.walk_to("Ponte 1")
        await screen.press("tab", "end", "up", "up", "2")
        assert "· path" in screen.said("#tabs")
        lines = screen.shown("#bytes").splitlines()
        assert [line[5] for line in lines[:2]] == ["▸", " "]
        inspected = screen.lab.query_one("#bytes", RowList)
        lit = "".join(
            text
            for text, token in inspected._make(0, 78)
            if token in ("lit", "under") and len(text) == 1 and text != " "
        )
        assert lit == "/ciao"


async def test_new_journeys_wait_while_one_is_being_walked(lab: Open) -> None:
    async with lab("gunicorn-flask") as screen:
        await screen.press("right")
        for name in ("Bruno", "Carla"):
            screen.server.ask(f"GET /ciao?nome={name}")
        await screen.until(lambda: screen.lab.browsing.total == 3)
        assert screen.journey.number == 1
        assert "2 nuovi" in screen.text()
        await screen.press("v", "home")
        assert screen.journey.number == 3
        assert "nuovi" not in screen.text()


async def test_one_panel_takes_the_whole_screen(seen: Open) -> None:
    async with seen("gunicorn-flask", size=(80, 24)) as screen:
        await screen.walk_to("Ponte 1")
        assert "PATH_INFO" not in screen.text()
        await screen.press("z")
        await screen.until(lambda: "HTTP_HOST" in screen.text() and "z riduci" in screen.text())
        assert not screen.lab.query_one("#left").display
        await screen.press("slash")  # what is behind it comes back when it is asked for
        await screen.until(lambda: screen.lab.query_one("#left").display)
        await screen.press("escape", "escape", "z", "escape")
        await screen.until(lambda: screen.lab.query_one("#steps").has_focus)
        assert "▸ Ponte 1" in screen.text()


async def test_at_80_columns_the_journeys_are_behind_v(seen: Open) -> None:
    async with seen("gunicorn-flask", ["GET /ciao?nome=Ada", "GET /errore"], (80, 24)) as screen:
        assert not screen.lab.query_one("#journeys").display
        await screen.press("v")
        await screen.until(lambda: screen.lab.query_one("#journeys").has_focus)
        assert not screen.lab.query_one("#steps").display
        chosen = screen.lab.browsing.journeys[1]
        await screen.press("down", "enter")
        await screen.until(lambda: screen.lab.query_one("#steps").has_focus)
        assert screen.journey is chosen


async def test_the_mouse_picks_rows_and_tabs(seen: Open) -> None:
    async with seen("gunicorn-flask") as screen:
        await screen.pilot.click("#steps", offset=(8, 4))
        assert screen.lab.browsing.position == 3
        await screen.pilot.click("#tabs", offset=(14, 0))
        assert screen.lab.browsing.tab == 2
        await screen.pilot.click("#keys", offset=(2, 0))
        assert screen.lab.browsing.position == 4


async def test_page_keys_move_through_the_steps(seen: Open) -> None:
    async with seen("gunicorn-flask", size=(80, 24)) as screen:
        await screen.press("pagedown")
        assert screen.lab.browsing.position > 1
        await screen.press("pageup")
        assert screen.lab.browsing.position == 0


async def test_another_scenario_takes_the_place_of_this_one(lab: Open) -> None:
    async with lab("gunicorn-flask") as screen:
        first = screen.pid
        await screen.press("colon", *"scenario", "enter")
        assert "Uvicorn con FastAPI" in screen.text()
        await screen.press(*"fastapi", "enter")
        await screen.until(lambda: "8000" in screen.lab.status.url or screen.lab.status.server == "Uvicorn")
        await screen.until(lambda: screen.lab.status.phase is Phase.READY)
        await screen.until(lambda: screen.lab.browsing.journey is not None and screen.journey.complete)
        assert screen.journey.interface == "asgi"
        assert not _lives(first)


async def test_a_server_that_dies_says_so_and_can_be_restarted(lab: Open) -> None:
    async with lab("gunicorn-flask") as screen:
        os.killpg(screen.pid, signal.SIGKILL)
        await screen.until(lambda: screen.lab.status.phase is Phase.ENDED)
        assert "Il server è terminato." in screen.said("#banner")
        assert screen.lab.query_one("#steps").display
        await screen.until(lambda: "r riavvia" in screen.text() and "spazio" not in screen.shown("#keys"))
        await screen.press("r")
        await screen.until(lambda: "I viaggi di prima spariscono" in screen.text())
        await screen.press("enter")
        await screen.until(lambda: screen.lab.status.phase is Phase.READY)
        assert not screen.lab.query_one("#banner").display


async def test_a_server_that_does_not_start_says_why(lab: Open) -> None:
    from msgspec.structs import replace

    async with lab("gunicorn-flask", [], wait=False) as screen:
        screen.server.scenario = replace(screen.server.scenario, app="app_flask:nonce")
        await screen.until(lambda: screen.lab.status.phase is not Phase.STARTING)
        screen.lab.start()
        await screen.until(lambda: screen.lab.status.phase is Phase.FAILED)
        said = screen.said("#welcome")
        assert "non contiene «nonce»" in said
        assert "App failed to load" in said
        assert "riavvia" in said


async def test_waiting_is_calm_and_says_what_to_do(lab: Open) -> None:
    async with lab("gunicorn-flask", [], wait=False) as screen:
        assert "Avvio" in screen.text()
        await screen.until(lambda: screen.lab.status.phase is Phase.READY)
        assert "Premi r" in screen.said("#welcome")
        assert "http://127.0.0.1:" in screen.said("#welcome")


async def test_what_arrives_while_it_is_being_closed_is_not_painted(lab: Open) -> None:
    async with lab("wsgiref-wsgi", ["GET /"]) as screen:
        before = screen.lab.browsing.total
        await screen.lab.query_one("#journeys").remove()
        screen.server.ask("GET /")
        await screen.until(lambda: screen.lab.browsing.total > before)
        screen.lab._show_news()


async def test_quit_leaves_no_process(lab: Open) -> None:
    async with lab("gunicorn-flask") as screen:
        pid = screen.pid
        assert _lives(pid)
        await screen.press("q")
        assert not screen.app.is_running
    assert not _lives(pid)


async def test_help_speaks_of_what_is_in_sight(seen: Open) -> None:
    async with seen("gunicorn-flask") as screen:
        await screen.walk_to("Vista 1")
        await screen.press("question_mark")
        assert "Vista 1 · vista" in screen.text()
        await screen.press("escape")
        assert screen.app.screen is screen.lab
        await screen.press("slash", "f1")
        assert screen.text().index("metodo:POST") < screen.text().index("stazione:")
        await screen.press("escape", "escape", "escape", "1", "tab", "down")
        key = screen.lab.query_one(Inspector).subject()
        assert key is not None
        await screen.press("question_mark")
        assert screen.text().index(key.title) < screen.text().index("Vista 1 · vista")


def _lives(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except OSError:
        return False
    return True
