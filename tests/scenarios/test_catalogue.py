import ast
import subprocess
import sys
from importlib.metadata import distribution

import pytest

from passerella.client.request import parse_line
from passerella.scenarios import SCENARIOS, Scenario
from passerella.servers import SERVERS

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
def test_its_needs_are_the_server_and_what_the_app_imports(scenario: Scenario) -> None:
    for name in scenario.needs:
        if not (name == "gunicorn" and sys.platform == "win32"):
            assert distribution(name)
    server = SERVERS[scenario.server].distribution
    assert ([server] if server else []) == scenario.needs[:1]
    source = (scenario.folder / f"{scenario.app.split(':')[0]}.py").read_text(encoding="utf-8")
    imports = {node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)}
    imported = {(module or "").split(".")[0] for module in imports} - sys.stdlib_module_names
    assert "passerella" not in imported
    along_with_flask = {"werkzeug", "markupsafe"}
    assert imported - along_with_flask == set(scenario.needs[1:])


def test_reading_the_catalogue_imports_no_app() -> None:
    code = "import sys, passerella.scenarios; print({'flask', 'fastapi', 'starlette', 'asyncio'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert ran.stdout.strip() == "set()"
