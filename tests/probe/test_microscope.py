"""One request at a time under the microscope: real servers, on every Python that is here."""

import os
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from fidelity.running import Traced, ask, command, free_port, plain, traced
from passerella.events import Magnified
from passerella.journeys.microscope import Call, Tree, tree, walk
from passerella.journeys.model import Journey
from passerella.session.wanted import HoldRule, Look, Place

APPS = Path(__file__).parent / "apps"
OTHERS = [path for path in os.environ.get("PASSERELLA_ALTRI_PYTHON", "").split(os.pathsep) if path]
PYTHONS = [sys.executable, *OTHERS]
OURS = str(Path(__file__).parents[2] / "app" / "passerella" / "probe")


@pytest.fixture(scope="module", params=PYTHONS, ids=lambda path: Path(path).parent.parent.name)
def python(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def flask(python: str) -> Iterator[Traced]:
    with traced(command("gunicorn", "looked_wsgi:app", 0, python), APPS) as running:
        yield running


@pytest.fixture(scope="module")
def fastapi(python: str) -> Iterator[Traced]:
    with traced(command("uvicorn-h11-asyncio", "looked_asgi:app", 0, python), APPS) as running:
        yield running


def _request(target: str) -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()


def _look(running: Traced, target: str, look: Look | None = None) -> tuple[bytes, Journey]:
    """The answer to a request, and its journey as soon as the microscope has said its last."""
    running.session.microscope(look or Look())
    time.sleep(0.3)  # the command is on its way
    return _asked(running, target, looked=True)


def _asked(running: Traced, target: str, *, looked: bool = False) -> tuple[bytes, Journey]:
    before = len(running.seen.journeys())
    answer = ask(running.port, _request(target))

    def ready(journeys: list[Journey]) -> bool:
        new = journeys[before:]
        return bool(new) and new[0].complete and (not looked or (new[0].unseen is not None and new[0].unseen.done))

    found = running.seen.wait(ready, 5)[before:]
    return answer, found[0]


def _tree(running: Traced, target: str, look: Look | None = None) -> Tree:
    found = tree(_look(running, target, look)[1])
    assert found is not None
    return found


def _all(found: Tree) -> list[Call]:
    return [call for _, call in walk(found.roots)]


def _own(found: Tree) -> list[Call]:
    return [call for call in _all(found) if call.function.own]


def _called(found: Tree, name: str) -> Call:
    [call] = [call for call in _own(found) if call.function.name == name]
    return call


def _all_ended(found: Tree) -> None:
    """But generators that nobody asked for the rest."""
    for call in _all(found):
        if call.ended is None and call.calls == []:
            continue
        assert call.ended is not None, call.function
        assert call.lasted is not None
        assert 0 <= call.waited <= call.lasted
        assert call.alone is not None


def test_the_calls_of_a_flask_request(flask: Traced) -> None:
    found = _tree(flask, "/view")
    _all_ended(found)
    assert [call.function.name for call in _own(found)] == ["view", "greeting"]
    view = _called(found, "view")
    assert view.calls == [_called(found, "greeting")]
    assert (view.value, view.error) == ("ciao Ada [0, 1]", "")
    dispatch = [call for call in _all(found) if call.function.name == "Flask.dispatch_request"]
    assert view in [inner for _, inner in walk(dispatch)]
    assert found.roots[0].function.name in ("Flask.__call__", "Flask.wsgi_app")
    assert not [call for call in _all(found) if call.function.source.path.startswith(OURS)]
    assert not [call for call in _all(found) if call.function.source.file == "<string>"], "ours, or made by us"


def test_the_lines_of_the_students_functions_and_their_locals(flask: Traced) -> None:
    greeting = _called(_tree(flask, "/view"), "greeting")
    assert greeting.arguments == {"name": "Ada"}
    first = greeting.function.source.line
    assert [(line.number - first, line.changed) for line in greeting.lines] == [
        (1, {"parts": []}),
        (2, {"n": 0}),
        (3, {"parts": [0]}),
        (2, {"n": 1}),
        (3, {"parts": [0, 1]}),
        (2, {}),
        (4, {}),
    ]


def test_an_exception_passes_untouched(flask: Traced) -> None:
    answer, journey = _look(flask, "/error")
    found = tree(journey)
    assert found is not None
    assert answer.startswith(b"HTTP/1.1 500")
    assert _called(found, "error").error == "KeyError"
    _all_ended(found)
    answer, journey = _look(flask, "/handled")
    found = tree(journey)
    assert found is not None
    assert b"\r\n\r\nKeyError True" in answer
    assert (_called(found, "error").error, _called(found, "handled").error) == ("KeyError", "")


def test_foreign_objects_are_not_touched(flask: Traced) -> None:
    answer, journey = _look(flask, "/strange")
    assert b"\r\n\r\n[] 2 True" in answer
    found = tree(journey)
    assert found is not None
    changed = {name for line in _called(found, "strange").lines for name in line.changed}
    assert changed == {"thing", "inside", "again"}


def test_the_locals_that_the_student_asked_for_stay_theirs(flask: Traced) -> None:
    for _ in range(2):
        answer, _journey = _look(flask, "/locals")
        assert b"\r\n\r\n[] 1" in answer


def test_a_long_loop_is_counted(flask: Traced) -> None:
    answer, journey = _look(flask, "/long")
    assert b"\r\n\r\n199990000" in answer
    found = tree(journey)
    assert found is not None
    assert len(_called(found, "long").lines) == 500
    assert found.missed_lines > 30_000
    assert _called(found, "long").value == "199990000"


def test_deep_and_many_calls(flask: Traced) -> None:
    found = _tree(flask, "/deep")
    deep = [call for call in _own(found) if call.function.name.endswith("down")]
    assert len(deep) == 301
    assert all(outer.calls == [inner] for outer, inner in pairwise(deep))
    found = _tree(flask, "/many")
    assert len(_own(found)) == 5_000
    assert found.missed_calls >= 2_000
    assert _called(found, "many").value == str(sum(range(7_000)))


def test_only_the_next_request_and_then_nothing_is_left(flask: Traced) -> None:
    _look(flask, "/view")
    answer, journey = _asked(flask, "/tracer")
    assert b"\r\n\r\nTrue" in answer, "a tracer was left in place"
    assert journey.unseen is None


def test_a_path_a_method_and_a_station_are_chosen(flask: Traced) -> None:
    flask.session.microscope(Look(Place(path="/view", method="GET", station="view")))
    time.sleep(0.1)
    assert _asked(flask, "/tracer")[1].unseen is None
    found = tree(_asked(flask, "/view", looked=True)[1])
    assert found is not None
    assert [root.function.name for root in found.roots] == ["view"]


def test_from_one_station_to_another(flask: Traced) -> None:
    look = Look(Place(station="server", direction="inbound"), Place(station="view", direction="inbound"))
    found = _tree(flask, "/view", look)
    names = [call.function.name for call in _all(found)]
    assert "Flask.dispatch_request" in names
    assert not _own(found), "it ends where the view begins"


def test_generators_are_followed_to_their_end(python: str) -> None:
    for server in ("wsgiref", "gunicorn"):
        with traced(command(server, "looked_wsgi:bare", 0, python), APPS) as running:
            answer, journey = _look(running, "/")
            found = tree(journey)
            assert found is not None
            assert b"pezzo 2" in answer
            bare = _called(found, "bare")
            assert bare.times == 3
            assert bare.ended is not None
            assert [line.changed for line in bare.lines if line.changed] == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_an_await_is_one_call_that_waited(fastapi: Traced) -> None:
    for _ in range(2):  # the second request finds everything imported
        found = _tree(fastapi, "/async")
        _all_ended(found)
        slow = _called(found, "slow")
        assert slow.times == 2
        assert 250e6 < slow.waited < 600e6
        assert slow.lasted is not None
        assert slow.lasted - slow.waited < 60e6
        pauses = [call for call in _own(found) if call.function.name == "pause"]
        assert [call.arguments["seconds"] for call in pauses] == [0.2, 0.05, 0.06]
        assert [bool(call.beside) for call in pauses] == [False, True, True], "gather makes tasks"
        assert pauses[1].task != pauses[2].task
        assert all(call in slow.calls for call in pauses)


def test_a_view_in_the_thread_pool(fastapi: Traced) -> None:
    for _ in range(2):
        _answer, journey = _look(fastapi, "/sync")
        found = tree(journey)
        assert found is not None
        _all_ended(found)
        pooled = _called(found, "pooled")
        assert pooled.calls == [_called(found, "add")]
        assert pooled.tid != found.roots[0].tid
        assert pooled in [call for _, call in walk(found.roots[:1])], "it stands in the call that awaited it"
        assert pooled.value == {"total": 5}


def test_exceptions_and_cancellation_on_a_loop(fastapi: Traced) -> None:
    answer, journey = _look(fastapi, "/error")
    found = tree(journey)
    assert found is not None
    assert answer.startswith(b"HTTP/1.1 500")
    assert _called(found, "error").error == "LookupError"
    answer, journey = _look(fastapi, "/cancelled")
    found = tree(journey)
    assert found is not None
    assert b"scaduto" in answer
    assert _called(found, "pause").error == "asyncio.exceptions.CancelledError"
    assert 30e6 < _called(found, "pause").waited < 1e9


def test_time_held_is_in_no_duration(fastapi: Traced) -> None:
    fastapi.session.hold([HoldRule(1, station="view", seconds=0.5)])
    try:
        found = _tree(fastapi, "/async")
    finally:
        fastapi.session.hold([])
    assert found.roots
    for root in found.roots[:1]:
        assert root.lasted is not None
        assert root.lasted < 700e6


def test_requests_side_by_side_are_not_mixed(fastapi: Traced) -> None:
    import threading

    fastapi.session.microscope(Look(Place(path="/async")))
    time.sleep(0.1)
    before = len(fastapi.seen.journeys())
    asking = [threading.Thread(target=ask, args=(fastapi.port, _request(f"/{name}"))) for name in ("async", "sync") * 3]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    journeys = fastapi.seen.wait(lambda found: len(found) >= before + 6 and all(each.complete for each in found))
    under = [journey for journey in journeys[before:] if journey.unseen is not None]
    assert [journey.target for journey in under] == ["/async"]
    found = tree(under[0])
    assert found is not None
    assert {call.function.name for call in _own(found)} == {"slow", "pause"}


def test_a_tracer_of_the_program_is_not_disturbed(python: str) -> None:
    """On 3.11 the microscope refuses; later there is room for both."""
    with traced(command("wsgiref", "looked_wsgi:traced_by_itself", 0, python), APPS) as running:
        answer, journey = _look(running, "/")
        assert b"\r\n\r\nTrue" in answer
        assert journey.unseen is not None
        if _version(running) == "3.11":
            assert journey.unseen.refused == "tracer"
            assert not journey.seen
        else:
            found = tree(journey)
            assert found is not None
            assert _called(found, "traced_by_itself").ended is not None


def test_tools_of_the_program_are_not_disturbed(python: str) -> None:
    with traced(command("wsgiref", "looked_wsgi:with_tools", 0, python), APPS) as running:
        answer, journey = _look(running, "/")
        assert journey.unseen is not None
        if _version(running) == "3.11":
            assert journey.unseen.refused == ""
        else:
            assert b"\r\n\r\n['t0', 't1', 't2', 't3', 't4', 't5']" in answer
            assert journey.unseen.refused == "tools"


def _version(running: Traced) -> str:
    [hello] = [process.hello for process in running.seen.assembler.processes.values() if process.hello is not None]
    return hello.python.rpartition(".")[0]


def test_no_tracer_is_left_on_the_threads_of_the_pool(fastapi: Traced) -> None:
    for _ in range(3):
        _look(fastapi, "/sync")
        assert b"\r\n\r\ntrue" in _asked(fastapi, "/tracer")[0]


def test_the_same_bytes_with_and_without(python: str, tmp_path: Path) -> None:
    for server, app, targets in (
        ("gunicorn", "looked_wsgi:app", ("/view", "/error", "/long", "/deep", "/strange", "/locals", "/handled")),
        ("uvicorn-h11-asyncio", "looked_asgi:app", ("/async", "/sync", "/error", "/nothing")),
    ):
        port = free_port()
        with plain(command(server, app, port, python), APPS, port, tmp_path / "log") as running:
            without = [_undated(ask(running.port, _request(target))) for target in targets]
        with traced(command(server, app, 0, python), APPS) as running:
            running.session.microscope(Look(again=True))
            time.sleep(0.1)
            seen = [_undated(ask(running.port, _request(target))) for target in targets]
            assert any(isinstance(event, Magnified) for _, event in running.seen.events)
        assert seen == without


def _undated(answer: bytes) -> bytes:
    lines = answer.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.lower().startswith(b"date:"))


def test_nothing_of_it_is_imported_until_it_is_asked_for() -> None:
    import subprocess

    code = (
        "import sys; sys.path.insert(0, 'app'); import passerella.probe.install as i; i.install();"
        "print(*(name for name in sys.modules if 'microscope' in name or 'magnified' in name or 'tracing' in name))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert "probe" not in done.stdout
