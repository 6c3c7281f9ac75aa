"""``passerella confronta``: one request on several servers, side by side."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import click
import msgspec

from passerella.cli.output import say, write
from passerella.cli.printing_options import check_text_or_json, text_or_json
from passerella.cli.request_options import headers_and_body
from passerella.cli.requests import Requests, body_asked, headers_asked
from passerella.cli.target import Target, of_app, of_scenario
from passerella.client.request import parse_line
from passerella.errors import CommandError, PasserellaError, StartError
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey
from passerella.language import _
from passerella.scenarios import SCENARIOS
from passerella.session.available import stand_in, unavailable
from passerella.session.live import Session

_EVERY = "tutti"
_LEAST = 2
_DONE, _INCOMPLETE = 0, 4


class Column(msgspec.Struct, frozen=True):
    """A journey of the comparison.

    :ivar label: what it is called on the screen: the scenario, or the app.
    :ivar server: «gunicorn 27.0.1».
    """

    label: str
    server: str
    journey: Journey


@click.command(
    name="confronta",
    options_metavar=_("[OPZIONI]"),
    short_help=_("Manda la stessa richiesta a più server e mostra che cosa cambia."),
    help=_(
        "Manda la stessa richiesta a più server, uno dopo l'altro, e mette a confronto i viaggi: prima ciò che è "
        "diverso in environ o scope e nella risposta, poi i passi allineati, infine ciò che è uguale.\n\n"
        "RICHIESTA è scritta come per «traccia». COSA è uno scenario (vedi «passerella scenari») o la tua "
        "applicazione scritta «modulo:app»; «tutti» sono tutti gli scenari che girano su questo computer:\n\n"
        "\b\n"
        '  passerella confronta "GET /città?x=1" gunicorn-flask waitress-flask\n'
        '  passerella confronta "GET /" gunicorn-flask uvicorn-fastapi\n'
        '  passerella confronta "GET /" prima:app dopo:app\n'
        '  passerella confronta "GET /" tutti --testo\n\n'
        "In un terminale si apre il confronto; con --testo, con --json o senza terminale viene stampato.\n\n"
        "Codice di uscita: 0 ogni server ha risposto, 2 comando sbagliato, 3 non ci sono due viaggi da confrontare, "
        "4 qualche server non è partito o non ha risposto, 130 Ctrl+C."
    ),
)
@click.argument("richiesta", metavar=_("RICHIESTA"))
@click.argument("cose", nargs=-1, required=True, metavar=_("COSA..."))
@headers_and_body
@text_or_json
def command(richiesta: str, cose: Sequence[str], **options: Any) -> int:
    """Compare one request on several targets."""
    check_text_or_json(options)
    requests = Requests([richiesta], headers_asked(options), body_asked(options))
    chosen, left_out = _chosen(cose)
    _say_encoded(richiesta)
    columns = _run(chosen, requests)
    if len(columns) < _LEAST:
        raise StartError(_("Per un confronto servono almeno due viaggi: ce ne sono {n}.").format(n=len(columns)))
    if options["as_json"]:
        _print_json(richiesta, columns)
    elif options["as_text"] or not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        _print_text(columns)
    else:
        from passerella.tui.comparison_app import run_comparison

        run_comparison([(column.label, column.journey) for column in columns])
    return _DONE if len(columns) == len(chosen) and not left_out else _INCOMPLETE


def _say_encoded(line: str) -> None:
    """A target with letters that are not ASCII travels in another form: it is said which."""
    target = parse_line(line).target
    if target not in line:
        say(_("Nella richiesta il percorso viaggia così: {target}").format(target=target))


def _chosen(names: Sequence[str]) -> tuple[list[str], bool]:
    """The targets that can run here, and whether one that was named cannot. The others are named with the reason."""
    asked = [name for name in names if name != _EVERY]
    for name in asked:
        if name not in SCENARIOS and ":" not in name:
            raise CommandError(
                _("«{what}» non è uno scenario ({names}), non è «tutti» e non è scritto «modulo:app».").format(
                    what=name, names=", ".join(SCENARIOS)
                )
            )
    every = [name for name in SCENARIOS if name not in asked] if _EVERY in names else []
    chosen = []
    for name in (*asked, *every):
        reason = unavailable(SCENARIOS[name]) if name in SCENARIOS else ""
        if reason:
            say(_("{name} qui non può girare: {reason}.").format(name=name, reason=reason))
            instead = stand_in(SCENARIOS[name])
            if instead is not None and name in asked:
                say(_("Al suo posto prova {name}.").format(name=instead.id))
        else:
            chosen.append(name)
    if len(asked) + len(every) < _LEAST:
        raise CommandError(_("Per un confronto servono almeno due cose: aggiungi uno scenario, oppure scrivi «tutti»."))
    return chosen, any(name not in chosen for name in asked)


def _run(names: Sequence[str], requests: Requests) -> list[Column]:
    """In turn, so that no server takes time from another. One that does not start is named, and the others go on."""
    columns: list[Column] = []
    for number, (name, label) in enumerate(zip(names, _labels(names), strict=True), 1):
        say(_("{n} di {all} · {name}").format(n=number, all=len(names), name=label))
        try:
            found = _journey(_target(name), requests)
        except PasserellaError as error:
            say(_("{name} non è partito: {message}").format(name=label, message=error.message))
            continue
        if found is not None:
            columns.append(msgspec.structs.replace(found, label=label))
    return columns


def _labels(names: Sequence[str]) -> list[str]:
    """«gunicorn-flask», «gunicorn-flask 2»: the same one may be asked for twice."""
    seen: Counter[str] = Counter()
    labels = []
    for name in names:
        seen[name] += 1
        labels.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return labels


def _target(name: str) -> Target:
    return of_scenario(name) if name in SCENARIOS else of_app(name)


def _journey(target: Target, requests: Requests) -> Column | None:
    """The journey of the request on ``target``; None when there was none."""
    from passerella.cli.following import follow

    collector = _Collector()
    follow(target.command, requests, False, collector)
    return collector.column


class _Collector:
    """Keeps the first journey that is a request."""

    def __init__(self) -> None:
        self.column: Column | None = None
        self._server = ""

    def begins(self, session: Session, assembler: Assembler) -> None:
        from passerella.cli.reporting import serving

        process = serving(assembler, session)
        library = process.libraries.get(session.server) if process is not None else None
        self._server = f"{session.server} {library.version}" if library is not None else session.server

    def tells(self, journey: Journey) -> None:
        if self.column is None and journey.method is not None:
            self.column = Column("", self._server, journey)


def _print_text(columns: Sequence[Column]) -> None:
    from passerella.journeys.comparison import compare
    from passerella.views.comparison import tell

    for line in tell(compare([(column.label, column.journey) for column in columns]), _servers(columns)):
        write(line)


def _print_json(line: str, columns: Sequence[Column]) -> None:
    from passerella.journeys.comparison import compare
    from passerella.views.comparison import objects

    comparison = compare([(column.label, column.journey) for column in columns])
    for each in objects(comparison, line, _servers(columns)):
        write(json.dumps(each, ensure_ascii=True, allow_nan=False, separators=(",", ":")))


def _servers(columns: Sequence[Column]) -> list[str]:
    return [column.server for column in columns]
