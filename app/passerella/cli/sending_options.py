"""What ``traccia`` can be told about the requests that it sends."""

import re
from collections.abc import Callable
from pathlib import Path

import click

from passerella.cli.option_group import option_group
from passerella.cli.request_options import headers_and_body
from passerella.client.manner import LONGEST_PAUSE
from passerella.client.prepared import MOST_TOGETHER
from passerella.language import _, decimal_mark, read_decimal

PAUSE = 0.1  # seconds
_MOST_BYTES = 2**30


def _count(least: int, most: int) -> Callable[[click.Context, click.Parameter, str | None], int | None]:
    """Reads a whole number between two."""

    def read(context: click.Context, option: click.Parameter, text: str | None) -> int | None:
        if text is None:
            return None
        if re.fullmatch("[0-9]{1,12}", text) and least <= int(text) <= most:
            return int(text)
        wanted = _("scrivi un numero intero da {least} a {most}; è arrivato {got!r}.")
        raise click.BadParameter(wanted.format(least=least, most=most, got=text), context, option)

    return read


def _seconds(context: click.Context, option: click.Parameter, text: str | None) -> float | None:
    """Reads seconds, with a decimal comma or a point."""
    if text is None:
        return None
    seconds = read_decimal(text)
    if seconds is not None and seconds <= LONGEST_PAUSE:
        return seconds
    wanted = _("scrivi i secondi, da 0 a {most}, per esempio 0,5; è arrivato {got!r}.")
    raise click.BadParameter(wanted.format(most=LONGEST_PAUSE, got=text), context, option)


sending_options = option_group(
    click.option(
        "-r",
        "--richiesta",
        "lines",
        multiple=True,
        metavar=_("RIGA"),
        help=_(
            'Una richiesta da inviare, per esempio "GET /ciao?nome=Ada", o il nome di una di quelle pronte di uno scenario '
            "(vedi «passerella scenari SCENARIO»). Si può ripetere."
        ),
    ),
    click.option(
        "--stessa-connessione",
        "same_connection",
        is_flag=True,
        help=_("Invia le richieste sulla stessa connessione (keep-alive)."),
    ),
    headers_and_body,
    click.option(
        "--byte",
        "raw_files",
        multiple=True,
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar=_("FILE"),
        help=_("Una richiesta inviata così com'è, byte per byte. Si può ripetere."),
    ),
    click.option(
        "--pezzi",
        "piece",
        callback=_count(1, _MOST_BYTES),
        metavar="N",
        help=_("Invia ogni richiesta un pezzo alla volta: N byte, una pausa, altri N byte."),
    ),
    click.option(
        "--pausa",
        "pause",
        callback=_seconds,
        metavar=_("SECONDI"),
        help=_("La pausa tra un pezzo e l'altro, per esempio 0,5. Se manca è {pause}.").format(
            pause=str(PAUSE).replace(".", decimal_mark())
        ),
    ),
    click.option(
        "--insieme",
        "copies",
        callback=_count(1, MOST_TOGETHER),
        metavar="N",
        help=_("Invia ogni richiesta N volte nello stesso momento, da N connessioni. Al massimo {most}.").format(
            most=MOST_TOGETHER
        ),
    ),
    click.option(
        "--in-fila",
        "pipelined",
        is_flag=True,
        help=_("Invia tutte le richieste di seguito su una connessione, senza aspettare le risposte (pipelining)."),
    ),
    click.option(
        "--chiudi",
        "leaving",
        type=click.Choice(["reset", "mezza", "subito"]),
        metavar="reset|mezza|subito",
        help=_(
            "Come se ne va il client appena ha inviato la richiesta. «mezza»: chiude solo il suo lato, poi legge la "
            "risposta. «subito»: chiude senza leggerla. «reset»: interrompe la connessione. Con «subito» e «reset» nessuna "
            "risposta è attesa: per il codice di uscita è come se ci fosse stata."
        ),
    ),
    click.option(
        "--messaggio",
        "messages",
        multiple=True,
        metavar=_("TESTO"),
        help=_(
            "Apre un WebSocket e spedisce questo messaggio; poi saluta e chiude. Si può ripetere: ogni messaggio parte "
            "quando è arrivata la risposta al precedente, o dopo due secondi. L'indirizzo è quello di --richiesta; se manca, "
            "quello dello scenario."
        ),
    ),
)
