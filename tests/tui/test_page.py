"""A text to read: on lines of the width there is, nothing of it lost, and only what is in sight is made."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from passerella.tui.base_app import OurApp
from passerella.tui.help_parts import said, table
from passerella.tui.notice import Notice
from passerella.tui.page import Page, lines_of
from passerella.tui.row_list import Line
from tui.quick_pilot import QuickPilot


def plain(lines: list[Line]) -> list[str]:
    return ["".join(text for text, _token in line) for line in lines]


def test_a_text_goes_on_where_it_began() -> None:
    found = lines_of(table("I tasti", [("tab", "passa da un riquadro all'altro"), ("q", "esci")]), 20)
    assert plain(found) == ["I tasti", "tab  passa da un", "     riquadro", "     all'altro", "q    esci"]
    assert found[1][0] == ("tab  ", "key")


def test_each_line_keeps_its_indent_and_no_empty_one_ends_it() -> None:
    assert plain(lines_of([*said("Qui", "uno\n  due tre quattro"), ("\n\n", "")], 12)) == [
        "Qui",
        "uno",
        "  due tre",
        "  quattro",
    ]


def test_a_word_that_is_too_long_is_broken() -> None:
    assert plain(lines_of([("x" * 25, "")], 10)) == ["x" * 10, "x" * 10, "x" * 5]


def test_what_would_move_the_cursor_is_shown_as_a_sign() -> None:
    found = plain(
        lines_of([("titolo\x1b[2J\x07\n", "here"), ("a\tb\u202ec\n", ""), ("chiave\t", "key"), ("x", "")], 40)
    )
    assert found == ["titolo␛[2J␇", "a␉b⟨U+202E⟩c", "chiavex"]


@given(st.lists(st.text("ab è漢\n", max_size=60)), st.integers(12, 60))
def test_nothing_is_lost_and_no_line_is_too_long(texts: list[str], width: int) -> None:
    found = plain(lines_of([(text, "") for text in texts], width))
    assert "".join("".join(found).split()) == "".join("".join(texts).split())
    indent = max(len(line) - len(line.lstrip(" ")) for line in "".join(texts).split("\n"))
    assert all(cell_len(line) <= max(width, indent + 10) for line in found)


async def test_it_is_scrolled_to_its_end_and_back() -> None:
    app = OurApp()
    async with app.run_test(size=(80, 24)):
        pilot = QuickPilot(app)
        await app.push_screen(Notice("Aiuto", [("\n".join(f"riga {n}" for n in range(200)), "")]))
        await pilot.pause()
        page = app.screen.query_one(Page)
        assert page.has_focus
        backs = {style.bgcolor for strip in map(page.render_line, (0, 1)) for _text, style, _control in strip if style}
        assert len(backs) == 1, "no line has the cursor"
        assert page.max_scroll_y > 100
        for key, first in (("end", page.max_scroll_y), ("up", page.max_scroll_y - 1), ("home", 0), ("down", 1)):
            await pilot.press(key)
            await pilot.pause()
            assert page.scroll_y == first
            shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
            assert f"riga {int(first)} " in shown
