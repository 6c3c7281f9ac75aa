"""The lab on a real server."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from passerella.cli.doors import HomeDoors
from passerella.session.wanted import HoldRule
from passerella.tui.app import LabApp
from passerella.tui.home_app import HomeApp
from passerella.tui.source import Phase
from tui.driving import Anything, Begin, Open, Screen, Server, finished
from tui.quick_pilot import QuickPilot
from tui.told_again import ToldAgain


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered, and what is recorded, is this test's own; so is the folder where one is."""
    monkeypatch.setenv("PASSERELLA_DATI", str(tmp_path / "dati"))
    here = tmp_path / "qui"
    here.mkdir()
    monkeypatch.chdir(here)


@pytest.fixture
def home() -> Begin:
    """Open the program as «passerella» alone does: ``async with home() as screen``."""

    @asynccontextmanager
    async def opened(size: tuple[int, int] = (120, 40), *, plain: bool = False) -> AsyncIterator[Anything]:
        app = HomeApp(HomeDoors(), plain=plain)
        try:
            async with app.run_test(size=size):
                yield Anything(app, QuickPilot(app))
        finally:
            app.close_everything()

    return opened


@pytest.fixture
def lab() -> Open:
    """Open the lab on a scenario: ``async with lab("gunicorn-flask", ["GET /"]) as screen``."""
    return partial(_opened, Server)


@pytest.fixture
def seen() -> Open:
    """The same for who only looks: what the scenario's server told the first time that somebody asked is told again."""
    return partial(_opened, ToldAgain)


@asynccontextmanager
async def _opened(
    kind: type[Server],
    scenario: str,
    lines: Sequence[str] = ("GET /ciao?nome=Ada",),
    size: tuple[int, int] = (120, 40),
    *,
    plain: bool = False,
    wait: bool = True,
    rules: Sequence[HoldRule] = (),
) -> AsyncIterator[Screen]:
    server = kind(scenario, lines)
    server.rules = rules
    app = LabApp(server, plain=plain)
    try:
        async with app.run_test(size=size):
            screen = Screen(app, QuickPilot(app), server)
            if wait:
                await screen.until(lambda: screen.lab.status.phase is Phase.READY)
                await screen.until(lambda: finished(screen, len(lines)))
            yield screen
    finally:
        server.close()
