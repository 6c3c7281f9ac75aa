"""The comparison on the screen, driven by its keys."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import msgspec
import pytest
from rich.cells import cell_len

from passerella.journeys.model import Journey
from passerella.tui.comparison import ComparisonScreen
from passerella.tui.comparison_app import ComparisonApp
from passerella.tui.comparison_lines import grid
from passerella.tui.row_list import RowList
from passerella.tui.themes import DAY, NIGHT
from tui.quick_pilot import QuickPilot
from tui.told_again import told

Columns = list[tuple[str, Journey]]


class Open(Protocol):
    """``async with screen(columns, size) as (app, pilot)``."""

    def __call__(
        self, columns: Columns, size: tuple[int, int] = ..., *, plain: bool = ...
    ) -> AbstractAsyncContextManager[tuple[ComparisonApp, QuickPilot]]: ...


@pytest.fixture(scope="module")
def columns() -> Columns:
    names = ("gunicorn-flask", "waitress-flask", "uvicorn-starlette")
    return [(name, told(name, "GET /ciao?nome=Ada").journeys[0]) for name in names]


@pytest.fixture
def screen() -> Open:
    @asynccontextmanager
    async def opened(
        columns: Columns, size: tuple[int, int] = (120, 40), *, plain: bool = False
    ) -> AsyncIterator[tuple[ComparisonApp, QuickPilot]]:
        app = ComparisonApp(columns, plain=plain)
        async with app.run_test(size=size):
            pilot = QuickPilot(app)
            await pilot.pause()
            yield app, pilot

    return opened


def _text(app: ComparisonApp) -> str:
    """The whole screen as it is, without colours."""
    width, height = app.size
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in line)[:width] for line in strips[:height])


def _list(app: ComparisonApp, selector: str = "#compared") -> RowList:
    return app.shown.query_one(selector, RowList)


async def test_opens_on_the_differences_with_every_server_named(screen: Open, columns: Columns) -> None:
    async with screen(columns[:2]) as (app, _pilot):
        text = _text(app)
        assert "Confronto" in text
        assert "GET /ciao?nome=Ada" in text
        assert "gunicorn-flask" in text
        assert "waitress-flask" in text
        assert "Diverso in environ · " in text
        assert "'waitress.invalid'" in text


async def test_the_arrows_go_from_step_to_step(screen: Open, columns: Columns) -> None:
    async with screen(columns) as (app, pilot):
        await pilot.press("right")
        first = app.shown.line
        assert first.row is not None
        assert first.row.name == "request_sent"
        names = []
        for _ in range(60):
            assert app.shown.line.row is not None
            names.append((app.shown.line.row.station, app.shown.line.row.direction))
            await pilot.press("right")
        assert names[-1] == ("client", "outbound")
        assert ("gateway", "inbound") in names
        for _ in range(60):
            await pilot.press("left")
        assert app.shown.line is first


async def test_a_step_says_in_full_what_each_server_did(screen: Open, columns: Columns) -> None:
    async with screen(columns[::2]) as (app, pilot):
        for _ in range(20):
            await pilot.press("right")
            if app.shown.line.row is not None and app.shown.line.row.name == "environ":
                break
        text = _text(app)
        assert "Ponte, andata · environ" in text
        assert "gunicorn/http/wsgi.py:" in text
        assert "uvicorn/protocols/http/" in text
        assert "scope · 13 chiavi" in text


async def test_what_is_equal_is_opened_by_enter(screen: Open, columns: Columns) -> None:
    async with screen(columns[:2]) as (app, pilot):
        before = len(app.shown.lines)
        await pilot.press("end")
        assert app.shown.line.part == "equal"
        await pilot.press("enter")
        assert len(app.shown.lines) > before
        assert app.shown.line.kind == "title"
        await pilot.press("down")
        assert app.shown.line.sign == "="
        await pilot.press("up", "enter")
        assert len(app.shown.lines) == before


async def test_a_closed_walk_opens_when_one_steps_into_it(screen: Open, columns: Columns) -> None:
    async with screen(columns[:2]) as (app, pilot):
        title = next(index for index, line in enumerate(app.shown.lines) if line.part == "steps")
        _list(app).cursor = title
        await pilot.press("enter")
        assert not any(line.row for line in app.shown.lines)
        await pilot.press("right")
        assert app.shown.line.row is not None


async def test_more_columns_than_fit_are_reached_with_c(screen: Open, columns: Columns) -> None:
    async with screen(columns, (80, 24)) as (app, pilot):
        assert "1–2 di 3 viaggi" in _text(app)
        assert "uvicorn-starlette" not in _text(app)
        await pilot.press("c")
        assert "3–3 di 3 viaggi" in _text(app)
        assert "uvicorn-starlette" in _text(app)
        await pilot.press("c")
        assert "1–2 di 3 viaggi" in _text(app)


async def test_what_is_out_of_sight_is_told_below(screen: Open, columns: Columns) -> None:
    async with screen(columns, (80, 24)) as (app, pilot):
        index = next(index for index, line in enumerate(app.shown.lines) if line.name == "REQUEST_METHOD")
        _list(app).cursor = index - 1
        await pilot.press("down")
        text = _text(app)
        assert "method = 'GET'" in text
        assert "uvicorn-starlette" in text


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (200, 60), (60, 15)])
async def test_nothing_is_wider_than_the_screen(screen: Open, columns: Columns, size: tuple[int, int]) -> None:
    async with screen(columns, size) as (app, pilot):
        for _ in range(3):
            for line in _text(app).splitlines():
                assert cell_len(line) == size[0]
            assert not any(line.rstrip().endswith("……") for line in _text(app).splitlines())
            await pilot.press("right", "pagedown")


async def test_at_80_columns_no_bordered_panels_stand_side_by_side(screen: Open, columns: Columns) -> None:
    async with screen(columns, (80, 24)) as (app, _pilot):
        text = _text(app)
        assert not any(sign in text for sign in "╭╮╰╯│")
        compared, below = _list(app).region, _list(app, "#compared-detail").region
        assert compared.bottom <= below.y
        assert compared.width == below.width == 80


async def test_two_journeys_that_asked_different_things_say_what(screen: Open, columns: Columns) -> None:
    other = msgspec.structs.replace(columns[0][1], target="/altro")
    async with screen([columns[0], ("Viaggio 2", other)]) as (app, _pilot):
        head, names, asked, *_rest = _text(app).splitlines()
        assert "GET" not in head
        assert "Viaggio 2" in names
        assert "GET /ciao?nome=Ada · 200" in asked
        assert "GET /altro · 200" in asked


async def test_theme_help_and_the_ways_out(screen: Open, columns: Columns) -> None:
    async with screen(columns) as (app, pilot):
        await pilot.press("t")
        assert app.theme == DAY
        await pilot.press("t")
        assert app.theme == NIGHT
        await pilot.press("question_mark")
        assert "I segni" in _text(app)
        await pilot.press("escape")
        assert app.screen is app.shown
        await pilot.press("escape")
        assert app._exit


async def test_pushed_by_another_screen_it_goes_back_there(screen: Open, columns: Columns) -> None:
    async with screen(columns) as (app, pilot):
        app.push_screen(ComparisonScreen(columns[1:]))
        await pilot.pause()
        assert "uvicorn-starlette" in _text(app)
        assert app.screen is not app.shown
        await pilot.press("escape")
        assert app.screen is app.shown
        assert not app._exit


async def test_a_poor_terminal_gets_only_ascii(screen: Open, columns: Columns) -> None:
    async with screen(columns, plain=True) as (app, pilot):
        await pilot.press("right")
        text = _text(app)
        assert text.isascii()
        assert "Client > byte spediti" in text
        compared = _list(app).region
        assert not any("?" in line for line in text.splitlines()[compared.y : compared.bottom])


async def test_hostile_labels_and_values_are_only_text(screen: Open, columns: Columns) -> None:
    hostile: Sequence[str] = ("[@click=app.quit]x", "\x1b[2J\x00")
    async with screen([(hostile[0], columns[0][1]), (hostile[1], columns[1][1])]) as (app, pilot):
        await pilot.press("down", "right")
        assert "[@click=app.quit]x" in _text(app)
        assert "\x1b" not in _text(app)


def test_the_width_is_shared_among_the_columns_that_can_be_read() -> None:
    for width in range(20, 250):
        for total in range(1, 9):
            for first in range(total):
                shared = grid(width, total, first)
                assert shared.cell >= 1
                assert 0 <= shared.first < total
                assert first in shared.columns
                if width >= 40:
                    assert 2 + shared.name + 2 + shared.many * (shared.cell + 2) - 2 <= width
