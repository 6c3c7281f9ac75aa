from collections.abc import Iterator
from itertools import pairwise

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.color import Color

from passerella.tui.poor import AsciiFilter, plain_cell, poor_terminal
from passerella.tui.row_list import Line, RowList
from passerella.tui.themes import THEMES
from tui.quick_pilot import QuickPilot

_TEXTS = ("quiet", "here", "reached", "key", "origin", "added", "changed", "removed", "wrong")


def _contrast(first: str, second: str) -> float:
    """WCAG 2, relative luminance."""

    def luminance(color: str) -> float:
        parts = [part / 255 for part in Color.parse(color).rgb]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _pairs() -> Iterator[tuple[str, str, str, str]]:
    for theme in THEMES:
        grounds = {"background": theme.background, "surface": theme.surface, "bar": theme.variables["bar"]}
        grounds |= {name: theme.variables[name] for name in ("cursor-back", "lit-back")}
        texts = {name: theme.variables[name] for name in _TEXTS} | {"foreground": theme.foreground}
        for ground, behind in grounds.items():
            for text, color in texts.items():
                if ground != "lit-back" or text in ("foreground", "key", "quiet"):
                    yield f"{theme.name}: {text} su {ground}", color or "", behind or "", ground


@pytest.mark.parametrize(("name", "text", "ground", "_where"), list(_pairs()))
def test_every_text_can_be_read_from_the_last_row(name: str, text: str, ground: str, _where: str) -> None:
    assert _contrast(text, ground) >= 7, name


def test_both_themes_know_the_same_words() -> None:
    first, second = (set(theme.variables) for theme in THEMES)
    assert first == second


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_no_red_is_told_from_green(theme: object) -> None:
    """Signs differ in blue and in lightness too, not only along red and green."""
    colors = [Color.parse(theme.variables[name]) for name in ("added", "changed", "removed", "wrong")]  # type: ignore[attr-defined]
    for first, second in pairwise(colors):
        assert abs(first.b - second.b) > 40


@pytest.mark.parametrize(
    ("environment", "encoding", "poor"),
    [
        ({"LANG": "it_IT.UTF-8", "TERM": "xterm-256color"}, "", False),
        ({"LANG": "C", "TERM": "xterm"}, "utf-8", True),
        ({"LC_ALL": "POSIX", "LANG": "it_IT.UTF-8"}, "", True),
        ({"LANG": "it_IT.ISO-8859-1"}, "", True),
        ({}, "utf-8", False),
        ({}, "ascii", True),
        ({"LANG": "C.UTF-8", "TERM": "linux"}, "", True),
    ],
)
def test_poor_terminals_are_recognised(environment: dict[str, str], encoding: str, poor: bool) -> None:
    assert poor_terminal(environment, encoding) is poor


def test_ascii_keeps_the_columns() -> None:
    text = "╭─ Mappa ●━━◉ è più «già» → ␛ 東?"
    segments = AsciiFilter().apply([Segment(text), Segment("", None, [(1, 2)])], Color(0, 0, 0))  # type: ignore[list-item]
    assert segments[0].text.isascii()
    assert len(segments[0].text) == len(text)
    assert plain_cell("è") == "e"


class _Many(App[None]):
    def compose(self) -> ComposeResult:
        yield RowList(id="many")


async def test_ten_thousand_lines_are_made_only_when_seen() -> None:
    made: list[int] = []

    def line(index: int, width: int) -> Line:
        made.append(index)
        return [(f"riga {index} " + "東" * 60, "strong")]

    async with _Many().run_test(size=(40, 10)) as shown:
        pilot = QuickPilot(shown.app)
        many = pilot.app.query_one(RowList)
        many.show(10_000, line, 0)
        await pilot.pause()
        assert len(set(made)) <= 12
        await pilot.press("end")
        await pilot.pause()
        assert many.cursor == 9_999
        assert len(set(made)) <= 24
        texts = [many.render_line(y).text for y in range(many.size.height)]
        assert texts[-1].startswith("▸ riga 9999")
        assert all(cell_len(text) == many.scrollable_content_region.width for text in texts)
        many.show(3, line)
        await pilot.pause()
        assert many.cursor == 2
        many.show(0, line)
        await pilot.press("down", "enter", "end")
        assert many.cursor == 0


async def test_the_border_stays_whole_when_the_scrollbar_comes() -> None:
    """The lines that are put between its sides are as wide as those that Textual makes."""

    class Few(App[None]):
        CSS = "RowList { border: round red; }"

        def compose(self) -> ComposeResult:
            yield RowList()

    async with Few().run_test(size=(30, 12)) as shown:
        pilot = QuickPilot(shown.app)
        rows = pilot.app.query_one(RowList)
        for count in (3, 40, 3):
            rows.show(count, lambda index, width: [(f"riga {index}", "")])
            await pilot.pause()
            lines = ["".join(segment.text for segment in line) for line in pilot.app.screen._compositor.render_strips()]
            assert {(line[0], line[29]) for line in lines[1:11]} == {("│", "│")}
            assert "riga 2" in lines[3]
        rows.show(3, lambda index, width: [("un'altra" if index == 1 else f"riga {index}", "")])
        await pilot.pause()
        assert "un'altra" in "".join(segment.text for segment in pilot.app.screen._compositor.render_strips()[2])
