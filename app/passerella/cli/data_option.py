"""``--dati CARTELLA``: everything that belongs to the user in a folder of theirs, on a stick for example."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from passerella.language import _

_Decorated = TypeVar("_Decorated", bound=Callable[..., Any])


def data_option(command: _Decorated) -> _Decorated:
    """The option, to be put on a command; it acts as PASSERELLA_DATI does."""
    return click.option(
        "--dati",
        type=click.Path(file_okay=False, path_type=Path),
        expose_value=False,
        callback=_keep_there,
        metavar=_("CARTELLA"),
        help=_("Tiene qui progressi e preferenze, per esempio su una chiavetta."),
    )(command)


def _keep_there(_context: click.Context, _parameter: click.Parameter, folder: Path | None) -> None:
    if folder is not None:
        os.environ["PASSERELLA_DATI"] = str(folder.absolute())
