"""``passerella lezioni``: the course, on the screen or line by line."""

import sys
from pathlib import Path

import click

from passerella.cli.data_option import data_option
from passerella.cli.lessons_folder import course_in
from passerella.cli.output import write
from passerella.language import _
from passerella.lessons import progress as progress_file
from passerella.lessons.course import Course


@click.command(
    name="lezioni",
    short_help=_("Apre le lezioni."),
    help=_(
        "Apre le lezioni: prima dici che cosa ti aspetti, poi guardi una richiesta vera.\n\n"
        "LEZIONE è il suo numero o il suo id; senza, si apre l'indice."
    ),
    options_metavar=_("[OPZIONI]"),
)
@click.argument("which", required=False, metavar=_("[LEZIONE]"))
@click.option("--testo", "as_text", is_flag=True, help=_("Riga per riga, con le domande al prompt."))
@click.option(
    "--cartella",
    "folder",
    type=click.Path(path_type=Path),
    metavar=_("CARTELLA"),
    help=_("Le lezioni di una tua cartella. Le loro app sono programmi: la prima volta ti chiedo se ti fidi."),
)
@click.option("--docente", "teacher", is_flag=True, help=_("Mostra anche le note per chi insegna."))
@click.option("--percorso", "path", metavar=_("NOME"), help=_("Un percorso per una classe, per esempio «due-ore»."))
@click.option(
    "--foglio",
    "sheet_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.html",
    help=_("Con --percorso: scrive le sue domande in un foglio da stampare, senza risposte."),
)
@data_option
def command(
    which: str | None, as_text: bool, folder: Path | None, teacher: bool, path: str | None, sheet_file: Path | None
) -> None:
    """Take a lesson, or see which there are."""
    course = course_in(folder)
    if sheet_file is not None:
        from passerella.cli.percorso import write_sheet

        write_sheet(course, path, sheet_file)
        return
    if path is not None:
        from passerella.cli.percorso import follow_path

        follow_path(course, path, teacher=teacher, as_text=as_text)
        return
    lesson = course.lesson(which) if which is not None else None
    if as_text or not _on_a_terminal():
        _in_words(course, which, teacher)
        return
    from passerella.cli.doors import HomeDoors
    from passerella.tui.lesson.app import run_lessons

    run_lessons(course, HomeDoors(), lesson, teacher=teacher)


def _on_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _in_words(course: Course, which: str | None, teacher: bool) -> None:
    if which is None:
        _list(course)
        return
    from passerella.cli.lesson_in_words import take_in_words

    take_in_words(course, course.lesson(which), teacher=teacher)


def _list(course: Course) -> None:
    progress = progress_file.load()
    for lesson in course:
        taken = progress.lessons.get(lesson.id)
        mark = " " if taken is None else "●" if taken.finished else "◐"
        write(f"{mark} {lesson.number:>2}  {lesson.title} — {lesson.heading.question}")
