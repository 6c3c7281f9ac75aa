"""Whose lessons: our own, or those of a folder that somebody says that they trust."""

import sys
from pathlib import Path

from passerella.cli.yes import YES
from passerella.errors import CommandError
from passerella.language import _
from passerella.lessons.course import Course, own_course
from passerella.lessons.trust import is_trusted, trust


def course_in(folder: Path | None) -> Course:
    """Our own course, or a teacher's: its apps are code, so the first time somebody must say that they are to be run."""
    if folder is None:
        return own_course()
    course = Course(folder)
    if not is_trusted(folder):
        _ask_trust(folder)
        trust(folder)
    return course


def _ask_trust(folder: Path) -> None:
    question = _(
        "Le lezioni di «{folder}» fanno girare i programmi che contengono, con i tuoi permessi. "
        "Le apri solo se ti fidi di chi le ha scritte. Ti fidi? [s/N] "
    ).format(folder=folder)
    if not sys.stdin.isatty():
        raise CommandError(
            _("Le lezioni di «{folder}» contengono programmi: aprile prima una volta da un terminale.").format(
                folder=folder
            )
        )
    sys.stderr.write(question)
    sys.stderr.flush()
    if sys.stdin.readline().strip().casefold() not in YES:
        raise CommandError(_("Non ho aperto niente."))
