from collections.abc import Callable

import pytest

from passerella.journeys.model import Journey, Step
from passerella.views.headings import heading, lasted, outcome
from passerella.views.holding import HOLDABLE, PLACES, blocked, held_sentence, held_step, place_title, places_ahead
from passerella.views.inspector import explanation
from passerella.views.map import drawing, map_at
from passerella.views.rows import EVERYTHING, LEVELS, STATIONS, rows
from passerella.views.sentences import marks_sentence

Make = Callable[..., Step]
Making = Callable[..., Journey]


@pytest.fixture
def held(step: Make, journey: Making) -> Journey:
    """Held at a detail of the gateway, after a walk of three steps."""
    return journey(
        step(1, "accept"),
        step(2, "recv"),
        step(3, "request_line", "server"),
        step(4, "environ", "gateway", level=3, holding=True),
        method="GET",
        target="/ciao",
        status=200,
        server="gunicorn",
    )


def test_a_journey_that_is_held_says_so_and_no_status(held: Journey) -> None:
    assert outcome(held) == "◉ fermo"
    assert lasted(held) == ""
    assert heading(held) == "Viaggio 1 · GET /ciao → ◉ fermo"
    held.steps[-1].holding = False
    assert outcome(held) == "200"
    assert lasted(held)


@pytest.mark.parametrize("level", LEVELS)
def test_the_step_that_is_held_is_under_a_row_that_says_so(held: Journey, level: int) -> None:
    marked = [row for row in rows(held, level) if row.marks.holding]
    assert [row.step for row in marked] == [held_step(held)]
    assert "fermo adesso" in marks_sentence(marked[0].marks)
    assert "fermo adesso" in dict(explanation(held, marked[0]).facts)["segni"]


def test_a_detail_has_a_row_of_the_walk_only_while_it_is_held(held: Journey) -> None:
    assert [row.label for row in rows(held)] == ["Socket 1", "Socket 2", "Server 1", "Ponte 1"]
    held.steps[-1].holding = False
    assert [row.label for row in rows(held)] == ["Socket 1", "Socket 2", "Server 1"]


@pytest.mark.parametrize("level", [STATIONS, EVERYTHING])
def test_the_map_shows_where_it_is_held_wherever_one_looks(held: Journey, level: int) -> None:
    found = rows(held, level)
    looking = ["".join(text for text, _token in drawing(map_at(row, held), 100)[1]) for row in (found[-1], found[0])]
    assert [(line.count("◉"), line.count("◎")) for line in looking] == [(1, 0), (1, 1)]
    assert looking[0].index("◉") == looking[1].index("◉") > looking[1].index("◎")


@pytest.mark.parametrize(
    ("server", "thread", "how", "said"),
    [
        ("gunicorn", "MainThread", "thread", "worker"),
        ("gunicorn", "ThreadPoolExecutor-0_0", "thread", "solo questo thread"),
        ("wsgiref", "MainThread", "thread", "thread solo"),
        ("waitress", "waitress-0", "thread", "solo questo thread"),
        ("werkzeug", "Thread-3 (process_request_thread)", "thread", "solo questo thread"),
        ("uvicorn", "MainThread", "await", "solo questa coroutine"),
        ("uvicorn", "AnyIO worker thread", "thread", "solo questo thread"),
        ("uvicorn", "MainThread", "loop", "loop è fermo"),
        ("un altro", "MainThread", "thread", "Questo thread aspetta"),
    ],
)
def test_what_a_hold_blocks(server: str, thread: str, how: str, said: str) -> None:
    assert said in blocked(server, thread, how)


def test_a_hold_that_moved_says_so(step: Make) -> None:
    moved = held_sentence("uvicorn", step(1, holding=True, moved=True), "await")
    assert "è passata" in moved
    assert moved.endswith("Aspetta solo questa coroutine: il loop serve gli altri."), "and what that blocks"
    assert "è passata" not in held_sentence("uvicorn", step(1, holding=True), "await")


@pytest.mark.parametrize("station", HOLDABLE)
def test_places_ahead_never_come_back(step: Make, station: str) -> None:
    inbound = places_ahead(step(1, station=station, direction="inbound"))
    outbound = places_ahead(step(1, station=station, direction="outbound"))
    assert (station, "inbound") not in inbound
    assert [way for _station, way in outbound] == ["outbound"] * len(outbound)
    assert set(outbound) < set(PLACES)
    assert ("socket", "outbound") in inbound
    assert list(inbound) == [place for place in PLACES if place in inbound]


def test_from_the_view_the_way_back_is_whole(step: Make) -> None:
    ahead = places_ahead(step(1, station="view", direction="inbound"))
    assert [station for station, _way in ahead] == list(HOLDABLE[::-1])
    before = places_ahead(step(1, station="framework", direction="inbound"))
    assert ("framework", "outbound") not in before
    assert places_ahead(step(1, station="client")) == ()


def test_places_have_titles() -> None:
    assert place_title("gateway", "inbound") == "Ponte, andata"
    assert place_title("view", "") == "Vista"
