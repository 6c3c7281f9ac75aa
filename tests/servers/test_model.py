import subprocess
import sys
from importlib.metadata import version

import pytest

from passerella.errors import CommandError
from passerella.servers import ASGI, SERVERS, WSGI, Server
from passerella.servers.wsgiref import LAUNCHER

PYTHON = "/percorso con spazi/python"


def servers() -> list[Server]:
    return list(SERVERS.values())


def test_the_servers_and_their_interfaces() -> None:
    assert {name: set(server.interfaces) for name, server in SERVERS.items()} == {
        "wsgiref": {WSGI},
        "gunicorn": {WSGI},
        "uvicorn": {ASGI},
        "waitress": {WSGI},
        "werkzeug": {WSGI},
        "gunicorn-gthread": {WSGI},
        "gunicorn-asgi": {ASGI},
        "gunicorn-uvicorn": {ASGI},
        "hypercorn": {ASGI},
        "cheroot": {WSGI},
        "daphne": {ASGI},
        "granian": {ASGI},
        "granian-wsgi": {WSGI},
        "mod_wsgi": {WSGI},
    }
    assert all(server.name == name for name, server in SERVERS.items())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("wsgiref", f"{LAUNCHER} app_mia:app 0"),
        ("gunicorn", "-m gunicorn -b 127.0.0.1:0 -w 1 --timeout 0 --graceful-timeout 1 app_mia:app"),
        ("uvicorn", "-m uvicorn app_mia:app --host 127.0.0.1 --port 0"),
        ("waitress", "-m waitress --host=127.0.0.1 --port=0 app_mia:app"),
        ("werkzeug", "-m flask --app app_mia:app run --host=127.0.0.1 --port=0"),
        ("gunicorn-asgi", "-m gunicorn -b 127.0.0.1:0 -w 1 --timeout 0 --graceful-timeout 1 -k asgi app_mia:app"),
        ("hypercorn", "-m hypercorn -b 127.0.0.1:0 -w 0 --keep-alive 3600 --graceful-timeout 1 app_mia:app"),
        ("cheroot", "-m cheroot --bind 127.0.0.1:0 app_mia:app"),
        ("daphne", "-m daphne -b 127.0.0.1 -p 0 --websocket_connect_timeout 3600 app_mia:app"),
    ],
)
def test_the_command_lines(name: str, expected: str) -> None:
    assert " ".join(SERVERS[name].command(PYTHON, "app_mia:app")) == f"{PYTHON} {expected}"


@pytest.mark.parametrize(
    "server", [server for server in servers() if not server.inside], ids=lambda server: server.name
)
def test_the_interpreter_comes_first_and_the_app_is_one_word(server: Server) -> None:
    command = server.command(PYTHON, "{port} {options}", port=8123)
    assert command[0] == PYTHON
    assert "{port} {options}" in command
    assert "8123" in " ".join(command)


@pytest.mark.parametrize(
    ("found", "has_it"),
    [
        (None, False),
        ("", False),
        ("sconosciuta", False),
        ("23.0.0", False),
        ("25.0.3", False),
        ("25.1", True),
        ("25.1.0rc1", True),
        ("27.0.1", True),
        ("100.0", True),
    ],
)
def test_gunicorn_is_asked_for_no_control_socket_only_if_it_has_one(found: str | None, has_it: bool) -> None:
    gunicorn = SERVERS["gunicorn"]
    assert ("--no-control-socket" in gunicorn.command(PYTHON, "a:b", version=found)) is has_it
    assert ("--no-control-socket" in dict(gunicorn.added(version=found))) is has_it


def test_uvicorn_chooses_loop_and_parser_unless_told() -> None:
    uvicorn = SERVERS["uvicorn"]
    assert not {"--loop", "--http"} & set(uvicorn.command(PYTHON, "a:b"))
    choices = {"loop": "asyncio", "http": "h11"}
    assert uvicorn.command(PYTHON, "a:b", choices=choices)[-4:] == ["--loop", "asyncio", "--http", "h11"]
    assert set(dict(uvicorn.added(choices=choices))) >= {"--loop asyncio", "--http h11"}


@pytest.mark.parametrize(
    ("name", "choices", "says"),
    [
        ("wsgiref", {"loop": "asyncio"}, "nessuna"),
        ("uvicorn", {"parser": "h11"}, "loop, http"),
        ("uvicorn", {"loop": "--reload"}, "asyncio, uvloop"),
    ],
)
def test_a_choice_that_a_server_does_not_have(name: str, choices: dict[str, str], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        SERVERS[name].command(PYTHON, "a:b", choices=choices)


@pytest.mark.parametrize("server", servers(), ids=lambda server: server.name)
def test_whatever_is_added_is_explained(server: Server) -> None:
    """Every word of the command line is the interpreter, the module, the app, the port, or has a reason."""
    added = server.added(port=8123, version="99")
    command = " ".join(server.command(PYTHON, "a:b", port=8123, version="99"))
    for option, _why in added:
        assert option in command
        command = command.replace(option, "", 1)
    known = {"-m", server.module, "a:b", "8123", "run", "--app"}
    assert set(command.removeprefix(PYTHON).split()) <= known
    assert all(why.endswith(".") for option, why in added)


@pytest.mark.skipif(sys.platform == "win32", reason="Gunicorn non c'è su Windows")
def test_the_gunicorn_that_is_here_knows_the_words() -> None:
    command = SERVERS["gunicorn"].command(sys.executable, "a:b", version=version("gunicorn"))
    checked = subprocess.run([*command, "--print-config"], capture_output=True, text=True, timeout=30, check=False)
    assert "unrecognized arguments" not in checked.stderr


def test_importing_the_descriptions_imports_no_server() -> None:
    code = (
        "import sys, passerella.servers; "
        "print({'gunicorn', 'uvicorn', 'waitress', 'wsgiref', 'asyncio', 'flask'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert ran.stdout.strip() == "set()"
