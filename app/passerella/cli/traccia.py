"""``passerella traccia``: run something under the probe and see its requests."""

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from passerella.cli.holding import hold_rules
from passerella.cli.limits import read_limits
from passerella.cli.microscope import AT_CALL, look_at
from passerella.cli.request_options import headers_and_body
from passerella.cli.saving import Files, saving_options
from passerella.cli.stepping_option import check_stepping, step_target, stepping_option
from passerella.cli.talking import Messages
from passerella.cli.target import Target, check_it_runs, of_app, of_scenario, of_words
from passerella.client.draft import prepare
from passerella.client.exchange import MOST_TOGETHER, Prepared
from passerella.client.manner import After, Manner, evenly
from passerella.client.prepared import in_line, together
from passerella.client.request import compose
from passerella.errors import CommandError
from passerella.language import _, decimal_mark
from passerella.scenarios import SCENARIOS
from passerella.servers import SERVERS
from passerella.servers.fronts.model import CONFIGURATIONS, OVER_TCP, OVER_UNIX
from passerella.session.offered import draft_of
from passerella.session.starting import CONFIGURATION, OVER

_PROGRAMS = [name for name, server in SERVERS.items() if not server.inside]
_DETAIL = 2
_PAUSE = 0.1  # seconds
_MOST_SECONDS = 3600
_MOST_BYTES = 2**30
_LEAVING: dict[str | None, After] = {None: "read", "reset": "reset", "mezza": "half-close", "subito": "leave"}


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
    number = text.replace(",", ".")
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", number) and float(number) <= _MOST_SECONDS:
        return float(number)
    wanted = _("scrivi i secondi, da 0 a {most}, per esempio 0,5; è arrivato {got!r}.")
    raise click.BadParameter(wanted.format(most=_MOST_SECONDS, got=text), context, option)


class _WithCommand(click.Command):
    """Keeps apart what follows «--»: it is the student's command line, not ours."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "--" in args:
            position = args.index("--")
            ctx.meta["words"] = args[position + 1 :]
            args = args[:position]
        return super().parse_args(ctx, args)


@click.command(
    cls=_WithCommand,
    name="traccia",
    options_metavar=_("[OPZIONI]"),
    short_help=_("Avvia un server sotto la sonda e segue le sue richieste."),
    help=_(
        "Avvia un server sotto la sonda e segue ogni richiesta, passo per passo.\n\n"
        "COSA è uno scenario (vedi «passerella scenari»), la tua applicazione scritta «modulo:app», "
        "oppure, dopo «--», un comando qualsiasi:\n\n"
        "\b\n"
        '  passerella traccia gunicorn-flask --richiesta "GET /ciao?nome=Ada"\n'
        "  passerella traccia mio_modulo:app\n"
        "  passerella traccia -- gunicorn progetto.wsgi -w 2\n\n"
        "In un terminale si apre il laboratorio; con --testo, con --json o senza terminale il viaggio viene stampato. "
        "Senza --richiesta si aspettano richieste da fuori, fino a Ctrl+C.\n\n"
        "Codice di uscita: 0 ogni richiesta ha avuto la risposta che aspettava, 2 comando sbagliato, "
        "3 il server non è partito, 4 qualche richiesta è rimasta senza risposta, 130 Ctrl+C."
    ),
)
@click.argument("cosa", required=False, metavar=_("[COSA]"))
@click.option(
    "-r",
    "--richiesta",
    "lines",
    multiple=True,
    metavar=_("RIGA"),
    help=_(
        'Una richiesta da inviare, per esempio "GET /ciao?nome=Ada", o il nome di una di quelle pronte di uno scenario '
        "(vedi «passerella scenari SCENARIO»). Si può ripetere."
    ),
)
@click.option(
    "--stessa-connessione",
    "same_connection",
    is_flag=True,
    help=_("Invia le richieste sulla stessa connessione (keep-alive)."),
)
@headers_and_body
@click.option(
    "--byte",
    "raw_files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar=_("FILE"),
    help=_("Una richiesta inviata così com'è, byte per byte. Si può ripetere."),
)
@click.option(
    "--pezzi",
    "piece",
    callback=_count(1, _MOST_BYTES),
    metavar="N",
    help=_("Invia ogni richiesta un pezzo alla volta: N byte, una pausa, altri N byte."),
)
@click.option(
    "--pausa",
    "pause",
    callback=_seconds,
    metavar=_("SECONDI"),
    help=_("La pausa tra un pezzo e l'altro, per esempio 0,5. Se manca è {pause}.").format(
        pause=str(_PAUSE).replace(".", decimal_mark())
    ),
)
@click.option(
    "--insieme",
    "copies",
    callback=_count(1, MOST_TOGETHER),
    metavar="N",
    help=_("Invia ogni richiesta N volte nello stesso momento, da N connessioni. Al massimo {most}.").format(
        most=MOST_TOGETHER
    ),
)
@click.option(
    "--in-fila",
    "pipelined",
    is_flag=True,
    help=_("Invia tutte le richieste di seguito su una connessione, senza aspettare le risposte (pipelining)."),
)
@click.option(
    "--chiudi",
    "leaving",
    type=click.Choice(["reset", "mezza", "subito"]),
    metavar="reset|mezza|subito",
    help=_(
        "Come se ne va il client appena ha inviato la richiesta. «mezza»: chiude solo il suo lato, poi legge la "
        "risposta. «subito»: chiude senza leggerla. «reset»: interrompe la connessione. Con «subito» e «reset» nessuna "
        "risposta è attesa: per il codice di uscita è come se ci fosse stata."
    ),
)
@click.option(
    "--messaggio",
    "messages",
    multiple=True,
    metavar=_("TESTO"),
    help=_(
        "Apre un WebSocket e spedisce questo messaggio; poi saluta e chiude. Si può ripetere: ogni messaggio parte "
        "quando è arrivata la risposta al precedente, o dopo due secondi. L'indirizzo è quello di --richiesta; se manca, "
        "quello dello scenario."
    ),
)
@click.option(
    "--server",
    type=click.Choice(_PROGRAMS),
    metavar=_("NOME"),
    help=_("Il server da usare per «modulo:app»: {names}.").format(names=", ".join(_PROGRAMS)),
)
@click.option(
    "--configurazione",
    "configuration",
    type=click.Choice(list(CONFIGURATIONS)),
    metavar="|".join(CONFIGURATIONS),
    help=_("Negli scenari con Nginx o Apache davanti: la configurazione che si consiglia, o quella che hanno di suo."),
)
@click.option(
    "--verso-app",
    "over",
    type=click.Choice([OVER_TCP, OVER_UNIX]),
    metavar=f"{OVER_TCP}|{OVER_UNIX}",
    help=_(
        "Negli scenari con Nginx o Apache davanti: come raggiunge il server dell'app, con una porta o un socket Unix."
    ),
)
@click.option("--python", metavar=_("PERCORSO"), help=_("Il Python da usare per «modulo:app»."))
@click.option(
    "--segna",
    "marks",
    multiple=True,
    metavar=_("MODULO:FUNZIONE"),
    help=_("Mostra come passo anche questa tua funzione. Si può ripetere."),
)
@click.option(
    "--ferma",
    "held",
    multiple=True,
    metavar=_("STAZIONE[:SECONDI]"),
    help=_(
        "Ferma ogni viaggio a una stazione (socket, server, ponte, middleware, framework, vista), per tanti secondi; "
        "senza secondi, finché non esci. Si può ripetere."
    ),
)
@click.option(
    "--ferma-bloccando",
    "blocked",
    multiple=True,
    metavar=_("STAZIONE[:SECONDI]"),
    help=_(
        "Come --ferma, ma con un server asincrono blocca tutto il loop: finché dura, nessun'altra richiesta viene "
        "letta né servita, come con «time.sleep» in una «async def». Con gli altri server è uguale a --ferma."
    ),
)
@click.option(
    "--microscopio",
    "look",
    is_flag=False,
    flag_value=AT_CALL,
    metavar=_("[STAZIONE]"),
    help=_(
        "Di ogni richiesta mostra tutte le chiamate del framework e del tuo codice, con le durate, e riga per riga le "
        "tue funzioni con le loro variabili: dalla chiamata dell'app, o da una stazione (vista, framework…). Rallenta "
        "la richiesta che guarda."
    ),
)
@click.option(
    "--corsie",
    "as_lanes",
    is_flag=True,
    help=_(
        "Alla fine disegna i viaggi nel tempo, una corsia per thread: chi era in esecuzione, chi in attesa, chi in coda. "
        "Con --testo lo racconta a frasi."
    ),
)
@saving_options
@click.option(
    "--al-secondo",
    "limits",
    callback=read_limits,
    metavar=_("PIENI[:TUTTI]"),
    help=_(
        "Quanti viaggi al secondo registrare passo per passo (200), e quanti almeno coi loro byte (1000): gli altri si "
        "contano. Quelli fermati e quelli inviati da qui sono sempre interi."
    ),
)
@click.option("--testo", "as_text", is_flag=True, help=_("Stampa frasi in ordine di lettura, senza riquadri."))
@stepping_option
@click.option("--json", "as_json", is_flag=True, help=_("Stampa un oggetto JSON per riga."))
@click.option(
    "--dettaglio",
    "detail",
    type=click.IntRange(1, 3),
    default=_DETAIL,
    metavar="1|2|3",
    help=_("Quanto dettaglio con --testo: 1 stazioni, 2 passi, 3 tutti i passi."),
)
@click.pass_context
def command(context: click.Context, /, **options: Any) -> int:
    """Trace a scenario, an app or a command line."""
    words: list[str] | None = context.meta.get("words")
    requests: Requests | Messages = _messages(options) if options["messages"] else Requests(options)
    if options["as_json"] and options["as_text"]:
        raise CommandError(_("--json e --testo non vanno insieme: scegline uno."))
    if options["as_json"] and options["as_lanes"]:
        raise CommandError(_("--json e --corsie non vanno insieme: scegline uno."))
    check_stepping(options)
    holds = hold_rules(options["held"], options["blocked"])
    look = look_at(options["look"])
    files = Files(options)
    target = _target(options, words)
    asked = requests if requests else None
    if options["by_words"]:
        return step_target(target, asked, options["same_connection"], options["detail"], files)
    if options["as_lanes"]:
        from passerella.cli.corsie import follow_lanes

        return follow_lanes(target.command, asked, options["same_connection"], options["as_text"], holds, look)
    if not options["as_json"] and not options["as_text"] and sys.stdout.isatty() and sys.stdin.isatty():
        from passerella.cli.laboratorio import open_lab

        at_end = files.write if files else None
        return open_lab(target, requests if requests else None, options["same_connection"], holds, look, at_end)
    from passerella.cli.following import follow
    from passerella.cli.reporting import JsonReporter, TextReporter

    reporter = JsonReporter() if options["as_json"] else TextReporter(options["detail"])
    if files:
        from passerella.cli.keeping import follow_and_keep

        return follow_and_keep(target, asked, options["same_connection"], reporter, holds, look, files)
    return follow(target.command, requests if requests else None, options["same_connection"], reporter, holds, look)


def _messages(options: dict[str, Any]) -> Messages:
    """What is to be said on a WebSocket, instead of requests."""
    lines: Sequence[str] = options["lines"]
    if len(lines) > 1:
        raise CommandError(_("Con --messaggio va bene una sola --richiesta: l'indirizzo del WebSocket."))
    scenario = SCENARIOS.get(options["cosa"] or "")
    line = lines[0] if lines else (scenario.websocket if scenario is not None else "") or "/"
    clients = scenario.clients if scenario is not None else 1
    return Messages(line, options["messages"], [_header(text) for text in options["headers"]], clients)


def _target(options: dict[str, Any], words: Sequence[str] | None) -> Target:
    target = _what_to_trace(options, words)
    target.command.limits = options["limits"]
    return target


def _what_to_trace(options: dict[str, Any], words: Sequence[str] | None) -> Target:
    what, marks = options["cosa"], options["marks"]
    for mark in marks:
        if ":" not in mark:
            raise CommandError(_("«--segna {mark}» non va: scrivi «modulo:funzione».").format(mark=mark))
    if words is not None and what is not None:
        raise CommandError(_("O «{what}» o un comando dopo «--», non tutti e due.").format(what=what))
    if words:
        return of_words(words, marks)
    if what in SCENARIOS:
        check_it_runs(SCENARIOS[what])
        return of_scenario(what, marks, options["server"], _front_choices(options))
    if what is not None and ":" in what:
        return of_app(what, marks, options["server"], options["python"])
    if what is None:
        raise CommandError(
            _("Manca che cosa tracciare: uno scenario ({names}), «modulo:app», o un comando dopo «--».").format(
                names=", ".join(SCENARIOS)
            )
        )
    raise CommandError(
        _("«{what}» non è uno scenario ({names}) e non è scritto «modulo:app».").format(
            what=what, names=", ".join(SCENARIOS)
        )
    )


def _front_choices(options: dict[str, Any]) -> dict[str, str]:
    """What was chosen about the web server in front."""
    asked = {CONFIGURATION: options["configuration"], OVER: options["over"]}
    return {name: value for name, value in asked.items() if value is not None}


class Requests:
    """The requests asked for on the command line, checked at once, composed when the address is known."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._lines: Sequence[str] = options["lines"]
        scenario = SCENARIOS.get(options.get("cosa") or "")
        self._ready = {ready.id: ready for ready in scenario.ready} if scenario is not None else {}
        self._headers = [_header(text) for text in options["headers"]]
        if options["body"] is not None and options["body_file"] is not None:
            raise CommandError(_("--corpo e --corpo-file non vanno insieme: scegline uno."))
        text, file = options["body"], options["body_file"]
        self._body: bytes | None = text.encode("utf-8", "surrogateescape") if text is not None else None
        if file is not None:
            self._body = file.read_bytes()
        self._raw = [path.read_bytes() for path in options["raw_files"]]
        self._manner = _manner(options)
        self._pipelined: bool = options["pipelined"]
        self._copies: int | None = options["copies"]
        self("127.0.0.1")

    def __bool__(self) -> bool:
        return bool(self._lines or self._raw)

    def __call__(self, host: str) -> list[Prepared]:
        prepared = [each for line in self._lines for each in self._of_line(line, host)]
        prepared += [Prepared.of(data).sent(self._manner) for data in self._raw]
        if self._pipelined and prepared:
            prepared = [in_line(prepared).sent(self._manner)]
        return [each for request in prepared for each in together([request] * (self._copies or 1))]

    def _of_line(self, line: str, host: str) -> list[Prepared]:
        """What the scenario has ready under that name goes as it is: with its own body, in its own manner."""
        if line in self._ready:
            return prepare(draft_of(self._ready[line]), host)[0]
        data = compose(self._line(line), host=host, headers=self._headers, body=self._body)
        return [Prepared.of(data).sent(self._manner)]

    def _line(self, line: str) -> str:
        """A bare target with a body is a POST, as with curl."""
        return f"POST {line}" if self._body is not None and line.startswith("/") else line


def _manner(options: dict[str, Any]) -> Manner:
    """How each request is sent."""
    if options["pause"] is not None and options["piece"] is None:
        raise CommandError(_("--pausa è la pausa tra un pezzo e l'altro: aggiungi --pezzi."))
    if options["copies"] is not None and options["same_connection"]:
        raise CommandError(_("--insieme e --stessa-connessione non vanno insieme: scegline uno."))
    pause = _PAUSE if options["pause"] is None else options["pause"]
    pieces = evenly(options["piece"], pause) if options["piece"] is not None else ()
    return Manner(pieces, _LEAVING[options["leaving"]])


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise CommandError(_('«{text}» non è un\'intestazione: scrivi "Nome: valore".').format(text=text))
    return name.strip(), value.strip()
