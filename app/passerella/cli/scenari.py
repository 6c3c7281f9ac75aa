"""``passerella scenari``: what is ready to be run."""

import json
from importlib import metadata

import click

from passerella.cli.output import write
from passerella.language import _
from passerella.scenarios import SCENARIOS, Scenario


def _missing(scenario: Scenario) -> list[str]:
    return [name for name in scenario.needs if not _installed(name)]


def _installed(distribution: str) -> bool:
    try:
        metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return False
    return True


def _reason(scenario: Scenario) -> str:
    missing = _missing(scenario)
    return _("manca {names}").format(names=", ".join(missing)) if missing else ""


@click.command(
    name="scenari",
    help=_("Elenca gli scenari pronti: un server, una piccola applicazione, qualche richiesta."),
    options_metavar=_("[OPZIONI]"),
)
@click.option("--json", "as_json", is_flag=True, help=_("Un oggetto JSON per riga."))
def command(as_json: bool) -> None:
    """List the scenarios and whether each can run here."""
    for scenario in SCENARIOS.values():
        reason = _reason(scenario)
        if as_json:
            write(
                json.dumps(
                    {
                        "id": scenario.id,
                        "server": scenario.server,
                        "app": scenario.app,
                        "interface": scenario.interface,
                        "front": None,
                        "available": not reason,
                        "reason": reason or None,
                        "stand_in": None,
                    }
                )
            )
        else:
            write(f"{scenario.id:<20} {scenario.title}" + (f" ({reason})" if reason else ""))
            write(f"{'':<20} {scenario.shows}")
