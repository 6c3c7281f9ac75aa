"""A path led with a class on the screen: legs, time, notes, hands counted twice, «svela»."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.content import Content
from textual.widgets import Digits, Input, Static

from lessons.writing import QUESTION, TRACE, write_lesson
from passerella.cli.doors import HomeDoors
from passerella.lessons import progress
from passerella.lessons.course import Course
from passerella.lessons.paths import read_path
from passerella.lessons.verdict import Outcome
from passerella.lessons.voting import Vote
from passerella.tui.lesson.hands import CountHands, ShowHands, histogram
from passerella.tui.lesson.leading_screen import LeadingScreen
from passerella.tui.lesson.path_app import PathApp
from passerella.tui.lesson.path_screen import PathScreen
from passerella.tui.lesson.screen import LessonScreen
from passerella.tui.lesson.talk_screen import TalkScreen
from passerella.tui.notice import Notice, Question
from passerella.tui.page import Page
from tui.quick_pilot import QuickPilot

NOTE = '```nota\nper = "docente"\ntesto = "Sottovoce."\n```\n'
PATH = """
titolo = "Un'ora"
durata = 25

[[tappe]]
minuti = 10
lezione = "prova"
pagine = ["quante"]
chiedi = "Quante, secondo voi?"

[[tappe]]
minuti = 15
pausa = true
nota = "Il caffè è al bar."
"""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    page = f"# Quante\n{TRACE}{QUESTION}\nUna per richiesta.\n{NOTE}"
    write_lesson(tmp_path / "corso" / "01-prova", {"domanda": "# D\n\nPrima.\n", "quante": page})
    (tmp_path / "corso" / "percorsi").mkdir()
    (tmp_path / "corso" / "percorsi" / "ora.toml").write_text(PATH, encoding="utf-8")
    return Course(tmp_path / "corso")


@asynccontextmanager
async def opened(course: Course, *, teacher: bool) -> AsyncIterator[tuple[PathApp, QuickPilot]]:
    app = PathApp(course, read_path(course, "ora"), HomeDoors(), teacher=teacher)
    try:
        async with app.run_test(size=(80, 24)):
            pilot = QuickPilot(app)
            await reached(pilot, PathScreen)
            yield app, pilot
    finally:
        app.desk.close()


async def reached(pilot: QuickPilot, kind: type) -> None:
    await until(lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.is_running)
    await pilot.pause()


async def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def said(app: PathApp, where: str) -> str:
    content = app.screen.query_one(where, Static).content
    return content.plain if isinstance(content, Content) else str(content)


async def count(pilot: QuickPilot, *hands: str) -> None:
    await pilot.press("h")
    await until(lambda: isinstance(pilot.app.screen, CountHands) and pilot.app.focused is not None)
    for number in hands:
        await pilot.press(*number, "enter")
    await until(lambda: not isinstance(pilot.app.screen, CountHands))
    await pilot.pause()


async def test_a_class_votes_twice_and_then_sees(course: Course) -> None:
    async with opened(course, teacher=True) as (app, pilot):
        assert "Quante, secondo voi?" in said(app, "#leg-text")
        assert "25 minuti in tutto" in said(app, "#lesson-title")
        await pilot.press("enter")
        await reached(pilot, LeadingScreen)
        screen = app.screen
        assert isinstance(screen, LeadingScreen)
        assert "tappa 1 di 2 · Prova   0:0" in said(app, "#lesson-title")
        assert "restano 9:5" in said(app, "#lesson-title")
        await pilot.press("n")
        await reached(pilot, Notice)
        notes = app.screen.query_one(Page).said
        assert "Sottovoce." in notes
        assert "Quante, secondo voi?" in notes
        await pilot.press("escape")

        await count(pilot, "12", "3")
        assert not isinstance(app.screen, ShowHands), "the first count is seen by nobody"
        await count(pilot, "4", "")
        assert isinstance(app.screen, ShowHands)
        await pilot.press("escape")
        await reached(pilot, LeadingScreen)
        await pilot.press("h")
        await reached(pilot, ShowHands)
        await pilot.press("h")  # from the beginning
        await reached(pilot, CountHands)
        await pilot.press("escape")
        await reached(pilot, LeadingScreen)
        await count(pilot, "12", "3")
        await count(pilot, "5", "10")
        assert isinstance(app.screen, ShowHands)
        await pilot.press("enter")
        await until(lambda: screen.taking.verdict is not None)
        verdict = screen.taking.verdict
        assert verdict is not None
        assert (verdict.outcome, verdict.chosen) == (Outcome.RIGHT, (1,))

        await until(lambda: not screen.sight.busy)
        await pilot.press("enter")
        await reached(pilot, PathScreen)
        assert "in orario" in said(app, "#lesson-title")
        await pilot.press("enter")
        await reached(pilot, TalkScreen)
        assert app.screen.query_one(Digits).value.startswith("1")
        await pilot.press("n")
        await reached(pilot, Notice)
        assert "Il caffè è al bar." in app.screen.query_one(Page).said
        await pilot.press("escape", "question_mark")
        await reached(pilot, Notice)
        assert "torna alle tappe" in app.screen.query_one(Page).said
        await pilot.press("escape", "enter")
        await reached(pilot, PathScreen)
        await pilot.press("escape")
        await reached(pilot, Question)
        assert "i voti della classe non si conservano" in said(app, "#question")
        await pilot.press("escape")
        await reached(pilot, PathScreen)
        await pilot.press("q")
        await reached(pilot, Question)
        await pilot.press("enter")
        await until(lambda: not app.is_running)
    assert progress.load() == progress.Progress(), "the answers are the class's"


async def test_svela_without_a_vote_skips_and_who_follows_answers_alone(course: Course) -> None:
    async with opened(course, teacher=True) as (app, pilot):
        await pilot.press("enter")
        await reached(pilot, LeadingScreen)
        screen = app.screen
        assert isinstance(screen, LeadingScreen)
        await pilot.press("h")
        await reached(pilot, CountHands)
        assert app.screen.query(Input).first().has_focus
        await pilot.press("9", "x", "up", "escape", "s")
        await until(lambda: screen.taking.verdict is not None)
        verdict = screen.taking.verdict
        assert verdict is not None
        assert verdict.outcome is Outcome.SKIPPED
    async with opened(course, teacher=False) as (app, pilot):
        assert not app.screen.query_one("#leg-notes").display
        await pilot.press("enter")
        await reached(pilot, LessonScreen)
        assert not isinstance(app.screen, LeadingScreen)


def test_the_histogram_says_which_count_is_which() -> None:
    drawn = histogram(["Una", "Due"], Vote(((12, 3), (5, 10)))).plain.splitlines()
    assert drawn[1].startswith("  a  Una")
    assert drawn[4].startswith("▸ b  Due")
    assert [line.split()[:2] for line in drawn[2:4]] == [["prima", "12"], ["dopo", "5"]]
    assert drawn[2].count("█") == 36
    assert "Hanno cambiato idea almeno in 7." in drawn[-1]
    assert "Nessuna risposta ha più mani" in histogram(["Una", "Due"], Vote(((1, 0), (4, 4)))).plain


async def test_who_leads_reads_the_notes_while_the_class_talks(course: Course) -> None:
    talk = (
        '[[tappe]]\nminuti = 5\ntitolo = "Parliamone"\nchiedi = "Dove si ferma?"\nnota = "Lascia parlare chi tace."\n'
    )
    path = course.folder / "percorsi" / "ora.toml"
    path.write_text(f'titolo = "Un\'ora"\ndurata = 5\n\n{talk}', encoding="utf-8")
    async with opened(course, teacher=True) as (app, pilot):
        await pilot.press("enter")
        await reached(pilot, TalkScreen)
        notes = app.screen.query_one("#talk-notes", Page)
        await until(lambda: "Lascia parlare chi tace." in notes.said)
        shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "Lascia parlare chi tace." in shown
