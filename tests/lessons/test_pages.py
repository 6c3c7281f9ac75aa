"""Pages cut at their blocks, and whether they fit; searching; the lines of a script."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.writing import QUESTION, TRACE
from passerella.errors import ContentError
from passerella.lessons.fitting import BESIDE, WHOLE, question_rows, rows, too_long
from passerella.lessons.page_parts import read_page
from passerella.lessons.scripts import read_script
from passerella.lessons.searching import folded

PATH = Path("01-prova/pagina.md")


def test_what_follows_the_question_is_apart() -> None:
    page = read_page(f"# Titolo\n\nprima\n{TRACE}\nin mezzo\n{QUESTION}\ndopo\n\n```python\nx = 1\n```\n", PATH)
    assert (page.title, page.before) == ("Titolo", "prima\n\nin mezzo")
    assert page.after.startswith("dopo")
    assert "x = 1" in page.after
    assert page.trace is not None
    assert page.question is not None
    assert (page.trace.id, page.question.id) == ("due", "quante")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("niente titolo", "la prima riga dev'essere"),
        (f"# T\n{TRACE}{TRACE.replace('due', 'tre')}", "al massimo un blocco"),
        ('# T\n\n```traccia\nid = "x\n```\n', "riga 3, blocco «traccia»: il TOML non si legge alla riga 1"),
        ('# T\n\n```nota\nper = "docente"\n```\n', "manca «testo»"),
        ('# T\n\n```nota\ntesto = "x"\ncolore = "blu"\n```\n', "«colore» non è una voce prevista"),
        ("# T\n\n```nota\ntesto = 3\n```\n", "mi aspetto un testo, è arrivato un numero intero"),
    ],
)
def test_a_broken_page_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(ContentError) as refused:
        read_page(text, PATH)
    assert "01-prova/pagina.md" in refused.value.message
    assert said in refused.value.message


@given(st.text(max_size=300))
def test_any_text_is_a_page_or_refused_with_words(text: str) -> None:
    with suppress(ContentError):
        assert read_page("# T\n" + text, PATH).title == "T"


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("riga", 1), ("una\n\ndue\n\ntre", 5), ("a" * 77, 2), ("- uno\n- due", 3), ("```\nx\ny\n```", 4)],
)
def test_rows_are_those_of_the_screen(text: str, count: int) -> None:
    assert rows(text) == count


@pytest.mark.parametrize(
    ("lines", "part", "fits"),
    [(WHOLE, "", True), (WHOLE + 1, "", False), (BESIDE, TRACE, True), (BESIDE + 1, TRACE, False)],
)
def test_a_page_fits_or_not(lines: int, part: str, fits: bool) -> None:
    prose = "\\\n".join(["riga"] * lines)
    page = read_page(f"# T\n\n{prose}\n{part}", PATH)
    assert (list(too_long(page)) == []) is fits


def test_what_follows_the_question_is_measured_too() -> None:
    page = read_page(f"# T\n{TRACE}{QUESTION}\n" + "\\\n".join(["riga"] * (BESIDE + 1)), PATH)
    assert [each.partition(":")[0] for each in too_long(page)] == ["dopo la domanda"]
    assert page.question is not None
    assert question_rows(page.question) == 4


@given(st.text(max_size=60))
def test_folding_keeps_the_places(text: str) -> None:
    assert len(folded(text)) == len(text)


def test_accents_and_capitals_do_not_count() -> None:
    assert folded("È CITTÀ") == "e citta"


def test_a_script_is_read_line_by_line() -> None:
    assert read_script(["A apre /chat", "A dice ciao a tutti", " B ascolta "]) == [
        ("A", "apre", "/chat"),
        ("A", "dice", "ciao a tutti"),
        ("B", "ascolta", ""),
    ]
    with pytest.raises(ContentError, match="mi aspetto apre, dice"):
        read_script(["A salta"])
