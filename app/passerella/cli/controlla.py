"""``passerella controlla``: is all the content true?"""

import json
import sys
from pathlib import Path

import click
import msgspec

from passerella.cli.output import say, write
from passerella.errors import CommandError
from passerella.language import _, plural
from passerella.lessons.checking import Finding, check_questions, check_written
from passerella.lessons.checking.run_questions import REPETITIONS
from passerella.lessons.course import Course, is_lesson, own_course
from passerella.views.numbers import decimal

_WRONG = 1


@click.command(
    name="controlla",
    short_help=_("Controlla che le lezioni siano vere."),
    help=_(
        "Controlla che il contenuto sia vero: fa girare ogni traccia su ogni server, calcola ogni risposta più volte, "
        "guarda che ci sia tutto ciò che è nominato e che le pagine stiano in 80×24.\n\n"
        "COSA è «lezioni», una cartella di lezioni, o il numero o l'id di una lezione; di suo tutte le lezioni."
    ),
    options_metavar=_("[OPZIONI]"),
)
@click.argument("what", required=False, metavar=_("[COSA]"), default="lezioni")
@click.option("--json", "as_json", is_flag=True, help=_("Un oggetto JSON per riga."))
@click.option(
    "--volte",
    "repetitions",
    type=click.IntRange(1, 20),
    default=REPETITIONS,
    metavar=_("N"),
    help=_("Quante volte ripetere ogni traccia (di suo {count}).").format(count=REPETITIONS),
)
@click.option("--solo-scritto", "only_written", is_flag=True, help=_("Non far girare niente: solo ciò che è scritto."))
def command(what: str, as_json: bool, repetitions: int, only_written: bool) -> None:
    """Check the lessons, and end with 1 when something is not true."""
    course, names = _chosen(what)
    lessons = [course.lesson(name) for name in names]
    wrong = done = skipped = 0

    def tell(finding: Finding) -> None:
        nonlocal wrong, done, skipped
        done += 1
        wrong += not finding.ok and not finding.skipped
        skipped += finding.skipped
        write(json.dumps(msgspec.to_builtins(finding)) if as_json else _told(finding))
        sys.stdout.flush()

    for finding in check_written(course, lessons):
        tell(finding)
    if not only_written:
        for finding in check_questions(course, lessons, repetitions):
            tell(finding)
    if not as_json:
        say(
            plural(
                "Controllate {done} cose in {count} lezione: {wrong} sbagliate, {skipped} che qui non possono girare.",
                "Controllate {done} cose in {count} lezioni: {wrong} sbagliate, {skipped} che qui non possono girare.",
                len(lessons),
            ).format(done=done, count=len(lessons), wrong=wrong, skipped=skipped)
        )
    sys.exit(_WRONG if wrong else 0)


def _chosen(what: str) -> tuple[Course, list[str]]:
    """The course, and the ids of the lessons to check."""
    folder = Path(what)
    if folder.is_dir():
        course = Course(folder.resolve().parent) if is_lesson(folder) else Course(folder)
        return course, [folder.resolve().name] if is_lesson(folder) else list(course.lessons)
    course = own_course()
    if what == "lezioni":
        return course, list(course.lessons)
    if Path(what).suffix or "/" in what:
        raise CommandError(_("Non trovo la cartella «{what}».").format(what=what))
    return course, [course.lesson(what).id]


def _told(finding: Finding) -> str:
    mark = "–" if finding.skipped else "✔" if finding.ok else "✘"
    where = " ".join(part for part in (f"{finding.lesson}/{finding.id}".strip("/"), finding.server) if part)
    answer = " → ".join(finding.answer) if isinstance(finding.answer, list) else finding.answer
    seconds = f" ({decimal(finding.seconds, 1)} s)" if finding.seconds else ""
    rest = ": ".join(str(part) for part in (answer, finding.message) if part)
    return f"{mark} {where}{seconds}" + (f": {rest}" if rest else "")
