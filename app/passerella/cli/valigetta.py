"""``passerella valigetta``: a folder for a stick, that installs with no network."""

import sys
from pathlib import Path

import click

from passerella.cli.data_option import data_option
from passerella.cli.output import say, write
from passerella.language import _
from passerella.settings import data_folder

_HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


@click.command(
    name="valigetta",
    short_help=_("Prepara una chiavetta per installare senza rete."),
    help=_(
        "Prepara una cartella da mettere su una chiavetta: con quella Passerella si installa senza rete.\n\n"
        "Dentro ci sono Passerella, ciò che le serve per i sistemi che chiedi, le registrazioni di «passerella prepara», "
        "e un file da avviare per ogni sistema. Per farla serve la rete."
    ),
    options_metavar=_("[OPZIONI]"),
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar=_("CARTELLA"))
@click.option(
    "--per",
    "targets",
    default="windows,linux",
    metavar=_("SISTEMI"),
    help=_("Per quali sistemi, separati da virgole: windows, linux, linux-arm, mac, mac-intel. Di suo windows,linux."),
)
@click.option(
    "--python",
    "pythons",
    default=_HERE,
    metavar=_("VERSIONI"),
    help=_("Per quali Python, separati da virgole, per esempio 3.11,3.12,3.13. Di suo {here}.").format(here=_HERE),
)
@data_option
def command(folder: Path, targets: str, pythons: str) -> None:
    """Fill the folder, and say what is in it."""
    from passerella.kit.packing import pack  # with what asks for packages
    from passerella.kit.targets import jobs
    from passerella.lessons.recorded import FOLDER

    for packed in pack(jobs(targets, pythons), folder, data_folder() / FOLDER, say):
        write(_("{name}: {count} pacchetti").format(name=packed.job.name, count=packed.packages))
        if packed.left_out:
            write(_("  senza {names}, che lì non c'è").format(names=", ".join(packed.left_out)))
    say(_("La valigetta è in {folder}: copiala su una chiavetta, e leggi LEGGIMI.txt.").format(folder=folder))
