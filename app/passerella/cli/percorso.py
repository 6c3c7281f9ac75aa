"""A path through the lessons, for a class: on the screen, or as a list to be read."""

import sys
from pathlib import Path

from passerella.cli.output import say, write
from passerella.errors import CommandError
from passerella.language import _
from passerella.language.system_words import refusal
from passerella.lessons import paths
from passerella.lessons.course import Course
from passerella.lessons.paths import Itinerary, Leg


def follow_path(course: Course, path: str, *, teacher: bool, as_text: bool) -> None:
    """Open a path; line by line where it is asked, or where there is no screen."""
    itinerary = paths.read_path(course, path)
    if as_text or not (sys.stdin.isatty() and sys.stdout.isatty()):
        _in_words(course, itinerary, teacher)
        return
    from passerella.cli.doors import HomeDoors
    from passerella.tui.lesson.path_app import run_path

    run_path(course, itinerary, HomeDoors(), teacher=teacher)


def write_sheet(course: Course, path: str | None, file: Path) -> None:
    """The questions of a path, to be printed."""
    from passerella.lessons.sheet import sheet

    if path is None:
        raise CommandError(_("Il foglio è di un percorso: aggiungi --percorso NOME, per esempio «due-ore»."))
    text = sheet(course, paths.read_path(course, path))
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(
            _("Non riesco a scrivere {file}: {error}.").format(file=file, error=refusal(error))
        ) from None
    say(_("Il foglio è in {file}: aprilo con un browser e stampalo.").format(file=file))


def _in_words(course: Course, itinerary: Itinerary, teacher: bool) -> None:
    write(_("{title}, {minutes} minuti").format(title=itinerary.title, minutes=itinerary.minutes))
    begins = 0
    for number, leg in enumerate(itinerary.legs, 1):
        write("")
        write(
            _("{n}. {title}: dal minuto {begins}, per {minutes}").format(
                n=number, title=paths.title(course, leg), begins=begins, minutes=leg.minutes
            )
        )
        begins += leg.minutes
        _write_pages(course, leg)
        if teacher:
            _write_notes(leg)


def _write_pages(course: Course, leg: Leg) -> None:
    found = paths.pages(course, leg)
    if not found:
        return
    lesson = found[0][0]
    write(_("   Lezione {n}: passerella lezioni {n} --testo").format(n=lesson.number))
    for _lesson, page in found:
        asked = page.question.question if page.question is not None else ""
        write(f"   · {page.title}" + (f" — {asked}" if asked else ""))


def _write_notes(leg: Leg) -> None:
    for title, told in paths.notes(leg):
        for text in told:
            write(f"   {title}: {text}")
