"""From a scenario, or a server and an app, to the command that is started under our own Python."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from passerella.scenarios import FILES, SCENARIOS, Scenario
from passerella.servers import SERVERS
from passerella.servers.fronts import FRONTS
from passerella.servers.fronts.model import DEFAULT, OVER_UNIX
from passerella.session.available import installed_version
from passerella.session.live import FOLDER, Command, WebServer, own_python

CONFIGURATION = "configurazione"  # the choices of a web server in front
OVER = "verso-app"
_NO_CHOICES: Mapping[str, str] = MappingProxyType({})


def server_command(
    server: str,
    app: str,
    folder: Path,
    choices: Mapping[str, str] = _NO_CHOICES,
    front: str = "",
    files: Path = FILES,
) -> Command:
    """How ``server`` serves «module:attribute» from ``folder``, with a web server in front if one is named."""
    own = {key: value for key, value in choices.items() if key not in (CONFIGURATION, OVER)}
    described = SERVERS[server]
    over_unix = bool(front and described.unix) and choices.get(OVER) == OVER_UNIX
    argv = described.command(
        own_python(),
        app,
        version=installed_version(described.distribution),
        choices=own,
        unix=f"{FOLDER}/app.sock" if over_unix else "",
    )
    before = WebServer(front, choices.get(CONFIGURATION, DEFAULT), files) if front else None
    return Command(argv, folder, front=before)


def scenario_command(name: str, choices: Mapping[str, str] = _NO_CHOICES) -> Command:
    """A ready scenario, as it is or with some choices of its server or web server."""
    scenario = SCENARIOS[name]
    if SERVERS[scenario.server].inside:
        return inside_command(scenario, choices)
    usual = {CONFIGURATION: scenario.configuration, OVER: scenario.over} if scenario.front else {}
    return server_command(scenario.server, scenario.app, scenario.folder, {**usual, **choices}, scenario.front)


def inside_command(scenario: Scenario, choices: Mapping[str, str] = _NO_CHOICES, marks: Sequence[str] = ()) -> Command:
    """There is no server's own command line: a web server runs the app of ``scenario`` inside itself."""
    from passerella.session.hosting import Hosted  # most scenarios are programs

    front = FRONTS[SERVERS[scenario.server].inside]
    hosted = Hosted(scenario.app, scenario.folder, scenario.needs)
    configuration = choices.get(CONFIGURATION, scenario.configuration)
    words = [front.programs[0], "-f", front.file, "-DFOREGROUND"]
    return Command(words, scenario.folder, marks, WebServer(front.name, configuration, FILES, hosted))
