from collections.abc import Callable

import pytest

from passerella.journeys.model import Journey
from passerella.views.map import ASCII, Map, drawing, map_at, places, spoken
from passerella.views.rows import LEVELS, PASSAGES, Row, rows

Real = Callable[[str], dict[str, Journey]]
ADA = "GET /ciao?nome=Ada"
NOWHERE: frozenset[tuple[str, str]] = frozenset()


def _text(shown: Map, width: int) -> list[str]:
    return ["".join(text for text, _ in line) for line in drawing(shown, width, "passo 12")]


def _row(journey: Journey, label: str) -> Row:
    return next(row for row in rows(journey, PASSAGES) if row.label == label)


@pytest.mark.parametrize("width", [78, 80, 100, 116, 200])
def test_a_drawing_is_three_lines_that_fit(scenario: str, width: int, real: Real) -> None:
    journey = real(scenario)[ADA]
    for level in LEVELS:
        for row in rows(journey, level):
            lines = _text(map_at(row, journey), width)
            assert len(lines) == 3
            assert max(map(len, lines)) <= width
            assert sum(line.count("◉") for line in lines) == 1


def test_nodes_stand_under_the_names_of_their_stations(real: Real) -> None:
    journey = real("gunicorn-flask")[ADA]
    names, inbound, outbound = _text(map_at(_row(journey, "Ponte 1"), journey), 116)
    for name, sign in {
        "Client": "●",
        "Socket": "●",
        "Server": "●",
        "Ponte": "◉",
        "Framework": "○",
        "Vista": "○",
    }.items():
        start = names.index(name)
        node = start + (len(name) - 1) // 2
        node += node % 2  # of an even name, whichever of its two middles the dashes are even beside
        assert node in (start + (len(name) - 1) // 2, start + len(name) // 2)
        assert inbound[node] == sign
        assert outbound[node] == "○"
    assert "Middleware" not in names
    assert "Proxy" not in names
    assert "andata   passo 12" in inbound


def test_a_station_that_is_not_there_keeps_its_place(walked: dict[str, Journey]) -> None:
    """The same station is in the same column, whatever the scenario."""
    columns = set()
    for journey in walked.values():
        names = _text(map_at(None, journey, NOWHERE), 80)[0]
        columns.add((names.index("Socket"), names.index("Vista")))
    assert len(columns) == 1


def test_at_the_end_everything_was_reached(walked: dict[str, Journey]) -> None:
    for scenario, journey in walked.items():
        shown = map_at(rows(journey)[-1], journey, NOWHERE)
        for node in (*shown.inbound, *shown.outbound):
            if node.there and node.station != "client":
                assert node.reached, (scenario, node)


def test_nothing_is_reached_before_the_start() -> None:
    shown = map_at(None, None)
    assert not any(node.reached or node.here or node.passed for node in (*shown.inbound, *shown.outbound))


def test_ascii_is_ascii(real: Real) -> None:
    journey = real("uvicorn-starlette")[ADA]
    for row in rows(journey):
        for line in drawing(map_at(row, journey), 80, "", ASCII):
            assert "".join(text for text, _ in line).isascii()


def test_it_can_be_said_in_words(real: Real) -> None:
    journey = real("gunicorn-flask")[ADA]
    assert spoken(map_at(_row(journey, "Vista 1"), journey)).endswith("Vista. Sei a Vista, andata.")
    assert ("middleware", "inbound") in places([real("uvicorn-starlette")[ADA]])
