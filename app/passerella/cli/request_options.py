"""What every command that sends requests can be told about them."""

from pathlib import Path

import click

from passerella.cli.option_group import option_group
from passerella.language import _

# ``-H``, ``-d`` and ``--corpo-file``.
headers_and_body = option_group(
    click.option(
        "-H",
        "--intestazione",
        "headers",
        multiple=True,
        metavar=_('"NOME: VALORE"'),
        help=_("Un'intestazione da aggiungere a ogni richiesta. Si può ripetere."),
    ),
    click.option("-d", "--corpo", "body", metavar=_("TESTO"), help=_("Il corpo delle richieste.")),
    click.option(
        "--corpo-file",
        "body_file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar=_("FILE"),
        help=_("Il corpo delle richieste, letto da un file."),
    ),
)
