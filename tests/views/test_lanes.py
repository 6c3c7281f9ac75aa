"""Lanes drawn by hand: shapes, numbers, the ruler, sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerella.journeys.lanes import Block, Lane, Strip, queue_lane
from passerella.journeys.spells import Kind
from passerella.views.lanes import ASCII, BOXES, KINDS, legend_line, lines, picture, ruler
from passerella.views.lanes_told import tell_lanes
from passerella.views.numbers import decimal

MS = 1_000_000


def block(journey: int, kind: Kind, start: float, end: float, **more: bool) -> Block:
    low, high = int(start * MS), int(end * MS)
    return Block(journey, kind, low, high, lasted=high - low, busy=kind == "running", **more)


def lane(*strips: tuple[Block, ...], thread: str = "MainThread", pid: int = 5787) -> Lane:
    made = [Strip((pid, 1), thread, True, blocks) for blocks in strips]
    busy = sorted((each for blocks in strips for each in blocks if each.busy), key=lambda each: each.start)
    kind = "loop" if any(each.kind == "waiting" for blocks in strips for each in blocks) else "worker"
    return Lane("loop" if kind == "loop" else "worker", (pid, 1), thread, tuple(busy), tuple((each,) for each in made))


QUEUE = lane(
    (block(1, "running", 0, 40),),
    (block(2, "queued", 0, 40), block(2, "running", 40, 80)),
    (block(3, "queued", 0, 80), block(3, "held", 80, 90), block(3, "running", 90, 100)),
)
LOOP = lane(
    (block(1, "running", 0, 1), block(1, "waiting", 1, 60), block(1, "running", 60, 61), block(1, "waiting", 61, 100))
)


def test_a_queue_is_a_staircase() -> None:
    drawn = picture([QUEUE], 20, (0, 100 * MS))
    assert [row.text for row in drawn.rows] == [
        "1███████2███████  3█",
        "1███████            ",
        "2·······████████    ",
        "3···············◉◉██",
    ]
    assert [row.title for row in drawn.rows] == ["Worker 5787", "", "", ""]
    assert [row.occupied for row in drawn.rows] == [True, False, False, False]


def test_plain_signs_have_the_same_cells() -> None:
    boxes, plain = (picture([QUEUE, LOOP], 50, (0, 100 * MS), glyphs=glyphs) for glyphs in (BOXES, ASCII))
    assert all(row.text.isascii() for row in plain.rows)
    assert [[each.kind for each in row.cells] for row in plain.rows] == [
        [each.kind for each in row.cells] for row in boxes.rows
    ]
    assert "".join(plain.ruler).replace("+", "").replace("-", "").isascii()
    for glyphs in (BOXES, ASCII):
        signs = [getattr(glyphs, kind) for kind in KINDS]
        assert len(set(signs)) == len(KINDS), "two kinds that look the same without colour"


def test_an_instant_of_running_is_seen_in_a_long_wait() -> None:
    drawn = picture([LOOP], 20, (0, 100 * MS))
    assert drawn.rows[1].text == "1───────────▌───────"
    assert legend_line(drawn) == ("▌ in esecuzione per un istante   ─ in attesa: il loop serve gli altri")


def test_the_block_under_a_cell() -> None:
    drawn = picture([QUEUE], 20, (0, 100 * MS))
    found = [drawn.at(3, column) for column in (0, 15, 16, 19)]
    assert [each.kind if each else "" for each in found] == ["queued", "queued", "held", "running"]
    assert drawn.at(1, 19) is None


@pytest.mark.parametrize(
    ("window", "width", "expected"),
    [
        ((0, 100 * MS), 60, "0 ms        20          40          60          80"),
        ((0, 2 * MS), 60, "0,0 ms         0,5            1,0            1,5"),
        ((0, 3_000 * MS), 60, "0,0 s     0,5       1,0       1,5       2,0       2,5"),
        ((0, 30_000 * MS), 60, "0 s       5         10        15        20        25"),
        ((0, 1_200 * MS), 60, "0,0 s     0,2       0,4       0,6       0,8       1,0"),
        ((5_000 * MS, 5_100 * MS), 30, "5000 ms        5050"),
    ],
)
def test_the_ruler_speaks_with_a_comma(window: tuple[int, int], width: int, expected: str) -> None:
    ticks, labels = ruler(width, window, 0)
    assert len(ticks) == len(labels) == width
    assert labels.rstrip() == expected
    for label in labels.replace(" ms", "").replace(" s", "").split():
        assert ticks[labels.index(label)] == BOXES.tick


@given(st.integers(1, 200), st.integers(0, 10**12), st.integers(1, 10**13), st.integers(0, 10**12))
def test_any_ruler_fits(width: int, start: int, span: int, origin: int) -> None:
    ticks, labels = ruler(width, (start, start + span), origin)
    assert len(ticks) == len(labels) == width


blocks = st.builds(
    block, st.integers(1, 300), st.sampled_from(("running", "waiting", "queued", "held")), st.integers(-50, 150), st.integers(-50, 150)
)  # fmt: skip


@given(st.lists(blocks, min_size=1, max_size=12), st.integers(1, 120), st.integers(-50, 120), st.integers(1, 100))
def test_any_row_has_its_width(found: list[Block], width: int, start: int, span: int) -> None:
    drawn = picture([lane(tuple(found))], width, (start * MS, (start + span) * MS))
    assert all(len(row.text) == width for row in drawn.rows)
    for row in range(len(drawn.rows)):
        for column in range(width):
            drawn.at(row, column)


def test_lines_have_titles_and_a_ruler() -> None:
    shown = list(lines(picture([QUEUE], 20, (0, 100 * MS))))
    assert shown[0].startswith("Worker 5787  1███")
    assert shown[1].startswith(" " * 13 + "1███")
    assert shown[-1].startswith("█ in esecuzione")


def test_two_processes_are_told_apart() -> None:
    titles = [
        row.title for row in picture([LOOP, lane(*[strip.blocks for strip in LOOP.strips], pid=6)], 9, (0, MS)).rows
    ]
    assert [title for title in titles if title] == ["Loop, processo 5787", "Loop, processo 6"]


def test_requests_that_nobody_accepted() -> None:
    queue = queue_lane([10 * MS, 50 * MS], 100 * MS)
    assert queue is not None
    drawn = picture([queue], 20, (0, 100 * MS))
    assert [row.text for row in drawn.rows] == [" " * 20, "  ··················", "          ··········"]
    assert drawn.rows[0].title == "Non ancora accettate"
    assert list(tell_lanes([queue], (0, 100 * MS)))[1] == "Non ancora accettate: 2 richieste."
    assert queue_lane([], 100 * MS) is None


def test_the_queue_in_sentences() -> None:
    assert list(tell_lanes([QUEUE], (0, 100 * MS))) == [
        "Corsie: 3 viaggi in 100 ms.",
        "Worker 5787: 3 viaggi, uno alla volta, occupato per 90,0 ms.",
        "  viaggio 1: in esecuzione da 0,00 a 40,00 ms.",
        "  viaggio 2: in coda da 0,00 a 40,00 ms, in esecuzione da 40,00 a 80,00 ms.",
        "  viaggio 3: in coda da 0,00 a 80,00 ms, fermo da 80,00 a 90,00 ms, in esecuzione da 90,00 a 100,00 ms.",
    ]


def test_a_long_story_is_told_in_sums() -> None:
    pieces = [block(4, "running" if each % 2 else "waiting", each * 5, each * 5 + 5) for each in range(12)]
    told = list(tell_lanes([lane(tuple(pieces))], (0, 60 * MS)))
    assert told[-1] == "  viaggio 4: in esecuzione 30,0 ms, in attesa 30,0 ms in 6 attese."


def test_a_loop_that_nobody_else_could_use_is_said() -> None:
    told = list(tell_lanes([lane((block(1, "waiting", 0, 5), block(1, "running", 5, 505)))], (0, 505 * MS)))
    assert told[2] == "  Il viaggio 1 ha tenuto il loop per 500 ms di seguito: intanto nessun altro è andato avanti."
    assert decimal(0.5, 1) == "0,5"
