import ast
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

from passerella.client.draft import of_line, prepare
from passerella.client.request import parse_line
from passerella.recordings.reading import Recording
from passerella.scenarios import SCENARIOS, Scenario
from passerella.scenarios.catalogue import recording_of
from passerella.servers import SERVERS
from passerella.session.offered import draft_of, drafts_of

ALL = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.id)


def test_the_scenarios_in_order() -> None:
    assert list(SCENARIOS) == [
        "wsgiref-wsgi",
        "uvicorn-asgi",
        "waitress-flask",
        "gunicorn-flask",
        "uvicorn-starlette",
        "uvicorn-fastapi",
        "werkzeug-flask",
        "gunicorn-gthread-flask",
        "gunicorn-asgi",
        "gunicorn-uvicorn-fastapi",
        "gunicorn-django",
        "uvicorn-django",
        "hypercorn-fastapi",
        "cheroot-flask",
        "daphne-django",
        "uvicorn-a2wsgi",
        "granian-fastapi",
        "granian-flask",
        "uvicorn-websocket",
        "uvicorn-chat",
        "hypercorn-websocket",
        "daphne-websocket",
        "gunicorn-websocket",
        "nginx-gunicorn-flask",
        "nginx-uvicorn-fastapi",
        "nginx-uvicorn-websocket",
        "apache-gunicorn-flask",
        "apache-uvicorn-websocket",
        "apache-modwsgi-flask",
    ]
    assert all(scenario.id == name for name, scenario in SCENARIOS.items())


@ALL
def test_a_scenario_is_whole(scenario: Scenario) -> None:
    assert scenario.interface in SERVERS[scenario.server].interfaces
    module, attribute = scenario.app.split(":")
    assert attribute == "app"
    assert module.startswith("app_"), "app.py is the student's name"
    assert (scenario.folder / f"{module}.py").is_file()
    assert scenario.title
    assert scenario.shows.endswith(".")


@ALL
def test_its_requests_can_be_sent(scenario: Scenario) -> None:
    assert scenario.requests[0] == "GET /ciao?nome=Ada"
    for line in scenario.requests:
        parse_line(line)
    assert set(scenario.bodies) <= set(scenario.requests)
    posts = {line for line in scenario.requests if parse_line(line).method == "POST"}
    assert posts == set(scenario.bodies)


@ALL
def test_its_ready_requests_say_what_they_show_and_can_be_sent(scenario: Scenario) -> None:
    assert len({ready.id for ready in scenario.ready}) == len(scenario.ready)
    for ready in scenario.ready:
        assert "/" not in ready.id
        assert ready.shows.endswith(".")
        draft = draft_of(ready)
        requests, _ = prepare(draft, "127.0.0.1")
        assert len(requests) == ready.copies
        assert parse_line(ready.line).target in requests[0].data.decode()
    assert drafts_of(scenario)[: len(scenario.requests)] == [
        of_line(line, scenario.bodies.get(line, "")) for line in scenario.requests
    ]


@ALL
def test_its_needs_are_the_server_and_what_the_app_imports(scenario: Scenario) -> None:
    for name in scenario.needs:
        if not (name == "gunicorn" and sys.platform == "win32"):
            assert distribution(name)
    server = SERVERS[scenario.server]
    needed_by_server = [*([server.distribution] if server.distribution else []), *server.companions]
    assert scenario.needs[: len(needed_by_server)] == needed_by_server
    along_with_others = {"werkzeug", "markupsafe"}
    assert imported(scenario.folder, scenario.app.split(":")[0]) - along_with_others == set(
        scenario.needs[len(needed_by_server) :]
    )


def imported(folder: Path, module: str) -> set[str]:
    """The libraries that an app imports, by itself or with another of the apps."""
    names = set()
    for node in ast.walk(ast.parse((folder / f"{module}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
    assert "passerella" not in names
    apps = {name for name in names if name.startswith("app_")}
    libraries = names - apps - sys.stdlib_module_names
    return libraries.union(*(imported(folder, name) for name in apps))


def test_reading_the_catalogue_imports_no_app() -> None:
    code = "import sys, passerella.scenarios; print({'flask', 'fastapi', 'starlette', 'asyncio'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert ran.stdout.strip() == "set()"


RECORDED = ("nginx-gunicorn-flask", "apache-gunicorn-flask", "apache-modwsgi-flask")


@pytest.mark.parametrize("name", RECORDED)
def test_the_recording_that_comes_with_it(name: str) -> None:
    path = recording_of(name)
    assert path is not None
    walks, statuses = [], set()
    with Recording(path) as recording:
        for journey in recording.whole_journeys():  # each is whole only now
            assert journey.front
            walks.append({step.station for step in journey.steps})
            statuses.add(journey.status)
    assert not recording.trouble
    assert len(walks) >= 12
    assert {"client", "proxy", "gateway", "framework", "view"} <= walks[0]
    assert {413, 500} <= statuses
    assert {"client", "proxy"} in walks  # the file that Python never saw
    assert not any(root in path.read_text(encoding="utf-8") for root in ("/home/", "/root/", "/Users/", "/work/"))


def test_no_recording_of_what_is_no_scenario() -> None:
    assert recording_of("../file/orari") is None
    assert recording_of("gunicorn-flask") is None
