"""Journeys held from the lab, on real servers."""

import asyncio
import os
import time

import pytest

from passerella.session.wanted import HoldRule
from passerella.tui.holds import exact
from passerella.tui.source import Phase
from passerella.views.holding import held_step
from passerella.views.inspector import environ_lines
from tui.driving import PATIENCE, Open, Screen

HELD = "◉ fermo"
SERVERS = {
    "gunicorn-flask": ("environ", "PATH_INFO", "Questo worker aspetta"),
    "uvicorn-fastapi": ("scope", "path", "Aspetta solo questa coroutine"),
    "waitress-flask": ("environ", "PATH_INFO", "Aspetta solo questo thread"),
}


async def _armed_at(screen: Screen, label: str) -> None:
    await screen.walk_to(label)
    await screen.press("space")


async def _held(screen: Screen, target: str = "GET /ciao?nome=Bruno") -> None:
    """Send a request, and see it held."""
    number = screen.lab.browsing.total + 1
    screen.server.ask(target)
    await screen.until(lambda: screen.journey.number == number and held_step(screen.journey) is not None)


async def _gone(pid: int) -> None:
    """The system takes away the last of a group a moment after it ended."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            os.killpg(pid, 0)
        except ProcessLookupError:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"il gruppo {pid} c'è ancora")


@pytest.mark.parametrize("scenario", SERVERS)
async def test_a_journey_is_held_let_go_walked_and_asked_for_on_the_way_out(lab: Open, scenario: str) -> None:
    async with lab(scenario) as screen:
        await _held_looked_at_and_let_go(screen, scenario)
        await _from_station_to_station_to_the_end(screen)
        pid = screen.pid
        await _quit_asks(screen)
    await _gone(pid)


async def test_at_80_columns_a_journey_is_held_looked_at_and_let_go(lab: Open) -> None:
    async with lab("gunicorn-flask", size=(80, 24)) as screen:
        await _held_looked_at_and_let_go(screen, "gunicorn-flask")


async def _held_looked_at_and_let_go(screen: Screen, scenario: str) -> None:
    mapping, key, sentence = SERVERS[scenario]
    await _armed_at(screen, "Ponte 1")
    assert "ferma: Ponte, andata" in screen.said("#title")
    assert "non fermare" in screen.said("#keys")
    await screen.press("escape")
    assert "ferma: Ponte, andata" in screen.said("#title")
    await _held(screen)
    assert screen.row.step.station == "gateway"
    assert screen.row.step.holding
    assert "‖" in next(line for line in screen.shown("#steps").splitlines() if line.startswith(("│▸", "▸")))
    assert screen.said("#explain").startswith(f"‖ {sentence}")
    assert f"1 {mapping}" in screen.said("#tabs")
    assert key in [line.key for line in environ_lines(screen.journey, screen.row)]
    assert "non c'è ancora" not in screen.shown("#mapping")
    assert HELD in screen.text()
    assert "200" not in screen.shown("#journeys").partition("\n")[0]
    assert screen.journey.status is None
    assert "spazio riprendi" in screen.said("#keys")
    assert "n prossima stazione" in screen.said("#keys")
    await screen.press("space")
    await screen.until(lambda: screen.journey.complete)
    assert screen.journey.status == 200
    assert HELD not in screen.text()
    assert not screen.said("#explain").startswith("‖")
    assert "‖" in screen.shown("#steps")
    await screen.press("home")
    await _armed_at(screen, "Ponte 1")
    assert "ferma:" not in screen.said("#title")
    assert not screen.server.rules


async def _from_station_to_station_to_the_end(screen: Screen) -> None:
    await _armed_at(screen, "Ponte 1")
    await _held(screen)
    held = [screen.row.step]
    while not screen.journey.complete:
        await screen.press("n")
        await screen.until(lambda: screen.journey.complete or held_step(screen.journey) not in (None, held[-1]))
        step = held_step(screen.journey)
        if step is not None:
            assert screen.row.step is step or step in screen.row.covers
            held.append(step)
    places = [(step.station, step.direction) for step in held if not step.moved]
    assert len(set(places)) == len(places)
    assert ("view", "inbound") in places
    # On the loop's own thread the socket cannot be held: the hold moves to the next coroutine step of the way back.
    moved_back = [step for step in held if step.moved and step.direction == "outbound"]
    assert ("socket", "outbound") in places or moved_back
    assert screen.journey.status == 200
    await screen.until(lambda: not any(rule.request for rule in screen.server.rules))
    assert screen.server.rules


async def _quit_asks(screen: Screen) -> None:
    await screen.press("home")
    await _armed_at(screen, "Ponte 1")  # which was armed: nobody is held there any more
    assert not screen.server.rules
    await _armed_at(screen, "Vista 1")
    await _held(screen)
    await screen.press("q")
    assert "Un viaggio è fermo: uscendo riparte. Esci?" in screen.text()
    await screen.press("escape")
    assert screen.app.screen is screen.lab
    assert screen.lab.holds.count == 1
    await screen.press("colon", *"esci", "enter")
    await screen.until(lambda: "Esci?" in screen.text())
    await screen.press("enter")
    assert not screen.app.is_running


async def test_release_all_lets_everybody_go_and_holds_nobody_else(lab: Open) -> None:
    async with lab("uvicorn-fastapi") as screen:
        await _armed_at(screen, "Vista 1")
        for name in ("Bruno", "Carla", "Dario"):
            screen.server.ask(f"GET /ciao?nome={name}")
        await screen.until(lambda: screen.lab.holds.count == 3)
        assert screen.lab.query_one("#journeys").size.height < 3 or screen.shown("#journeys").count(HELD) == 3
        await screen.press("colon", *"libera", "enter")
        await screen.until(lambda: all(each.complete for each in screen.lab.browsing.assembler.journeys))
        assert "ferma:" not in screen.said("#title")
        screen.server.ask("GET /")
        await screen.until(lambda: screen.lab.browsing.total == 5)
        await screen.until(lambda: screen.lab.browsing.assembler.journeys[-1].complete)


async def test_the_view_stays_with_the_journey_that_is_held(lab: Open) -> None:
    async with lab("uvicorn-fastapi") as screen:
        await _armed_at(screen, "Ponte 1")
        await _held(screen)
        first = screen.journey
        screen.server.ask("GET /ciao?nome=Carla")
        await screen.until(lambda: screen.lab.holds.count == 2)
        assert screen.journey is first
        await screen.press("home")
        await screen.press("left")
        assert "◎" in screen.said("#map")
        assert "◉" in screen.said("#map")
        await screen.press("space")
        await screen.until(lambda: first.complete)
        assert screen.lab.holds.count == 1
        await screen.press("space")
        await screen.until(lambda: screen.lab.holds.count == 0)


async def test_a_hold_that_moved_says_so(lab: Open) -> None:
    async with lab("uvicorn-fastapi") as screen:
        await _armed_at(screen, "Server 1")
        await _held(screen)
        assert held_step(screen.journey).moved  # type: ignore[union-attr]
        assert "la fermata è passata" in " ".join(screen.said("#explain").split())
        await screen.press("space")
        await screen.until(lambda: screen.journey.complete)


async def test_a_rule_of_the_command_line_is_in_force_from_the_start(lab: Open) -> None:
    rules = exact([HoldRule(1, station="gateway"), HoldRule(2, station="view", seconds=0.3)])
    async with lab("gunicorn-flask", rules=rules, wait=False) as screen:
        await screen.until(lambda: screen.lab.browsing.journey is not None and held_step(screen.journey) is not None)
        assert screen.row.step.station == "gateway"
        assert "ferma: Ponte · Vista per 0,3 s" in screen.said("#title")
        await screen.press("space")
        await screen.until(lambda: screen.journey.complete)
        assert len([step for step in screen.journey.steps if step.held]) == 2


async def test_without_a_journey_the_place_is_chosen_by_name(lab: Open) -> None:
    async with lab("gunicorn-flask", [], wait=False) as screen:
        await screen.until(lambda: screen.lab.status.phase is Phase.READY)
        await screen.press("space", *"vista andata", "enter")
        assert "ferma: Vista, andata" in screen.said("#title")
        screen.server.ask("GET /ciao?nome=Ada")
        await screen.until(lambda: screen.lab.browsing.journey is not None and held_step(screen.journey) is not None)
        assert screen.row.step.station == "view"


async def test_what_is_armed_stays_so_after_a_restart(lab: Open) -> None:
    async with lab("waitress-flask") as screen:
        await _armed_at(screen, "Ponte 1")
        await _held(screen)
        await screen.press("colon", *"riavvia", "enter")
        await screen.until(lambda: screen.lab.status.phase is Phase.READY)
        await screen.until(lambda: screen.lab.browsing.journey is not None and held_step(screen.journey) is not None)
        assert screen.lab.holds.count == 1


async def test_the_client_cannot_be_held(lab: Open) -> None:
    async with lab("gunicorn-flask") as screen:
        await _armed_at(screen, "Client 1")
        assert ["dal Socket in poi" in each.message for each in screen.app._notifications] == [True]
        assert "ferma:" not in screen.said("#title")
