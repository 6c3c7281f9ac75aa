"""From a scenario, or a server and an app, to the command that is started under our own Python."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TypedDict

from passerella.scenarios import FILES, SCENARIOS, Scenario
from passerella.servers import SERVERS, Server
from passerella.servers.fronts.model import DEFAULT, OVER_UNIX
from passerella.session.available import installed_version
from passerella.session.live import FOLDER, Command, WebServer, own_python

CONFIGURATION = "configurazione"  # the choices of a web server in front
OVER = "verso-app"
_NO_CHOICES: Mapping[str, str] = MappingProxyType({})


class _Settings(TypedDict):
    """How a server is asked to serve: for its command line, and for what is said of it."""

    version: str | None
    choices: Mapping[str, str]
    unix: str


def server_command(
    server: str,
    app: str,
    folder: Path,
    choices: Mapping[str, str] = _NO_CHOICES,
    front: str = "",
    files: Path = FILES,
    *,
    marks: Sequence[str] = (),
) -> Command:
    """How ``server`` serves «module:attribute» from ``folder``, with a web server in front if one is named."""
    described = SERVERS[server]
    argv = described.command(own_python(), app, **_settings(described, choices, front))
    before = WebServer(front, choices.get(CONFIGURATION, DEFAULT), files) if front else None
    return Command(argv, folder, marks, before)


def scenario_command(
    name: str, choices: Mapping[str, str] = _NO_CHOICES, *, server: str = "", marks: Sequence[str] = ()
) -> Command:
    """A ready scenario, as it is or with some choices of its server or web server, or on another ``server``."""
    scenario = SCENARIOS[name]
    chosen = server or scenario.server
    if SERVERS[chosen].inside:
        return _inside_command(scenario, choices, marks)
    asked = _with_the_usual(scenario, choices)
    return server_command(chosen, scenario.app, scenario.folder, asked, scenario.front, marks=marks)


def scenario_added(name: str, choices: Mapping[str, str] = _NO_CHOICES, *, server: str = "") -> list[tuple[str, str]]:
    """What Passerella adds to the command line that :func:`scenario_command` gives, each with its reason."""
    scenario = SCENARIOS[name]
    described = SERVERS[server or scenario.server]
    if described.inside:
        return []
    return described.added(**_settings(described, _with_the_usual(scenario, choices), scenario.front))


def _settings(server: Server, choices: Mapping[str, str], front: str) -> _Settings:
    own = {key: value for key, value in choices.items() if key not in (CONFIGURATION, OVER)}
    over_unix = bool(front and server.unix) and choices.get(OVER) == OVER_UNIX
    version = installed_version(server.distribution)
    return _Settings(version=version, choices=own, unix=f"{FOLDER}/app.sock" if over_unix else "")


def _with_the_usual(scenario: Scenario, choices: Mapping[str, str]) -> Mapping[str, str]:
    """What was chosen, and how the scenario has its web server where nothing was."""
    usual = {CONFIGURATION: scenario.configuration, OVER: scenario.over} if scenario.front else {}
    return {**usual, **choices}


def _inside_command(scenario: Scenario, choices: Mapping[str, str], marks: Sequence[str]) -> Command:
    """There is no server's own command line: a web server runs the app of ``scenario`` inside itself."""
    from passerella.servers.fronts.every import FRONTS  # most scenarios are programs
    from passerella.session.hosting import Hosted

    front = FRONTS[SERVERS[scenario.server].inside]
    hosted = Hosted(scenario.app, scenario.folder, scenario.needs)
    configuration = choices.get(CONFIGURATION, scenario.configuration)
    words = [front.programs[0], "-f", front.file, "-DFOREGROUND"]
    return Command(words, scenario.folder, marks, WebServer(front.name, configuration, FILES, hosted))
