"""``passerella scenari``: what is ready to be run."""

import json
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from passerella.cli.output import write
from passerella.cli.target import of_scenario
from passerella.errors import CommandError
from passerella.language import _
from passerella.scenarios import SCENARIOS, Scenario
from passerella.scenarios.catalogue import recording_of
from passerella.servers import SERVERS
from passerella.servers.fronts.every import FRONTS
from passerella.servers.fronts.model import CONFIGURATIONS, Front, Place
from passerella.session.available import stand_in, unavailable
from passerella.session.offered import draft_of


@click.command(
    name="scenari",
    short_help=_("Elenca gli scenari pronti."),
    help=_("Elenca gli scenari pronti: un server, una piccola applicazione, qualche richiesta."),
    options_metavar=_("[OPZIONI]"),
)
@click.argument("which", required=False, metavar=_("[SCENARIO]"))
@click.option("--json", "as_json", is_flag=True, help=_("Un oggetto JSON per riga."))
@click.option(
    "--configurazione",
    "configuration",
    type=click.Choice(list(CONFIGURATIONS)),
    metavar="|".join(CONFIGURATIONS),
    help=_("Di uno scenario con un web server davanti: la configurazione da spiegare."),
)
def command(which: str | None, as_json: bool, configuration: str | None) -> None:
    """List the scenarios and whether each can run here; of one alone, everything that is started."""
    if which is not None and which not in SCENARIOS:
        raise CommandError(
            _("«{what}» non è uno scenario: quelli che ci sono sono {names}.").format(
                what=which, names=", ".join(SCENARIOS)
            )
        )
    chosen = [SCENARIOS[which]] if which is not None else list(SCENARIOS.values())
    for scenario in chosen:
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
                        "ready": [{"id": each.id, "line": each.line} for each in scenario.ready],
                        "available": not reason,
                        "reason": reason or None,
                        "stand_in": instead.id if instead is not None else None,
                        "recording": scenario.id if recording_of(scenario.id) is not None else None,
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
            if reason and recording_of(scenario.id) is not None:
                write(f"{'':<20} " + _("Ce n'è una registrazione: passerella apri {name}.").format(name=scenario.id))
    if which is not None and not as_json:
        for line in _told(SCENARIOS[which], configuration):
            write(line)


def _told(scenario: Scenario, configuration: str | None) -> Iterator[str]:
    """The requests of a scenario, and what is started for it, each option and directive explained."""
    yield ""
    yield _("Richieste pronte:")
    yield from (f"    {line}" for line in scenario.requests)
    for ready in scenario.ready:
        yield f"    {ready.id}"
        yield f"        {draft_of(ready).line}: {ready.shows}"
    if not SERVERS[scenario.server].inside:
        target = of_scenario(scenario.id)
        yield ""
        yield _("Il server si avvia con:")
        yield f"    {shlex.join(target.command.argv)}"
        yield from _explained(target.added)
    if not scenario.front:
        return
    front = FRONTS[scenario.front]
    place = _example(front, configuration or scenario.configuration)
    yield ""
    yield _("{front} si avvia con «{command}», e con questa configurazione ({name}):").format(
        front=front.title, command=shlex.join(front.command(front.programs[0], place)), name=place.configuration
    )
    yield from (f"    {line}" for line in front.configured(place).splitlines())
    yield ""
    yield _("Che cosa dicono queste righe:")
    yield from _explained(front.explained(place))


def _explained(found: Sequence[tuple[str, str]]) -> Iterator[str]:
    for words, why in found:
        yield f"    {words}"
        yield f"        {why}"


def _example(front: Front, configuration: str) -> Place:
    """A place with names that say what will be there."""
    folder = Path(_("CARTELLA"))
    return Place(
        folder=folder,
        port=8080,
        closed=8081,
        upstream="127.0.0.1:8000",
        files=folder / "file",
        log=folder / "registro",
        token="p",
        configuration=configuration,
        modules=front.modules() or "modules",
        script=str(folder / "app.wsgi") if front.runs else "",
    )
