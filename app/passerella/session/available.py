"""Whether a scenario can run on this machine, and which other one shows the same app where it cannot."""

import re
import sys
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from passerella.language import _
from passerella.scenarios import SCENARIOS, Scenario
from passerella.scenarios.catalogue import recording_of
from passerella.servers import SERVERS

_INFO = ".dist-info"


def unavailable(scenario: Scenario) -> str:
    """Why a scenario cannot run here, and what to do; empty when it can."""
    missing = [name for name in scenario.needs if installed_version(name) is None]
    return front_unavailable(scenario.front) or server_unavailable(scenario.server) or _missing(missing)


def refusal(scenario: Scenario) -> str:
    """The same in a whole sentence, with what can be seen meanwhile; empty when it can run."""
    reason = unavailable(scenario)
    if not reason:
        return ""
    said = [_("Qui non può girare: {reason}.").format(reason=reason)]
    instead = stand_in(scenario)
    if instead is not None:
        said.append(_("Intanto prova «{name}».").format(name=instead.id))
    if recording_of(scenario.id) is not None:
        said.append(_("Una corsa vera, registrata, si guarda con «passerella apri {name}».").format(name=scenario.id))
    return " ".join(said)


def front_unavailable(name: str) -> str:
    """Why a web server cannot stand in front here, and what to do; empty when it can, or when ``name`` is."""
    if not name:
        return ""
    from passerella.servers.fronts.every import FRONTS  # most scenarios have none

    front = FRONTS[name]
    if sys.platform == "win32":
        return _("{server} non gira su Windows").format(server=front.title)
    if front.program() is None:
        return _("manca {names}, installa con «{command}»").format(names=front.title, command=front.install)
    return front.unfit()


def server_unavailable(name: str) -> str:
    """Why a server cannot run under our own Python, and what to do; empty when it can."""
    server = SERVERS[name]
    if server.posix_only and sys.platform == "win32":
        return _("{server} non gira su Windows").format(server=server.title)
    needed = [each for each in (server.distribution, *server.companions) if each]
    return _missing([each for each in needed if installed_version(each) is None])


def _missing(names: list[str]) -> str:
    if not names:
        return ""
    return _("manca {names}, installa con «{command}»").format(
        names=", ".join(names), command=f"python -m pip install {' '.join(names)}"
    )


def installed_version(distribution: str) -> str | None:
    """The version of a distribution under our own Python; None when it is not there."""
    if not distribution:
        return None
    found = _on_the_path().get(_normal(distribution))
    if found is not None:
        return found
    from importlib import metadata  # it knows every way to be installed, and is slow to import

    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


@lru_cache(1)
def _on_the_path() -> dict[str, str]:
    """Versions by name, as the folders of what is installed are called: «flask-3.1.2.dist-info»."""
    folders: list[str] = []
    for entry in reversed(sys.path):
        with suppress(OSError):  # it need not be there, nor be a folder
            folders += [found.name.removesuffix(_INFO) for found in Path(entry).iterdir() if found.suffix == _INFO]
    return {_normal(name): version for name, _dash, version in (folder.partition("-") for folder in folders)}


def _normal(distribution: str) -> str:
    """All the ways to write a name are one."""
    return re.sub("[-_.]+", "-", distribution).lower()


def stand_in(scenario: Scenario) -> Scenario | None:
    """Another scenario with the same app that can run here, for one that cannot."""
    if not unavailable(scenario):
        return None
    same_app = [each for each in SCENARIOS.values() if each.app == scenario.app and not unavailable(each)]
    return next((each for each in same_app if each.server == scenario.server), next(iter(same_app), None))
