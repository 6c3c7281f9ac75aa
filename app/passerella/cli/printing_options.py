"""How what was seen is printed, where there is no screen or none is wanted."""

from collections.abc import Mapping
from typing import Any

import click

from passerella.cli.option_group import option_group
from passerella.cli.stepping_option import check_stepping, stepping_option
from passerella.errors import CommandError
from passerella.language import _

_DETAIL = 2

_as_text = click.option(
    "--testo", "as_text", is_flag=True, help=_("Stampa frasi in ordine di lettura, senza riquadri.")
)
_as_json = click.option("--json", "as_json", is_flag=True, help=_("Stampa un oggetto JSON per riga."))
_detail = click.option(
    "--dettaglio",
    "detail",
    type=click.IntRange(1, 3),
    default=_DETAIL,
    metavar="1|2|3",
    help=_("Quanto dettaglio con --testo: 1 stazioni, 2 passi, 3 tutti i passi."),
)

text_or_json = option_group(_as_text, _as_json)
printing_options = option_group(_as_text, stepping_option, _as_json, _detail)


def check_text_or_json(options: Mapping[str, Any]) -> None:
    """:raises CommandError: both were asked for."""
    if options["as_json"] and options["as_text"]:
        raise CommandError(_("--json e --testo non vanno insieme: scegline uno."))


def check_printing(options: Mapping[str, Any]) -> None:
    """:raises CommandError: what was asked for does not go together."""
    check_text_or_json(options)
    check_stepping(options)
