from collections.abc import Callable

import pytest

from passerella.events import Changes
from passerella.journeys.model import Journey
from passerella.views.rows import EVERYTHING, LEVELS, PASSAGES, STATIONS, opened_rows, row_of, rows

Make = Callable[..., Journey]
LINES = ("GET /ciao?nome=Ada", "POST /moduli", "GET /errore", "GET /flusso")


class TestRealJourneys:
    def test_budgets(self, scenario: str, real: Callable[[str], dict[str, Journey]]) -> None:
        for journey in real(scenario).values():
            assert len(rows(journey, STATIONS)) <= 16
        assert 10 <= len(rows(real(scenario)["GET /ciao?nome=Ada"], PASSAGES)) <= 25

    @pytest.mark.parametrize("line", LINES)
    def test_every_step_is_covered_once_at_each_level(
        self, scenario: str, line: str, real: Callable[[str], dict[str, Journey]]
    ) -> None:
        journey = real(scenario)[line]
        for level in LEVELS:
            covered = sorted(step.n for row in rows(journey, level) for step in row.covers)
            assert covered == [step.n for step in journey.steps]

    @pytest.mark.parametrize("line", LINES)
    def test_no_level_hides_a_mark(self, scenario: str, line: str, real: Callable[[str], dict[str, Journey]]) -> None:
        journey = real(scenario)[line]
        changes = sum(
            len(step.changes.added) + len(step.changes.changed) + len(step.changes.removed)
            for step in journey.steps
            if step.changes is not None
        )
        assert changes > 0
        for level in LEVELS:
            found = rows(journey, level)
            assert sum(row.marks.changes for row in found) == changes
            for step in journey.steps:
                if step.error:
                    assert found[row_of(found, step.n)].marks.error

    @pytest.mark.parametrize("line", LINES)
    def test_labels_are_unique_and_the_same_at_every_level(
        self, scenario: str, line: str, real: Callable[[str], dict[str, Journey]]
    ) -> None:
        journey = real(scenario)[line]
        walk, everything = rows(journey, PASSAGES), rows(journey, EVERYTHING)
        for found in (walk, everything):
            assert len({row.label for row in found}) == len(found)
        inner = {row.label: row.step for row in everything}
        for row in walk:
            assert inner[row.label].n in [step.n for step in row.covers]
            assert inner[row.label].name == row.step.name

    def test_walk_is_in_order_of_time_and_reaches_the_view(
        self, scenario: str, real: Callable[[str], dict[str, Journey]]
    ) -> None:
        found = rows(real(scenario)["GET /ciao?nome=Ada"], PASSAGES)
        assert [row.t for row in found] == sorted(row.t for row in found)
        assert {"Vista 1", "Ponte 1", "Socket 1", "Client 1"} <= {row.label for row in found}


def test_a_thread_hop_is_marked_at_every_level(real: Callable[[str], dict[str, Journey]]) -> None:
    journey = real("waitress-flask")["GET /ciao?nome=Ada"]
    for level in LEVELS:
        assert any("waitress" in row.marks.hop for row in rows(journey, level))


def test_consecutive_steps_of_one_name_fold_and_sum(step: Callable[..., object], journey: Make) -> None:
    made = journey(step(1), step(2), step(3, "body_written", direction="outbound"))
    found = rows(made, PASSAGES)
    assert [row.title for row in found] == ["byte letti ×2", "corpo scritto"]
    assert [row.label for row in found] == ["Socket 1", "Socket 2"]


def test_what_the_client_does_beside_does_not_break_a_fold(step: Callable[..., object], journey: Make) -> None:
    made = journey(
        step(1, "body_written", direction="outbound"),
        step(2, "response_received", "client", "outbound"),
        step(3, "body_written", direction="outbound"),
    )
    assert [row.title for row in rows(made)] == ["corpo scritto ×2", "byte ricevuti"]


def test_the_middleware_of_the_student_have_a_row_each(step: Callable[..., object], journey: Make) -> None:
    made = journey(*(step(n, "middleware", "middleware") for n in (1, 2)))
    assert len(rows(made)) == 2
    served = journey(*(step(n, "builtin_middleware", "middleware") for n in (1, 2, 3)))
    assert [row.title for row in rows(served)] == ["3 middleware di serie"]


def test_details_count_from_the_row_before_them(step: Callable[..., object], journey: Make) -> None:
    made = journey(
        step(1, "server_step", "server", level=3),
        step(2, "environ", "gateway"),
        step(3, "server_step", "gateway", level=3),
        step(4, "server_step", "gateway", level=3),
    )
    assert [row.label for row in rows(made, EVERYTHING)] == ["Server 0.1", "Ponte 1", "Ponte 1.1", "Ponte 1.2"]
    assert [row.label for row in rows(made, PASSAGES)] == ["Ponte 1"]


def test_entry_and_exit_are_one_row_with_a_duration(step: Callable[..., object], journey: Make) -> None:
    made = journey(
        step(1, "view", "view", pair=4),
        step(2, "hook", "framework", level=3, pair=3, depth=1),
        step(3, "hook", "framework", level=3, pair=2, depth=1),
        step(4, "view_return", "view", "outbound", pair=1),
    )
    found = rows(made, EVERYTHING)
    assert [(row.title, row.depth, row.lasted) for row in found] == [
        ("vista", 0, 3_000_000),
        ("funzione registrata", 1, 1_000_000),
        ("fine della vista", 0, 3_000_000),
    ]


def test_a_row_knows_until_where_the_mapping_is_its_own(step: Callable[..., object], journey: Make) -> None:
    made = journey(
        step(1, "environ", "gateway", changes=Changes({"A": "1"})),
        step(2, "hook", "framework", level=3, changes=Changes({"B": "2"})),
        step(3, "view", "view"),
    )
    found = rows(made)
    assert [(row.title, row.until, row.marks.added) for row in found] == [("environ", 1, 1), ("vista", 3, 1)]


def test_an_opened_row_is_followed_by_its_details(step: Callable[..., object], journey: Make) -> None:
    made = journey(
        step(1, "environ", "gateway"), step(2, "hook", "framework", level=3, depth=5), step(3, "view", "view")
    )
    opened = opened_rows(made, PASSAGES, frozenset({"Vista 1"}))
    assert [(row.label, row.depth) for row in opened] == [("Ponte 1", 0), ("Vista 1", 0), ("Framework 0.1", 1)]


def test_a_journey_of_details_only_still_has_a_row(step: Callable[..., object], journey: Make) -> None:
    made = journey(step(1, "server_step", "server", level=3))
    assert len(rows(made, STATIONS)) == len(rows(made, PASSAGES)) == 1
    assert rows(journey(), PASSAGES) == []


def test_what_happens_while_it_is_held_has_a_time_of_its_own(step: Make, journey: Make) -> None:
    """Our client, or another task, goes on meanwhile: its steps are not before the beginning."""
    held = step(2, held=10_000_000_000)
    made = journey(step(1), held, step(3, "response_received", "client", "outbound"), steps_held=[held])
    assert [row.t for row in rows(made, EVERYTHING)] == [0, 1_000_000, 1_000_000]
    assert made.duration == 1_000_000


def test_a_hold_after_the_last_step_takes_nothing_away(step: Make, journey: Make) -> None:
    held = step(2, held=10_000_000_000)
    made = journey(step(1), held, steps_held=[held])
    assert (made.duration, made.held) == (1_000_000, 10_000_000_000)
