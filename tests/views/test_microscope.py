"""The microscope's tree as rows and sentences."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fuzz.wire_events import let_in, marks
from passerella.events import CallSeen, FunctionSeen, LineSeen, Magnified, Mark, ReturnSeen, Value
from passerella.journeys.microscope import Tree, tree
from passerella.journeys.model import Journey, Unseen
from passerella.views.microscope import CallRow, rows, tell
from passerella.views.values import shown

FUNCTIONS: list[Mark] = [
    FunctionSeen(1, "view", "/home/ada/app.py", 10, True),
    FunctionSeen(2, "App.dispatch", "/v/lib/python3.11/site-packages/flask/app.py", 5, False),
    FunctionSeen(3, "Map.match", "/v/lib/python3.11/site-packages/werkzeug/routing.py", 9, False),
    FunctionSeen(4, "dumps", "/v/lib/python3.11/json/__init__.py", 3, False),
]


def _tree(*seen: Mark, **rest: Any) -> Tree:
    found = tree(Journey(1, "c", 1, seen=[*FUNCTIONS, *seen], unseen=Unseen(**rest)))
    assert found is not None
    return found


def _end(call: int, t: int, **rest: Any) -> ReturnSeen:
    return ReturnSeen(call, t, 0, rest.pop("waited", 0), rest.pop("times", 0), **rest)


def _request() -> Tree:
    return _tree(
        CallSeen(1, 0, 2, 0, 9),
        CallSeen(2, 1, 3, 1_000),
        CallSeen(3, 2, 3, 2_000),
        _end(3, 3_000),
        _end(2, 4_000),
        CallSeen(4, 1, 3, 5_000),
        _end(4, 6_000),
        CallSeen(5, 1, 1, 7_000, arguments={"name": "Ada"}),
        LineSeen(5, 7_100, 11),
        CallSeen(6, 5, 4, 7_200),
        CallSeen(7, 6, 4, 7_300),
        _end(7, 7_400),
        _end(6, 7_500),
        LineSeen(5, 7_600, 12, {"text": "{}"}),
        _end(5, 8_000, value="ciao"),
        _end(1, 2_000_000, waited=1_000_000, times=2, missed=1_234),
        calls=1_234,
    )


def _titles(found: list[CallRow]) -> list[tuple[int, str]]:
    return [(row.depth, row.title) for row in found]


def test_the_way_to_the_students_code_is_open_and_the_rest_is_folded() -> None:
    assert _titles(rows(_request())) == [
        (0, "App.dispatch()"),
        (1, "3 chiamate in werkzeug"),
        (1, "view(name='Ada')"),
        (2, "riga 11"),
        (2, "dumps()"),
        (2, "riga 12"),
    ]


def test_what_is_folded_opens() -> None:
    found = rows(_request())
    keys = frozenset(row.key for row in found if row.opens)
    assert len(keys) == 2
    opened = rows(_request(), keys)
    assert _titles(opened) == [
        (0, "App.dispatch()"),
        (1, "3 chiamate in werkzeug"),
        (2, "Map.match()"),
        (2, "Map.match()"),
        (1, "view(name='Ada')"),
        (2, "riga 11"),
        (2, "dumps()"),
        (3, "dumps()"),
        (2, "riga 12"),
    ]
    assert [row.title for row in opened if row.opened] == ["3 chiamate in werkzeug", "dumps()"]
    assert len([row for row in rows(_request(), everything=True) if row.kind == "call"]) == 7


def test_sentences() -> None:
    told = list(tell(_request(), code=lambda path, line: f"    codice {line}"))
    assert told[0] == "Microscopio: 7 chiamate, 1 del tuo codice, 2 righe."
    assert told[1] == (
        "  App.dispatch() · flask/app.py:5 · 2,0 ms, di cui 1,0 ms in attesa (2 volte), 1,0 ms suoi · "
        "1234 chiamate interne non mostrate"
    )
    assert told[3] == "    view(name='Ada') · app.py:10 · 0,00 ms, 0,00 ms suoi · restituisce 'ciao'"
    assert told[4] == "      riga 11 · codice 11 · → text = '{}'"
    assert told[-2] == "Altre 1234 chiamate non mostrate."


def test_a_refusal_is_said_in_words() -> None:
    assert [line[:31] for line in tell(_tree(refused="tracer"))] == ["Il microscopio non ha guardato:"]
    assert list(tell(_tree(refused="?")))


def test_many_lines_are_folded() -> None:
    lines = [LineSeen(1, n, 10) for n in range(1, 101)]
    found = rows(_tree(CallSeen(1, 0, 1, 0, 9), *lines))
    assert len([row for row in found if row.kind == "line"]) == 60
    assert (found[-1].title, found[-1].opens) == ("altre 40 righe", True)
    assert len(rows(_tree(CallSeen(1, 0, 1, 0, 9), *lines), frozenset((found[-1].key,)))) == 102


def test_containers_seen_in_part() -> None:
    part: Value = {"type": "list", "id": 1, "length": 1_000, "items": [1, 2]}
    assert shown(part) == "[1, 2, …] (1000 elementi)"
    assert shown({"type": "set", "id": 1, "length": 2, "items": [1, 2]}) == "{1, 2}"
    assert shown({"type": "dict", "id": 1, "length": 1, "pairs": [[1, "a"]]}) == "{1: 'a'}"
    assert shown({"type": "list", "id": 1, "length": 3}) == "‹list, 3 elementi›"
    assert shown({"a": [part]}) == "{'a': [[1, 2, …] (1000 elementi)]}"


@given(st.lists(marks, max_size=30), st.booleans())
def test_any_tree_can_be_shown(seen: list[Mark], everything: bool) -> None:
    event = let_in(Magnified(1, 1, 1, "", 1, 1, 0, seen))
    if not isinstance(event, Magnified):
        return  # the viewer's door is closed to it
    found = _tree(*event.seen)
    for row in rows(found, everything=everything):
        assert _visible(row.title + row.value + row.error + row.place)
    assert all(_visible(line) for line in tell(found, everything=everything))


def _visible(text: str) -> bool:
    return text.replace("\u202f", "").isprintable()
