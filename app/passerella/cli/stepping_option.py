"""``--passo-passo``: the option, what it does not go with, and its two beginnings."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from passerella.errors import CommandError
from passerella.language import _, later

if TYPE_CHECKING:
    from passerella.cli.following import Requests
    from passerella.cli.saving import Files
    from passerella.cli.target import Target
    from passerella.journeys.model import Journey

stepping_option = click.option(
    "--passo-passo",
    "by_words",
    is_flag=True,
    help=_(
        "Con --testo: percorri i viaggi passo per passo scrivendo parole: avanti, indietro, riprendi, chiavi, byte, "
        "aiuto… Dal vivo ogni viaggio resta davvero fermo finché non dici «avanti»."
    ),
)

# What cannot be asked for together, by the names of the options; each with its reason.
_APART = {
    "held": later("--passo-passo ferma già ogni viaggio: togli --ferma."),
    "blocked": later("--passo-passo ferma già ogni viaggio: togli --ferma-bloccando."),
    "look": later("--passo-passo e --microscopio non vanno insieme: scegline uno."),
    "as_lanes": later("--passo-passo e --corsie non vanno insieme: scegline uno."),
}


def check_stepping(options: Mapping[str, Any]) -> None:
    """:raises CommandError: something else that was asked for does not go with it."""
    if not options["by_words"]:
        return
    if not options["as_text"]:
        raise CommandError(_("--passo-passo va insieme a --testo."))
    for name, reason in _APART.items():
        if options.get(name) not in (None, False, ()):
            raise CommandError(_(reason))


def step_target(
    target: "Target", requests: "Requests | None", same_connection: bool, level: int, files: "Files"
) -> int:
    """Trace, with whoever types."""
    from passerella.cli.following import Reporter
    from passerella.cli.keeping import keep_while
    from passerella.cli.stepping_live import SteppingReporter, step_by_words
    from passerella.session.channel import Hear

    def run(reporter: Reporter, listen: Hear | None = None) -> int:
        return step_by_words(target.command, requests, same_connection, level, reporter, listen)

    reporter = SteppingReporter(level)
    return keep_while(run, target, reporter, files) if files else run(reporter)


def step_journeys(journeys: "Sequence[Journey]", level: int) -> None:
    """Look at journeys that were recorded."""
    from passerella.cli.stepping import SteppingRecorded
    from passerella.cli.stepping_input import Lines

    SteppingRecorded(Lines(), level, journeys).run()
