"""Draws the README's pictures from a real run of the lab.

python tests/pictures/laboratorio.py
"""

import asyncio
import re
from pathlib import Path

from passerella.cli.live_source import SessionSource
from passerella.cli.target import of_scenario
from passerella.client.prepared import Prepared
from passerella.client.request import compose
from passerella.tui.app import LabApp

PICTURES = Path(__file__).parents[2] / "app" / "immagini"
SIZE = (120, 40)
STEPS_TO_ENVIRON = 5
PATIENCE = 20


async def draw(scenario: str, name: str) -> None:
    """Open the lab on ``scenario``, send a request, walk to where environ or scope is built, keep the picture."""

    def requests(host: str) -> list[Prepared]:
        return [Prepared.of(compose("GET /ciao?nome=Ada", host=host))]

    source = SessionSource(of_scenario(scenario), requests)
    app = LabApp(source)
    async with app.run_test(size=SIZE) as pilot:
        for _ in range(PATIENCE * 10):
            await pilot.pause(0.1)
            if "close()" in app.export_screenshot() or "fine dell" in app.export_screenshot():
                break
        await pilot.pause(1)
        await pilot.press("right", *["right"] * (STEPS_TO_ENVIRON - 1))
        await pilot.pause(0.5)
        picture = app.export_screenshot(title="passerella")
    source.close()
    PICTURES.mkdir(exist_ok=True)
    # No font is fetched when the picture is looked at: the reader's own monospace will do.
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
    (PICTURES / name).write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(draw("gunicorn-flask", "laboratorio.svg"))
