"""``passerella diagnosi``: what is found here, in words that a student understands."""

import os
import shutil
import sys
from collections.abc import Iterator

import click

from passerella.cli.output import write
from passerella.cli.target import choose_python
from passerella.language import _, plural
from passerella.session.diagnosis import Diagnosis, Finding, diagnose

_ROLES = {
    "wsgiref": "il server WSGI della libreria standard",
    "gunicorn": "un server WSGI",
    "waitress": "un server WSGI",
    "uvicorn": "un server ASGI",
    "h11": "legge l'HTTP per Uvicorn",
    "uvicorn-worker": "Uvicorn come worker di Gunicorn",
    "hypercorn": "un server ASGI",
    "daphne": "un server ASGI",
    "twisted": "legge e scrive i byte per Daphne",
    "granian": "un server WSGI e ASGI, scritto in Rust",
    "cheroot": "un server WSGI",
    "a2wsgi": "un'app WSGI dentro un'app ASGI",
    "django": "un framework WSGI e ASGI",
    "asgiref": "i thread di Django quando è chiamato con ASGI",
    "asyncio": "le connessioni di Hypercorn",
    "flask": "un framework WSGI",
    "werkzeug": "i pezzi su cui è costruito Flask",
    "starlette": "un framework ASGI",
    "fastapi": "un framework ASGI costruito su Starlette",
    "ssl": "le connessioni cifrate, che Passerella non traccia",
}


@click.command(
    name="diagnosi",
    short_help=_("Dice che cosa Passerella trova su questo computer."),
    options_metavar=_("[OPZIONI]"),
    help=_("Dice che cosa Passerella trova qui: il Python, le librerie, i punti che la sonda osserva, il terminale."),
)
@click.option(
    "--python",
    metavar=_("PERCORSO"),
    help=_("Il Python da esaminare; se manca, quello che userebbe «traccia modulo:app»."),
)
def command(python: str | None) -> int:
    """Say what is found; exit 1 when the probe cannot work in that interpreter."""
    path, why = choose_python(python)
    diagnosis = diagnose(path)
    for line in (*_about_python(diagnosis, path, why), "", *_about_libraries(diagnosis), "", *_about_terminal()):
        write(line)
    return 0 if diagnosis.hello is not None and not diagnosis.refused else 1


def _about_python(diagnosis: Diagnosis, path: str, why: str) -> Iterator[str]:
    yield _("Python esaminato ({why}): {path}").format(why=why, path=path)
    if diagnosis.hello is None:
        yield _("✘ La sonda non risponde da questo Python: forse è isolato, oppure non si avvia.")
    elif diagnosis.refused:
        yield _("✘ È un Python {version}: la sonda lavora da Python 3.11 in su.").format(version=diagnosis.hello.python)
    else:
        yield _("✔ È un Python {version} e la sonda ci lavora.").format(version=diagnosis.hello.python)


def _about_libraries(diagnosis: Diagnosis) -> Iterator[str]:
    yield _("Librerie che Passerella sa seguire:")
    for finding in diagnosis.findings:
        yield from _about_library(finding)


def _about_library(finding: Finding) -> Iterator[str]:
    role = _checked(finding) + _(_ROLES.get(finding.name, ""))
    if not finding.version:
        yield _("  ○ {name}: non c'è ({role})").format(name=finding.name, role=role)
        return
    resolved = plural(
        "{resolved} punto di osservazione su {total} trovato",
        "{resolved} punti di osservazione su {total} trovati",
        finding.resolved,
    ).format(resolved=finding.resolved, total=finding.total)
    sign = "✔" if finding.resolved == finding.total else "◐"
    yield f"  {sign} {finding.name} {finding.version}: {resolved} ({role})"
    if finding.elsewhere:
        yield _("      altri {count} sono in parti che qui non si caricano: manca una libreria facoltativa").format(
            count=finding.elsewhere
        )
    for target in finding.missing:
        yield _("      manca {target}: quel passo non si vedrà, gli altri sì").format(target=target)


def _checked(finding: Finding) -> str:
    """Which version the landmarks were checked on; nothing for what comes with Python."""
    return _("provata con la {version}; ").format(version=finding.checked) if finding.checked else ""


def _about_terminal() -> Iterator[str]:
    size = shutil.get_terminal_size()
    encoding = sys.stdout.encoding or "?"
    yield _("Terminale: {columns}×{rows}, codifica {encoding}").format(
        columns=size.columns, rows=size.lines, encoding=encoding
    )
    if size.columns < 80 or size.lines < 24:
        yield _("  ✘ È piccolo: il laboratorio vuole almeno 80×24.")
    if encoding.lower().replace("-", "") != "utf8":
        yield _("  ○ Non è UTF-8: i simboli diventano caratteri semplici.")
    if not sys.stdout.isatty():
        yield _("  ○ L'uscita non è un terminale: «traccia» stampa invece di aprire il laboratorio.")
    elif os.environ.get("NO_COLOR"):
        yield _("  ○ NO_COLOR è impostata: niente colori.")
    elif os.environ.get("COLORTERM", "") in ("truecolor", "24bit"):
        yield _("  ✔ Colori: tutti.")
    else:
        yield _("  ○ Colori: pochi; i segni restano leggibili.")
