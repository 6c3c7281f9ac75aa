"""A comparison as lines, sentences, objects: of real journeys, and of hostile ones."""

import json
from collections.abc import Callable

import pytest

from passerella.events import Changes
from passerella.journeys.comparison import Comparison, compare
from passerella.journeys.model import Journey
from passerella.views.comparison import Line, detail, lines, objects, tell

from .conftest import Make, Real

ASKED = "GET /ciao?nome=Ada"


@pytest.fixture(scope="session")
def compared(real: Real) -> Callable[..., Comparison]:
    """The journeys of one request on these scenarios."""
    return lambda *names: compare([(name, real(name)[ASKED]) for name in names])


def _parts(found: list[Line]) -> list[str]:
    return [line.part for line in found if line.kind == "title"]


def test_differences_come_first_and_equal_things_are_folded(compared: Callable[..., Comparison]) -> None:
    found = lines(compared("gunicorn-flask", "waitress-flask"))
    parts = _parts(found)
    assert parts[:3] == ["mapping", "response", "times"]
    assert parts[-2:] == ["expected", "equal"]
    assert parts.index("steps") < parts.index("expected")
    assert [line for line in found if line.part in ("expected", "equal") and line.kind != "title"] == []
    opened = lines(compared("gunicorn-flask", "waitress-flask"), closed=frozenset())
    assert any(line.name == "REQUEST_METHOD" and line.part == "equal" for line in opened)


def test_each_line_has_a_cell_for_each_journey(compared: Callable[..., Comparison]) -> None:
    found = lines(compared("gunicorn-flask", "waitress-flask", "wsgiref-wsgi"), closed=frozenset())
    assert {len(line.cells) for line in found if line.kind != "title"} == {3}
    by_name = {line.name: line for line in found}
    assert by_name["SERVER_NAME"].cells == ("'127.0.0.1'", "'waitress.invalid'", "'localhost'")
    assert by_name["SERVER_NAME"].sign == "!"
    assert by_name["RAW_URI"].cells == ("'/ciao?nome=Ada'", "si chiama REQUEST_URI", "—")
    assert by_name["RAW_URI"].sign == "+"
    assert by_name["variabili del processo"].cells[:2] == ("—", "—")
    assert by_name["fine del corpo"].cells == ("la dice Content-Length",) * 3


def test_wsgi_beside_asgi_shows_both_names(compared: Callable[..., Comparison]) -> None:
    comparison = compared("gunicorn-flask", "uvicorn-fastapi")
    found = {line.name: line for line in lines(comparison)}
    assert found["REQUEST_METHOD"].cells == ("'GET'", "method = 'GET'")
    assert found["HTTP_USER_AGENT"].cells[1].startswith("headers: user-agent = b'")
    assert found["wsgi.version"].part == "interface"
    assert "La stessa cosa, scritta in modi diversi" in found
    assert found["Content-Length"].cells == ("Content-Length: 11", "content-length: 26")
    assert found["Content-Length"].sign == "!"


def test_every_line_can_be_read_in_full(compared: Callable[..., Comparison]) -> None:
    for names in (("gunicorn-flask", "uvicorn-starlette"), ("uvicorn-asgi", "uvicorn-fastapi")):
        comparison = compared(*names)
        for line in lines(comparison, closed=frozenset()):
            about = detail(comparison, line)
            assert about.title
            assert about.text
            assert len(about.columns) == len(about.more) == 2
            if line.kind != "title":
                assert all(about.columns)


def test_a_step_in_full_says_when_where_and_what_it_changed(compared: Callable[..., Comparison]) -> None:
    comparison = compared("gunicorn-flask", "waitress-flask")
    [line] = [line for line in lines(comparison) if line.name == "Ponte, andata · environ"]
    about = detail(comparison, line)
    assert about.columns[0][0].startswith("environ · 2")
    assert "durata" in about.columns[0][1]
    assert about.columns[0][2].startswith("gunicorn/http/wsgi.py:")
    assert about.columns[1][2].startswith("waitress/task.py:")
    assert "thread waitress-" in about.columns[1][1]
    assert any(text.startswith("+ wsgi.version = (1, 0)") for text in about.more[0])
    assert about.more[0][-1].startswith("… e altre")


def test_sentences_name_together_those_that_agree(compared: Callable[..., Comparison]) -> None:
    told = list(tell(compared("gunicorn-flask", "waitress-flask", "wsgiref-wsgi"), ["gunicorn 27", "", ""]))
    assert told[0] == "Confronto di 3 viaggi"
    assert told[1].startswith("    gunicorn-flask · gunicorn 27 · GET /ciao?nome=Ada → 200 · ")
    at = told.index("    wsgi.multithread")
    assert told[at + 1 : at + 3] == ["        gunicorn-flask, wsgiref-wsgi: False", "        waitress-flask: True"]
    assert "    Server, andata · in coda: solo waitress-flask" in told
    assert "    HTTP_HOST: porte, che cambiano a ogni avvio" in told
    assert "    REQUEST_METHOD: 'GET'" in told


def test_two_orders_of_middleware_are_said(step: Make, journey: Callable[..., Journey]) -> None:
    def through(*names: str) -> Journey:
        return journey(
            *(step(n, "middleware", "middleware", value={"class": name}) for n, name in enumerate(names, 1)),
            interface="asgi",
        )

    told = list(tell(compare([("prima", through("A", "B")), ("dopo", through("B", "A"))])))
    assert "    Middleware, andata · middleware A: in un altro ordine: prima posto 1, dopo posto 2" in told


def test_objects_are_a_promise(compared: Callable[..., Comparison]) -> None:
    found = list(objects(compared("gunicorn-flask", "uvicorn-fastapi"), ASKED, ["gunicorn 27", "uvicorn 1"]))
    assert found[0] == {
        "kind": "comparison",
        "format": 1,
        "request": ASKED,
        "columns": ["gunicorn-flask", "uvicorn-fastapi"],
        "mixed": True,
    }
    kinds = {each["kind"] for each in found}
    assert kinds == {"comparison", "column", "facet", "aligned"}
    fields = {kind: set.intersection(*(set(each) for each in found if each["kind"] == kind)) for kind in kinds}
    assert fields["column"] >= {
        "column", "server", "interface", "method", "target", "status", "duration_ns", "first_byte_ns",
        "first_byte_after", "last_byte_ns", "places",
    }  # fmt: skip
    assert fields["facet"] >= {"where", "topic", "difference", "reason", "cells", "instead", "only_in", "at"}
    assert fields["aligned"] >= {"station", "direction", "name", "identity", "moved", "cells"}
    assert {each["difference"] for each in found if each["kind"] == "facet"} <= {
        "only", "different", "rewritten", "expected", "equal",
    }  # fmt: skip
    assert json.loads(json.dumps(found, allow_nan=False)) == found


HOSTILE = "\x1b[2J[@click=app.quit]\x00\u202e" + "x" * 10_000


def test_what_is_hostile_is_harmless_and_short(step: Make, journey: Callable[..., Journey]) -> None:
    def made(value: str) -> Journey:
        return journey(
            step(1, "environ", "gateway", changes=Changes({HOSTILE: value, "SERVER_NAME": value})),
            step(2, "mark", "framework", value={"result": value}),
            interface="wsgi",
            method=HOSTILE,
            target=HOSTILE,
            response=bytearray(
                f"HTTP/1.1 200 {value}\r\nX-{value}: {value}\r\n\r\n{value}".encode("latin-1", "replace")
            ),
        )

    comparison = compare([("uno", made(HOSTILE)), ("due", made(HOSTILE[::-1]))])
    for line in tell(comparison):
        assert line.isprintable()
        assert len(line) < 1000
    for shown in lines(comparison, closed=frozenset()):
        about = detail(comparison, shown)
        for text in (shown.name, *shown.cells, about.title, about.text, *sum(about.columns + about.more, ())):
            assert text.isprintable()
            assert len(text) < 2000
