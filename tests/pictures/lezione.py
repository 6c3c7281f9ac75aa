"""Draws the README's picture of a lesson from a real one: a wrong answer, and the trace that shows why.

python tests/pictures/lezione.py
"""

import asyncio
import os
import re
import tempfile
from pathlib import Path

from passerella.cli.doors import HomeDoors
from passerella.lessons.course import own_course
from passerella.tui.lesson.app import LessonApp
from passerella.tui.lesson.screen import LessonScreen

PICTURES = Path(__file__).parents[2] / "app" / "immagini"
SIZE = (120, 40)
PATIENCE = 20
LESSON, PAGE = "corpo", "in-ritardo"


async def draw() -> None:
    """Open the page, choose the last answer, keep the picture."""
    course = own_course()
    app = LessonApp(course, HomeDoors())
    async with app.run_test(size=SIZE) as pilot:
        app.desk.open_lesson(course.lesson(LESSON), PAGE)
        await pilot.pause(1)
        await pilot.press("b", "enter")
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        for _ in range(PATIENCE * 10):
            await pilot.pause(0.1)
            if screen.taking.verdict is not None and not screen.sight.busy:
                break
        await pilot.pause(1)
        picture = app.export_screenshot(title="passerella lezioni 7")
    app.desk.close()
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
    (PICTURES / "lezione.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as data:
        os.environ["PASSERELLA_DATI"] = data
        asyncio.run(draw())
