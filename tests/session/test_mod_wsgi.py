"""Flask inside a real Apache, called by mod_wsgi: what can be seen of it, and what is left of it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from passerella.journeys.model import Journey, Step
from passerella.session.hosting import Hosted, copied, where_it_is
from passerella.session.wanted import HoldRule
from session.killing import killed
from session.reachable import folder_for_anybody
from session.test_in_front import Watched, watched

SCENARIO = "apache-modwsgi-flask"
APPS = Path(__file__).parent.parent.parent / "app" / "passerella" / "scenarios" / "apps"


@pytest.fixture(scope="module")
def seen() -> Iterator[Watched]:
    """Asked three things, of which the journeys are looked at by several."""
    with folder_for_anybody() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(folder))
        with watched(SCENARIO) as found:
            yield found
        assert not list(folder.glob("passerella-*"))


@pytest.mark.modwsgi
def test_a_request_and_the_keys_that_its_bytes_gave(seen: Watched) -> None:
    answer = seen.ask("GET /caff%C3%A8//x/../?nome=Ada", ("Authorization", "Basic x"))
    journey = seen.journeys(1)[0]
    assert (journey.server, journey.interface, journey.upstream, journey.front) == ("mod_wsgi", "wsgi", None, "modwsgi")
    assert (journey.status, bytes(journey.response)) == (answer.status, answer.data)
    request = bytes(journey.request)
    assert [step.station for step in _walk(journey)][:4] == ["client", "proxy", "proxy", "gateway"]
    assert not {step.station for step in journey.steps} & {"socket", "server"}  # Apache's own, in C
    environ = _environ(journey)
    for key, text in (
        ("PATH_INFO", "/caff%C3%A8//x/../"),
        ("SERVER_NAME", "127.0.0.1"),
        ("HTTP_AUTHORIZATION", "Basic x"),
        ("REQUEST_URI", "/caff%C3%A8//x/../?nome=Ada"),
    ):
        origin = journey.origins[key]
        assert not isinstance(origin, str), key
        assert request[slice(*origin[0])].decode() == text
    assert environ["PATH_INFO"] == "/caffÃ¨/"  # Apache put it in order before Python saw it
    assert journey.origins["mod_wsgi.process_group"] == "server"
    called = next(step for step in journey.steps if step.name == "call")
    assert called.source is None  # nothing in Python called it
    assert called.pid != next(step.pid for step in journey.steps if step.station == "proxy")


@pytest.mark.modwsgi
def test_what_python_never_sees_and_what_it_sees_elsewhere(seen: Watched) -> None:
    before = len(seen.journeys_so_far())
    static = seen.ask("GET /static/orari.txt")
    long = seen.ask("POST /piccolo/moduli", body=b"a" * 17)
    mounted = seen.ask("POST /piccolo/moduli", body=b"nome=Ada")
    files, refused, passed = seen.journeys(before + 3)[-3:]
    assert (static.status, long.status, mounted.status) == (200, 413, 303)
    assert (files.interface, refused.interface, passed.interface) == (None, None, "wsgi")
    assert (_environ(passed)["SCRIPT_NAME"], _environ(passed)["PATH_INFO"]) == ("/piccolo", "/moduli")
    origin = passed.origins["SCRIPT_NAME"]
    assert not isinstance(origin, str)
    assert bytes(passed.request)[slice(*origin[0])] == b"/piccolo"


@pytest.mark.modwsgi
def test_an_error_a_stream_and_a_hold(seen: Watched) -> None:
    before = len(seen.journeys_so_far())
    assert seen.ask("GET /errore").status == 500
    assert seen.ask("GET /flusso").status == 200
    seen.session.hold([HoldRule(1, station="view", seconds=0.5)])
    assert seen.ask("GET /ciao").status == 200
    seen.session.hold([])
    failed, streamed, held = seen.journeys(before + 3)[-3:]
    assert "KeyError" in failed.errors
    assert not any(step.name == "front_trouble" for step in failed.steps)  # what the app writes is not Apache's trouble
    arrived = [step.t for step in streamed.steps if step.name == "response_received"]
    assert arrived[-1] - arrived[0] > 300_000_000  # mod_wsgi keeps nothing back
    assert held.held > 400_000_000


@pytest.mark.modwsgi
def test_the_parent_is_killed(tmp_path: Path) -> None:
    with folder_for_anybody() as folder:
        assert killed(SCENARIO, folder / "t", 1.5) == []


def test_what_the_systems_python_is_given(tmp_path: Path) -> None:
    hosted = Hosted("app_flask:app", APPS, ["flask"])
    found = where_it_is(hosted)
    for module in ("app_flask.py", "passerella_modwsgi.py", "flask/__init__.py", "werkzeug/__init__.py"):
        assert any((folder / module).is_file() for folder in found), module
    copies = copied(hosted, tmp_path)
    for module in ("app_flask.py", "passerella_modwsgi.py", "flask/__init__.py", "click/__init__.py"):
        assert any((folder / module).is_file() for folder in copies), module
    assert not any(name.endswith(".pyc") for _, _, files in os.walk(tmp_path) for name in files)


def _walk(journey: Journey) -> list[Step]:
    return [step for step in journey.steps if step.level == 2]


def _environ(journey: Journey) -> dict[str, object]:
    return dict(next(step.changes.added for step in journey.steps if step.name == "call" and step.changes is not None))
