"""Paths through a course: read, checked, timed, voted, printed."""

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.writing import PAGES
from passerella.errors import ContentError
from passerella.lessons import paths
from passerella.lessons.clock import Clock, minutes_and_seconds
from passerella.lessons.course import Course
from passerella.lessons.sheet import sheet
from passerella.lessons.voting import Vote, bar, read_hands

CourseOf = Callable[..., Course]
PATH = """
titolo = "Un'ora"
durata = 25

[[tappe]]
minuti = 10
lezione = "prova"
chiedi = "Quante?"
rispondono = ["una", "due"]

[[tappe]]
minuti = 5
pausa = true

[[tappe]]
minuti = 10
lezione = "1"
pagine = ["quante"]
chiedi = "E adesso?"
"""


@pytest.fixture
def path_of(course_of: CourseOf, tmp_path: Path) -> Callable[..., Course]:
    def made(text: str = PATH, pages: dict[str, str] | None = None) -> Course:
        folder = tmp_path / "corso" / "percorsi"
        folder.mkdir(parents=True)
        (folder / "ora.toml").write_text(text, encoding="utf-8")
        return course_of(pages)

    return made


def test_a_path_is_its_legs_and_their_pages(path_of: CourseOf) -> None:
    course = path_of()
    itinerary = paths.read_path(course, "ora")
    assert [paths.title(course, leg) for leg in itinerary.legs] == ["Prova", "Pausa", "Prova"]
    assert [[page.name for _lesson, page in paths.pages(course, leg)] for leg in itinerary.legs] == [
        ["domanda", "quante"],
        [],
        ["quante"],
    ]
    assert [trace.id for _lesson, trace in paths.traces(course, itinerary)] == ["due"]
    assert paths.notes(itinerary.legs[0]) == [("Chiedi", ["Quante?"]), ("Di solito rispondono", ["una", "due"])]
    assert list(paths.problems(course, "ora")) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("durata = 25", "durata = 60", "le tappe fanno 25 minuti, la durata ne dice 60"),
        ('"prova"', '"boh"', "tappa 1: Non c'è una lezione «boh»"),
        ('["quante"]', '["boh"]', "tappa 3: la lezione «prova» non ha la pagina «boh»: ha domanda, quante"),
        ("pausa = true", 'pausa = true\nlezione = "prova"', "tappa 2: una pausa non ha una lezione"),
        ("pausa = true", "pausa = false", "tappa 2: vuole una lezione"),
        ("pausa = true", 'titolo = "x"\npagine = ["quante"]', "tappa 2: ha delle pagine"),
        ('chiedi = "E adesso?"', "", "tappa 3: ha delle domande, ma non dice che cosa chiedere"),
        ("minuti = 5", "minuti = 0", "i minuti sono almeno 1"),
        ("minuti = 5", 'minuti = "5"', "mi aspetto un numero intero, è arrivato un testo"),
        ("pausa = true", "riposo = true", "«riposo» non è una voce prevista"),
        ("[[tappe]]", "[[tappe", "il TOML non si legge alla riga 5"),
    ],
)
def test_a_fault_of_a_path_is_told(path_of: CourseOf, old: str, new: str, said: str) -> None:
    course = path_of(PATH.replace(old, new, 1))
    assert any(said in each for each in paths.problems(course, "ora"))


def test_a_path_that_is_not_there_names_those_that_are(path_of: CourseOf) -> None:
    course = path_of()
    for name in ("boh", "../ora", "ora.toml", ""):
        with pytest.raises(ContentError, match="Ci sono: ora"):
            paths.read_path(course, name)


def test_the_clock_counts_each_leg_and_the_whole() -> None:
    clock = Clock([10, 5, 10])
    assert (clock.running, clock.elapsed(100), clock.left(0, 100), clock.late(100)) == (False, 0, 600, 0)
    clock.enter(0, 100)
    clock.enter(1, 820)  # two minutes late
    assert (clock.elapsed(880), clock.spent(0, 880), clock.left(1, 880)) == (780, 720, 240)
    assert clock.late(880) == 120
    clock.enter(0, 900)  # back: it goes on from where it was
    assert clock.spent(0, 930) == 750
    assert clock.left(0, 930) == -150
    assert clock.spent(1, 930) == 80


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8), st.data())
def test_the_time_of_the_legs_is_the_time_of_the_whole(minutes: list[int], data: st.DataObject) -> None:
    clock, now = Clock(minutes), 0.0
    for _enter in range(data.draw(st.integers(1, 10))):
        clock.enter(data.draw(st.integers(0, len(minutes) - 1)), now)
        now += data.draw(st.integers(0, 4000))
    assert sum(clock.spent(leg, now) for leg in range(len(minutes))) == pytest.approx(clock.elapsed(now))


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0:00"), (59.9, "0:59"), (425, "7:05"), (-0.5, "0:00"), (-30, "-0:30"), (7200, "120:00")]
)
def test_time_is_said_in_minutes(seconds: float, said: str) -> None:
    assert minutes_and_seconds(seconds) == said


def test_the_class_has_an_answer_only_after_two_counts() -> None:
    vote = Vote()
    first = vote.counted((1, 9, 2))
    assert (vote.open, first.open, first.winner) == (True, True, None)
    second = first.counted((8, 3, 1))
    assert (second.open, second.winner, second.moved) == (False, 0, 7)
    assert first.counted((5, 5, 0)).winner is None
    assert first.counted((9, 9, 9)).moved == 0, "more hands are no change of mind"
    assert first.counted((9, 7, 2)).moved == 2
    assert first.counted((0, 0, 0)).winner is None
    assert second.counted((1, 1, 1)) == Vote(((1, 1, 1),))


def test_hands_are_small_numbers() -> None:
    assert read_hands(["3", " 12 ", ""]) == (3, 12, 0)
    for word in ("-1", "1000", "tre", "1.5", "²"):
        with pytest.raises(ContentError, match="non è un numero di mani"):
            read_hands([word])


@given(st.integers(0, 999), st.integers(1, 999), st.integers(1, 60))
def test_a_bar_is_seen_and_never_too_long(hands: int, most: int, width: int) -> None:
    drawn = bar(min(hands, most), most, width)
    assert len(drawn) <= width
    assert bool(drawn) is (hands > 0)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_sheet_has_the_questions_no_answers_and_nothing_of_its_own(path_of: CourseOf) -> None:
    hostile = (
        PAGES["quante"]
        .replace("# Quante", "# <script>alert(1)</script>\n\n```python\n</pre><img src=x>\n```\n")
        .replace(
            "Quante volte è", "<b>x</b> ![a](http://x/y.png) [b](javascript:alert(1)) <http://x> Quante `<i>` volte è"
        )
        .replace('testo = "Una"', 'testo = "Una <iframe> \\"&\\""')
    )
    course = path_of(pages={**PAGES, "quante": hostile})
    text = sheet(course, paths.read_path(course, "ora"))
    seen = _Tags()
    seen.feed(text)
    tags = {tag for tag, _attributes in seen.found}
    assert not tags & {"script", "img", "iframe", "a", "b", "link", "object"}
    assert not any(name in ("src", "href") or name.startswith("on") for _tag, pairs in seen.found for name, _v in pairs)
    assert '"&"' in seen.text
    assert "Due" in seen.text
    assert "Una per richiesta" not in seen.text
    assert "conta(" not in seen.text
    assert text.count("<section>") == 2
