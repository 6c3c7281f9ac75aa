"""The lab on a real server."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from passerella.session.live import HoldRule
from passerella.tui.app import LabApp
from passerella.tui.source import Phase
from tui.driving import Open, Screen, Server, finished


@pytest.fixture
def lab() -> Open:
    """Open the lab on a scenario: ``async with lab("gunicorn-flask", ["GET /"]) as screen``."""

    @asynccontextmanager
    async def opened(
        scenario: str,
        lines: Sequence[str] = ("GET /ciao?nome=Ada",),
        size: tuple[int, int] = (120, 40),
        *,
        plain: bool = False,
        wait: bool = True,
        rules: Sequence[HoldRule] = (),
    ) -> AsyncIterator[Screen]:
        server = Server(scenario, lines)
        server.rules = rules
        app = LabApp(server, plain=plain)
        try:
            async with app.run_test(size=size) as pilot:
                screen = Screen(app, pilot, server)
                if wait:
                    await screen.until(lambda: screen.lab.status.phase is Phase.READY)
                    await screen.until(lambda: finished(screen, len(lines)))
                yield screen
        finally:
            server.close()

    return opened
