"""What every command that sends requests can be told about them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from passerella.language import _


def headers_and_body(command: Callable[..., Any]) -> Callable[..., Any]:
    """``-H``, ``-d`` and ``--corpo-file``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
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
