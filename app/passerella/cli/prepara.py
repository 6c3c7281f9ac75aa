"""``passerella prepara``: a path for a class, tried out the evening before."""

import sys
from pathlib import Path

import click

from passerella.cli.data_option import data_option
from passerella.cli.lessons_folder import course_in
from passerella.cli.output import say, write
from passerella.language import _
from passerella.lessons import paths
from passerella.lessons.rehearsal import RECORDING, Tried, count, rehearse

_NOT_READY = 1


@click.command(
    name="prepara",
    short_help=_("Prova un percorso su questo computer, e lo registra."),
    help=_(
        "Prova un percorso su questo computer: fa girare ogni sua traccia, la registra (se in classe non parte, "
        "si vede la registrazione) e dice «Tutto pronto», o che cosa manca.\n\n"
        "PERCORSO è il suo nome, per esempio «due-ore»."
    ),
    options_metavar=_("[OPZIONI]"),
)
@click.argument("name", metavar=_("PERCORSO"))
@click.option(
    "--cartella",
    "folder",
    type=click.Path(path_type=Path),
    metavar=_("CARTELLA"),
    help=_("Un percorso delle lezioni di una tua cartella."),
)
@data_option
def command(name: str, folder: Path | None) -> None:
    """Rehearse; end with 1 when something would not be seen."""
    course = course_in(folder)
    itinerary = paths.read_path(course, name)
    total = count(course, itinerary)
    found: list[Tried] = []
    for tried in rehearse(course, itinerary):
        found.append(tried)
        write(f"[{min(len(found), total)}/{total}] {_told(tried)}")
        sys.stdout.flush()
    sys.exit(_conclude(found))


def _told(tried: Tried) -> str:
    mark = "✘" if not tried.ready else "–" if tried.missing else "✔"
    where = f"{tried.lesson.number} {tried.lesson.id}/{tried.trace.id}, {tried.place}"
    if tried.problem:
        return f"{mark} {where}: {tried.problem}"
    if not tried.missing:
        return f"{mark} {where}"
    return f"{mark} {where}: {tried.missing}. {_shown_instead(tried)}"


def _shown_instead(tried: Tried) -> str:
    if not tried.instead:
        return _("Al suo posto non si vede niente.")
    if tried.instead == RECORDING:
        return _("Al suo posto si vede una registrazione.")
    return _("Al suo posto si vede {place}.").format(place=tried.instead)


def _conclude(found: list[Tried]) -> int:
    """What is missing, once each; or that all is ready."""
    wrong = [each for each in found if not each.ready]
    for reason in dict.fromkeys(each.missing for each in found if each.missing):
        say(_("Qui {reason}.").format(reason=reason))
    if wrong:
        say(_("Non è tutto pronto: {count} prove non vanno.").format(count=len(wrong)))
        return _NOT_READY
    if any(each.missing for each in found):
        say(_("Pronto, con qualche registrazione o server al posto di ciò che manca."))
    else:
        say(_("Tutto pronto."))
    return 0
