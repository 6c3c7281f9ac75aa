"""``passerella nuova-lezione``: a lesson to begin from."""

import shlex
from pathlib import Path

import click

from passerella.cli.output import say, write
from passerella.language import _
from passerella.lessons.new_lesson import new_lesson


@click.command(
    name="nuova-lezione",
    short_help=_("Comincia una lezione tua."),
    help=_(
        "Comincia una lezione: fa una cartella con una lezione piccola, già giusta, piena di note per chi scrive.\n\n"
        "CARTELLA è quella da fare, per esempio «mie-lezioni/05-caffe»; senza il numero gliene do uno io."
    ),
    options_metavar="",
)
@click.argument("folder", type=click.Path(path_type=Path), metavar=_("CARTELLA"))
def command(folder: Path) -> None:
    """Write the lesson, and say how to go on."""
    made = new_lesson(folder)
    write(str(made))
    name = shlex.quote(str(made))
    say(_("La lezione c'è. Aprila in un editor, poi:"))
    say("  passerella controlla " + name)
    say("  passerella lezioni --cartella " + shlex.quote(str(made.parent)))
