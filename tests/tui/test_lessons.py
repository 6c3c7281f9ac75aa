"""Lessons on the screen, on a small course of the tests' own and a real wsgiref."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import Input

from passerella.cli.doors import HomeDoors
from passerella.lessons import progress
from passerella.lessons.course import Course
from passerella.lessons.verdict import Outcome
from passerella.tui.lesson.app import LessonApp
from passerella.tui.lesson.index_screen import IndexScreen
from passerella.tui.lesson.page_view import PageText
from passerella.tui.lesson.screen import LessonScreen
from passerella.tui.lesson.trace_pane import TracePane
from passerella.tui.notice import Notice, Question
from passerella.tui.page import Page
from passerella.tui.source import Phase
from tui.quick_pilot import QuickPilot

LESSON = """
id = "prova"
titolo = "Una lezione di prova"
domanda = "Chi comincia?"
obiettivi = ["sai chi comincia"]
durata = 5
pagine = ["domanda", "chi", "fila"]
riferimenti = [{ testo = "PEP 3333", url = "https://peps.python.org/pep-3333/" }]
"""
PAGES = {
    "domanda": "# La domanda\n\nUn environ arriva alla tua app.\n",
    "chi": """# Chi comincia

```traccia
id = "ciao"
app = "app:app"
server = ["wsgiref", "waitress"]
richieste = ["GET /ciao", "GET /due"]
```

```previsione
id = "quante"
domanda = "Quante volte è chiamata l'app?"
risposta = "conta(passi('call'))"
scelte = [{ testo = "Una", vale = 1, fraintendimento = "M01" }, { testo = "Due", vale = 2 }]
prova = "ultimo(passi('call'))"
```

Una per richiesta: segreto svelato.
""",
    "fila": """# In fila

```ordina
id = "fila"
traccia = "ciao"
domanda = "In che ordine?"
voci = [
  { testo = "la vista", passo = "primo(passi('view'))" },
  { testo = "i byte", passo = "primo(passi('recv'))" },
]
```
""",
}
APP = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ciao"]
"""


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("PASSERELLA_DATI", str(tmp_path / "dati"))
    folder = tmp_path / "corso" / "01-prova"
    folder.mkdir(parents=True)
    (folder / "lezione.toml").write_text(LESSON, encoding="utf-8")
    (folder / "app.py").write_text(APP, encoding="utf-8")
    for name, text in PAGES.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    glossary = '[environ]\ntermine = "environ"\nspiegazione = "Il dizionario della richiesta."\nlezione = "prova"\n'
    (tmp_path / "corso" / "glossario.toml").write_text(glossary, encoding="utf-8")
    return Course(tmp_path / "corso")


@asynccontextmanager
async def opened(
    course: Course, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[LessonApp, QuickPilot, LessonScreen]]:
    app = LessonApp(course, HomeDoors(), next(iter(course)))
    try:
        async with app.run_test(size=size):
            pilot = QuickPilot(app)
            await until(lambda: isinstance(app.screen, LessonScreen))
            await pilot.pause()
            screen = app.screen
            assert isinstance(screen, LessonScreen)
            yield app, pilot, screen
    finally:
        app.desk.close()


async def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def judged(pilot: QuickPilot, screen: LessonScreen) -> None:
    """The answer was given a verdict, and the screen shows it."""
    await until(lambda: screen.taking.verdict is not None and not screen.sight.busy)
    await pilot.pause()


def text(screen: LessonScreen) -> str:
    """What the page says, as it is drawn."""
    drawn = screen.query_one(PageText)
    return "\n".join(drawn.render_line(y).text for y in range(drawn.size.height))


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_nothing_is_seen_before_an_answer_and_a_wrong_one_names_its_misconception(
    course: Course, size: tuple[int, int]
) -> None:
    async with opened(course, size) as (_app, pilot, screen):
        await pilot.press("enter")
        pane = screen.query_one(TracePane)
        assert "segreto" not in text(screen)
        assert not pane.open
        await pilot.press("enter", "pagedown", "right", "2")  # neither without an answer, nor by another way
        assert not pane.open
        assert screen.taking.stop.page.name == "chi"
        await pilot.press("a", "enter")
        await judged(pilot, screen)
        assert pane.open
        assert screen.taking.verdict is not None
        assert screen.taking.verdict.outcome is Outcome.WRONG
        assert "M01" in text(screen)
        assert "segreto svelato" in text(screen)
        assert pane.browsing.row is not None
        assert pane.browsing.row.step.name == "call"
        assert pane.where() == "viaggio 2 di 2"
        reply = progress.load().lessons["prova"].replies["quante"]
        assert (reply.outcome, reply.chosen) == ("sbagliata", [0])


async def test_to_the_end_with_an_order_another_server_and_back_where_it_was_left(course: Course) -> None:
    async with opened(course) as (app, pilot, screen):
        await pilot.press("enter", "s")
        await judged(pilot, screen)
        await pilot.press("o")
        await until(
            lambda: (
                screen.sight.staged is not None and screen.sight.staged.place == "waitress" and not screen.sight.busy
            )
        )
        await pilot.press("enter")
        assert screen.taking.stop.page.name == "fila"
        assert progress.load().lessons["prova"].page == "fila"
        await pilot.press("a", "backspace", "b", "a", "enter")
        await judged(pilot, screen)
        assert screen.taking.verdict is not None
        assert screen.taking.verdict.outcome is Outcome.RIGHT
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, IndexScreen))
        kept = progress.load().lessons["prova"]
        assert kept.finished
        assert {name: each.outcome for name, each in kept.replies.items()} == {"quante": "saltata", "fila": "giusta"}


async def test_the_index_finds_words_and_the_glossary_explains_them(course: Course) -> None:
    async with opened(course) as (app, pilot, _screen):
        await pilot.press("g")
        await until(lambda: isinstance(app.screen, Notice))
        assert "Il dizionario della richiesta." in app.screen.query_one(Page).said
        await pilot.press("escape", "escape")
        await until(lambda: isinstance(app.screen, IndexScreen))
        await pilot.press("slash", *"segreto")
        await pilot.pause()
        assert app.screen.query_one(Input).value == "segreto"
        await pilot.press("enter", "enter")
        await until(lambda: isinstance(app.screen, LessonScreen))
        assert isinstance(app.screen, LessonScreen)
        assert app.screen.taking.stop.page.name == "chi"


async def test_what_cannot_start_is_said_and_the_lesson_goes_on(course: Course) -> None:
    (course.folder / "01-prova" / "app.py").write_text("import nessun_modulo_cosi\n", encoding="utf-8")
    async with opened(course) as (app, pilot, screen):
        await pilot.press("enter", "b", "enter")
        await until(lambda: bool(app._notifications))
        assert "nessun_modulo_cosi" in next(iter(app._notifications)).message
        assert screen.sight.open_question
        assert not screen.sight.busy


async def test_in_the_lab_of_a_page_leaving_with_something_held_asks_first(course: Course) -> None:
    async with opened(course) as (app, pilot, screen):
        await pilot.press("enter", "s")
        await judged(pilot, screen)
        await pilot.press("p")
        await until(lambda: app.desk.lab is not None and app.desk.lab.status.phase is Phase.READY)
        lab = app.desk.lab
        assert lab is not None
        lab.hold_at("gateway", "inbound")
        await pilot.press("r", "enter")
        await until(lambda: lab.holds.count == 1)
        await pilot.press("q")
        assert isinstance(app.screen, Question)
        await pilot.press("escape", "escape", "enter")
        await until(lambda: app.screen is screen)
        assert app.desk.lab is None


async def test_what_would_move_the_cursor_is_a_sign_on_a_page_too(course: Course) -> None:
    """A course may come from anybody."""
    first = next(iter(course)).folder / f"{next(iter(PAGES))}.md"
    first.write_text("# Titolo\x1b[2J\n\nTesto \x1b]0;mio\x07 e \u202e rosso.\n", encoding="utf-8")
    async with opened(Course(course.folder)) as (_app, _pilot, screen):
        said = text(screen)
    assert "Titolo␛[2J" in said
    assert "Testo ␛]0;mio" in said
    assert "⟨U+202E⟩ rosso" in said
    assert not set(said) & {"\x1b", "\x07", "\u202e"}
