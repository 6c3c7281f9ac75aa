"""What to trace: a scenario, an app, or any command line, turned into a command to be started."""

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import msgspec

from passerella.cli.inspecting import inspect_app, suitable_server
from passerella.cli.output import say
from passerella.errors import CommandError, StartError
from passerella.language import _
from passerella.scenarios import SCENARIOS, Scenario
from passerella.servers import SERVERS
from passerella.servers.model import CALLED
from passerella.session.app_in_file import not_importable
from passerella.session.available import refusal
from passerella.session.live import Command, own_python
from passerella.session.starting import scenario_added, scenario_command
from passerella.tui.source import Change

_NO_CHOICES: Mapping[str, str] = MappingProxyType({})
_TITLES = {
    "wsgi": "app WSGI",
    "asgi": "app ASGI",
    "fastapi": "FastAPI",
    "django_asgi": "Django",
    "websocket": "app ASGI con WebSocket",
    "a2wsgi": "Flask dentro a2wsgi",
}


class Target(msgspec.Struct):
    """Something to trace: how to start it, and what to call it.

    :ivar app: the application, as one calls it.
    :ivar added: the options that Passerella added to the command line, each with its reason.
    :ivar change: how to ask for this very thing again, with something else in it.
    :ivar at_port: the command line that serves it on a port of one's choice; None: it has its own.
    """

    command: Command
    title: str
    app: str = ""
    scenario: Scenario | None = None
    added: list[tuple[str, str]] = []
    change: Change = Change()
    at_port: Callable[[int], list[str]] | None = None


def of_change(change: Change, marks: Sequence[str] = ()) -> Target:
    """What was asked for on the screen."""
    if change.scenario:
        check_it_runs(SCENARIOS[change.scenario])
        return of_scenario(change.scenario, marks, change.server or None, change.choices)
    folder = Path(change.folder) if change.folder else Path.cwd()
    return of_app(change.app, marks, change.server or None, folder=folder, choices=change.choices)


def check_it_runs(scenario: Scenario) -> None:
    """A web server in front is of the system. :class:`StartError` when it is not there: what to install, what to try."""
    reason = refusal(scenario) if scenario.front else ""
    if reason:
        raise StartError(reason)


def of_scenario(
    name: str, marks: Sequence[str] = (), server: str | None = None, choices: Mapping[str, str] = _NO_CHOICES
) -> Target:
    """A ready scenario, under our own Python."""
    scenario = SCENARIOS[name]
    chosen = server or scenario.server
    return Target(
        scenario_command(name, choices, server=chosen, marks=marks),
        scenario.title,
        _app_title(scenario),
        scenario,
        scenario_added(name, choices, server=chosen),
        Change(scenario=name, server=chosen, choices=dict(choices)),
    )


def _app_title(scenario: Scenario) -> str:
    """«Flask» for app_flask:app."""
    name = scenario.app.partition(":")[0].removeprefix("app_")
    return _(_TITLES.get(name, name.capitalize()))


def of_words(words: Sequence[str], marks: Sequence[str] = ()) -> Target:
    """A command line of the student's own, run as it is from the current folder."""
    program = shutil.which(words[0])
    if program is None:
        raise CommandError(
            _("Non trovo il programma «{name}». Controlla come è scritto, o indicane il percorso intero.").format(
                name=words[0]
            )
        )
    return Target(Command([program, *words[1:]], Path.cwd(), marks), " ".join(words))


def of_app(
    app: str,
    marks: Sequence[str] = (),
    server: str | None = None,
    python: str | None = None,
    *,
    folder: Path | None = None,
    choices: Mapping[str, str] = _NO_CHOICES,
) -> Target:
    """An app of the student's as seen from ``folder``, under the Python that this suggests.

    :param app: «module:attribute»; the attribute can be a function that makes the app.
    """
    home = folder or Path.cwd()
    chosen_python, why = choose_python(python, home)
    if folder is None:
        say(_("Uso il Python di {why}: {path}").format(why=why, path=chosen_python))
    _check_form(app)
    found = inspect_app(chosen_python, app, home)
    if found.made:
        app = app.removesuffix(CALLED) + CALLED
    name = server or suitable_server(found)
    description = SERVERS[name]
    if found.interface not in description.interfaces:
        raise CommandError(
            _(
                "«{app}» è un'applicazione {found}, ma {server} parla {spoken}. Scegli un altro server con --server."
            ).format(
                app=app,
                found=found.interface.upper(),
                server=description.title,
                spoken=_(" e ").join(sorted(each.upper() for each in description.interfaces)),
            )
        )
    version = found.servers.get(description.distribution or name)

    def at_port(port: int) -> list[str]:
        return list(description.command(chosen_python, app, port=port, version=version, choices=choices))

    return Target(
        Command(at_port(0), home, marks),
        app,
        app,
        added=[*_made(app), *description.added(version=version, choices=choices)],
        change=Change(app=app, folder=str(home), server=name, choices=dict(choices)),
        at_port=at_port,
    )


def _check_form(app: str) -> None:
    module, _colon, attribute = app.partition(":")
    if not module.strip() or not attribute.strip():
        raise CommandError(_("«{app}» non è scritto «modulo:app».").format(app=app))
    if not all(part.isidentifier() for part in module.split(".")):
        raise not_importable(module)


def _made(app: str) -> list[tuple[str, str]]:
    """Why its name has brackets, where a function makes it."""
    if not app.endswith(CALLED):
        return []
    return [(app, _("Questa funzione costruisce l'app: ogni processo del server la chiama una volta, quando parte."))]


def choose_python(asked: str | None, home: Path | None = None) -> tuple[str, str]:
    """``(path, why)``: ``--python``, else the active virtual environment, else ``.venv`` in ``home``, else ours."""
    if asked is not None:
        found = shutil.which(asked)
        if found is None:
            raise CommandError(_("Non trovo il Python «{name}» indicato con --python.").format(name=asked))
        return found, "--python"
    for folder, why in ((os.environ.get("VIRTUAL_ENV", ""), "$VIRTUAL_ENV"), (".venv", "./.venv")):
        for name in ("bin/python", "Scripts/python.exe"):
            path = (home or Path()) / folder / name
            if folder and path.is_file():
                return str(path.absolute()), why
    return own_python(), _("Passerella")
