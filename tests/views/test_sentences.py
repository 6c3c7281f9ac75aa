from collections.abc import Callable

import pytest

from passerella.events import Changes
from passerella.journeys.model import Journey
from passerella.views.headings import heading
from passerella.views.numbers import bytes_count, duration, keys_count, milliseconds, whole
from passerella.views.rows import LEVELS, rows
from passerella.views.sentences import tell

Real = Callable[[str], dict[str, Journey]]
Make = Callable[..., Journey]


def test_a_real_journey_is_told_row_by_row(scenario: str, real: Real) -> None:
    journey = real(scenario)["GET /ciao?nome=Ada"]
    for level in LEVELS:
        told = list(tell(journey, level))
        assert told[0].startswith("Viaggio 1 · GET /ciao?nome=Ada → 200 · ")
        for row in rows(journey, level):
            assert any(line.strip().startswith(f"{row.label} · {row.title}") for line in told)
        assert not set("╭│─━●◉○▸") & set("".join(told))
        assert all(line == line.rstrip() and "\n" not in line for line in told)


def test_the_keys_come_with_their_origins(real: Real) -> None:
    told = "\n".join(tell(real("gunicorn-flask")["GET /ciao?nome=Ada"]))
    assert "    + PATH_INFO = '/ciao' ← byte 4–8" in told
    assert "    + wsgi.run_once = False ← server" in told
    assert "gunicorn/http/wsgi.py:" in told


def test_an_exception_is_told(real: Real) -> None:
    told = list(tell(real("gunicorn-flask")["GET /errore"]))
    assert any("eccezione KeyError" in line for line in told)
    assert "→ 500" in told[0]


def test_marks_are_words_with_the_right_plurals(step: Callable[..., object], journey: Make) -> None:
    made = journey(
        step(1, "environ", "gateway", changes=Changes({"A": "1", "B": "2"})),
        step(2, "view", "view", changes=Changes({"C": 1}, {}, ["A"]), held=2_000_000_000, tid=2, thread="w-1"),
    )
    told = list(tell(made))
    assert "2 chiavi aggiunte" in told[1]
    line = next(line for line in told if line.startswith("Vista 1"))
    assert "1 chiave aggiunta, 1 chiave tolta, prosegue nel thread w-1, fermo per 2,0 s" in line
    assert told[-1] == "Il viaggio non è ancora finito."


def test_hostile_text_is_told_harmless(step: Callable[..., object], journey: Make) -> None:
    made = journey(
        step(1, "environ", "gateway", changes=Changes({"HTTP_X": "\x1b[2J\u202e" + "y" * 5000})),
        method="GET",
        target="/\x1b]0;x\x07",
    )
    told = "\n".join(tell(made))
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert len(told) < 1000


@pytest.mark.parametrize(
    ("nanoseconds", "said"),
    [
        (0, "0,00 ms"),
        (310_000, "0,31 ms"),
        (1_940_000, "1,9 ms"),
        (12_000_000, "12,0 ms"),
        (640_000_000, "640 ms"),
        (1_240_000_000, "1,2 s"),
    ],
)
def test_durations(nanoseconds: int, said: str) -> None:
    assert duration(nanoseconds) == said


def test_numbers() -> None:
    assert milliseconds(1_234_567) == "1,23"
    assert whole(9999) == "9999"
    assert whole(65536) == "65\u202f536"
    assert (keys_count(1), keys_count(2)) == ("1 chiave", "2 chiavi")
    assert bytes_count(1) == "1 byte"


def test_a_journey_nobody_understood_has_a_heading(journey: Make) -> None:
    made = journey(request=bytearray(b"\x16\x03\x01\x1b\r\n"))
    assert heading(made) == "Viaggio 1 · ␖␃␁␛ → in corso"
