from collections.abc import Callable

import pytest

from passerella.events import Changes
from passerella.journeys.model import Journey
from passerella.views.captures import capture_label
from passerella.views.inspector import EnvironLine, environ_lines, explanation, key_explanation, mapping_at
from passerella.views.inspector.environ import origin_words
from passerella.views.rows import EVERYTHING, LEVELS, rows

Make = Callable[..., Journey]
Real = Callable[[str], dict[str, Journey]]
ADA = "GET /ciao?nome=Ada"


def _at(journey: Journey, index: int) -> dict[str, EnvironLine]:
    return {line.key: line for line in environ_lines(journey, rows(journey)[index])}


def test_the_mapping_is_the_fold_of_the_changes_up_to_a_row(step: Callable[..., object], journey: Make) -> None:
    made = journey(
        step(1, "recv"),
        step(2, "environ", "gateway", changes=Changes({"A": "1", "B": "2"})),
        step(3, "middleware", "middleware", changes=Changes({"C": "3"}, {"A": ("1", "9")}, ["B"])),
        step(4, "view", "view"),
    )
    assert _at(made, 0) == {}
    assert [(line.sign, key, line.value) for key, line in _at(made, 1).items()] == [
        ("+", "A", "'1'"),
        ("+", "B", "'2'"),
    ]
    assert {key: (line.sign, line.value) for key, line in _at(made, 2).items()} == {
        "A": ("~", "'9'"),
        "B": ("−", "'2'"),
        "C": ("+", "'3'"),
    }
    assert {key: line.sign for key, line in _at(made, 3).items()} == {"A": "", "C": ""}


def test_a_change_inside_a_list_changes_the_list_where_it_is(step: Callable[..., object], journey: Make) -> None:
    pair = {"tuple": [{"bytes": "a"}, {"bytes": "1"}]}
    other = {"tuple": [{"bytes": "b"}, {"bytes": "2"}]}
    made = journey(
        step(1, "scope", "gateway", changes=Changes({"headers": [pair], "path": "/"})),
        step(2, "middleware", "middleware", changes=Changes({"headers[1]": other})),
        step(3, "view", "view", changes=Changes(removed=["headers[0]"])),
        interface="asgi",
    )
    second = _at(made, 1)
    assert list(second) == ["headers", "headers[0]", "headers[1]", "path"]
    assert (second["headers"].sign, second["headers[1]"].sign, second["headers[0]"].sign) == ("~", "+", "")
    assert second["headers"].value == "[(b'a', b'1'), (b'b', b'2')]"
    assert _at(made, 2)["headers"].value == "[(b'b', b'2')]"


def test_process_variables_fold_into_one_line_that_opens(step: Callable[..., object], journey: Make) -> None:
    made = journey(
        step(1, "environ", "gateway", changes=Changes({"HOME": "/", "PATH": "/bin", "X": "1"})),
        origins={"HOME": "process", "PATH": "process", "X": "server"},
        server="wsgiref",
    )
    folded = environ_lines(made, rows(made)[0])
    assert [line.key for line in folded] == ["2 variabili del processo, copiate da wsgiref", "X"]
    assert [line.key for line in environ_lines(made, rows(made)[0], opened=True)][1:] == ["HOME", "PATH", "X"]


@pytest.mark.parametrize(
    ("origin", "names", "words"),
    [
        ([(4, 9)], [], "byte 4–8"),
        ([(4, 5)], [], "byte 4"),
        ([(35, 49)], [(29, 33)], "byte 35–48 (nome 29–32)"),
        ("socket", [], "socket"),
        ("process", [], "processo"),
        (None, [], ""),
    ],
)
def test_ranges_are_said_with_both_ends_included(
    origin: list[tuple[int, int]] | str | None, names: list[tuple[int, int]], words: str
) -> None:
    assert origin_words(origin, names) == words


def test_each_origin_said_of_real_bytes_is_the_value(scenario: str, real: Real) -> None:
    journey = real(scenario)[ADA]
    built = next(row for row in rows(journey) if row.marks.added)  # of Granian it is seen at the call only
    lines = {line.key: line for line in environ_lines(journey, built)}
    key = "PATH_INFO" if journey.interface == "wsgi" else "path"
    assert (lines[key].sign, lines[key].origin, lines[key].value) == ("+", "byte 4–8", "'/ciao'")
    assert b"".join(bytes(journey.request[start:end]) for start, end in lines[key].spans) == b"/ciao"
    assert all(line.origin for line in lines.values() if not line.folded)


def test_what_was_added_is_signed_once_on_the_way(scenario: str, real: Real) -> None:
    journey = real(scenario)[ADA]
    for level in LEVELS:
        signed = [
            key for row in rows(journey, level) for key, sign in mapping_at(journey, row).signs.items() if sign == "+"
        ]
        added = [key for step in journey.steps if step.changes for key in step.changes.added]
        assert sorted(signed) == sorted(added)


def test_every_row_and_every_key_is_explained(scenario: str, real: Real) -> None:
    for journey in real(scenario).values():
        for level in LEVELS:
            for row in rows(journey, level):
                about = explanation(journey, row)
                assert about.title
                assert len(about.text) > 20
        last = rows(journey, EVERYTHING)[-1]
        for line in environ_lines(journey, last):
            assert line.folded or key_explanation(journey, line).text


def test_what_was_captured_is_named_in_italian(scenario: str, real: Real) -> None:
    captured = {name for journey in real(scenario).values() for step in journey.steps for name in step.value}
    untold = {"app", "endpoint", "exc_info", "target"}  # words that Italians use
    assert {name for name in captured if capture_label(name) == name} <= untold
