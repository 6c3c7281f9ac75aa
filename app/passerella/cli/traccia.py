"""``passerella traccia``: run something under the probe and see its requests."""

import sys
from collections.abc import Sequence
from typing import Any

import click

from passerella.cli.holding import hold_rules
from passerella.cli.limits import read_limits
from passerella.cli.microscope import AT_CALL, look_at
from passerella.cli.printing_options import check_printing, printing_options
from passerella.cli.requests import Requests, messages_asked, requests_asked
from passerella.cli.saving import Files, saving_options
from passerella.cli.sending_options import sending_options
from passerella.cli.stepping_option import step_target
from passerella.cli.talking import Messages
from passerella.cli.target import Target, check_it_runs, of_app, of_scenario, of_words
from passerella.errors import CommandError
from passerella.language import _
from passerella.scenarios import SCENARIOS
from passerella.servers import SERVERS
from passerella.servers.fronts.model import CONFIGURATIONS, OVER_TCP, OVER_UNIX
from passerella.session.app_in_file import app_in_file
from passerella.session.starting import CONFIGURATION, OVER

_PROGRAMS = [name for name, server in SERVERS.items() if not server.inside]


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
@sending_options
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
@printing_options
@click.pass_context
def command(context: click.Context, /, **options: Any) -> int:
    """Trace a scenario, an app or a command line."""
    words: list[str] | None = context.meta.get("words")
    requests: Requests | Messages = messages_asked(options) if options["messages"] else requests_asked(options)
    asked = requests if requests else None
    check_printing(options)
    if options["as_json"] and options["as_lanes"]:
        raise CommandError(_("--json e --corsie non vanno insieme: scegline uno."))
    holds = hold_rules(options["held"], options["blocked"])
    look = look_at(options["look"])
    files = Files(options)
    target = _target(options, words)
    if options["by_words"]:
        return step_target(target, asked, options["same_connection"], options["detail"], files)
    if options["as_lanes"]:
        from passerella.cli.corsie import follow_lanes

        return follow_lanes(target.command, asked, options["same_connection"], options["as_text"], holds, look)
    if not options["as_json"] and not options["as_text"] and sys.stdout.isatty() and sys.stdin.isatty():
        from passerella.cli.laboratorio import open_lab

        at_end = files.write if files else None
        open_lab(target, asked, options["same_connection"], holds, look, at_end)
        return 0
    from passerella.cli.following import follow
    from passerella.cli.reporting import JsonReporter, TextReporter

    reporter = JsonReporter() if options["as_json"] else TextReporter(options["detail"])
    if files:
        from passerella.cli.keeping import follow_and_keep

        return follow_and_keep(target, asked, options["same_connection"], reporter, holds, look, files)
    return follow(target.command, asked, options["same_connection"], reporter, holds, look)


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
    if what is not None and (what.endswith(".py") or ".py:" in what):
        found = app_in_file(what)
        return of_app(found.app, marks, options["server"], options["python"], folder=found.folder)
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
