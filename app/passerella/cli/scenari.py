"""``passerella scenari``: what is ready to be run."""

import json
import sys
from importlib import metadata

import click

from passerella.cli.output import write
from passerella.language import _
from passerella.scenarios import SCENARIOS, Scenario
from passerella.servers import SERVERS
from passerella.servers.fronts import FRONTS


def _missing(scenario: Scenario) -> list[str]:
    return [name for name in scenario.needs if not _installed(name)]


def _installed(distribution: str) -> bool:
    try:
        metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return False
    return True


def unavailable(scenario: Scenario) -> str:
    """Why a scenario cannot run here, and what to do; empty when it can."""
    if scenario.front and sys.platform == "win32":
        return _("{server} non gira su Windows").format(server=FRONTS[scenario.front].title)
    if scenario.front and FRONTS[scenario.front].program() is None:
        front = FRONTS[scenario.front]
        return _("manca {names}, installa con «{command}»").format(names=front.title, command=front.install)
    if SERVERS[scenario.server].posix_only and sys.platform == "win32":
        return _("{server} non gira su Windows").format(server=SERVERS[scenario.server].title)
    missing = _missing(scenario)
    if not missing:
        return ""
    return _("manca {names}, installa con «{command}»").format(
        names=", ".join(missing), command=f"python -m pip install {' '.join(missing)}"
    )


def stand_in(scenario: Scenario) -> Scenario | None:
    """Another scenario with the same app that can run here, for one that cannot."""
    if not unavailable(scenario):
        return None
    same_app = [each for each in SCENARIOS.values() if each.app == scenario.app and not unavailable(each)]
    return next((each for each in same_app if each.server == scenario.server), next(iter(same_app), None))


@click.command(
    name="scenari",
    help=_("Elenca gli scenari pronti: un server, una piccola applicazione, qualche richiesta."),
    options_metavar=_("[OPZIONI]"),
)
@click.option("--json", "as_json", is_flag=True, help=_("Un oggetto JSON per riga."))
def command(as_json: bool) -> None:
    """List the scenarios and whether each can run here."""
    for scenario in SCENARIOS.values():
        reason, instead = unavailable(scenario), stand_in(scenario)
        if as_json:
            write(
                json.dumps(
                    {
                        "id": scenario.id,
                        "server": scenario.server,
                        "app": scenario.app,
                        "interface": scenario.interface,
                        "front": scenario.front or None,
                        "available": not reason,
                        "reason": reason or None,
                        "stand_in": instead.id if instead is not None else None,
                    }
                )
            )
        else:
            write(f"{scenario.id:<20} {scenario.title}")
            write(f"{'':<20} {scenario.shows}")
            if reason:
                write(f"{'':<20} " + _("Qui non può girare: {reason}.").format(reason=reason))
            if instead is not None:
                write(f"{'':<20} " + _("Al suo posto prova {name}.").format(name=instead.id))
