"""``passerella progressi``: what is remembered of somebody's lessons, and where."""

from pathlib import Path

import click

from passerella.cli.data_option import data_option
from passerella.cli.output import say, write
from passerella.errors import CommandError
from passerella.language import _
from passerella.language.system_words import refusal
from passerella.lessons import progress as progress_file
from passerella.lessons.course import own_course
from passerella.lessons.progress import Progress
from passerella.lessons.verdict import Outcome


@click.command(
    name="progressi",
    short_help=_("Mostra a che punto sei con le lezioni."),
    help=_("Mostra a che punto sei con le lezioni; li copia in un file, li prende da un file, li cancella."),
    options_metavar=_("[OPZIONI]"),
)
@click.option(
    "--esporta",
    "exported",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=_("Li copia in un file."),
)
@click.option(
    "--importa",
    "imported",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=_("Aggiunge quelli di un file: di ogni risposta resta la più recente."),
)
@click.option("--cancella", "forgotten", is_flag=True, help=_("Li cancella. Con --annulla tornano."))
@click.option("--annulla", "undone", is_flag=True, help=_("Rimette i progressi di prima dell'ultima cancellazione."))
@data_option
def command(exported: Path | None, imported: Path | None, forgotten: bool, undone: bool) -> None:
    """Show, copy, take in, delete."""
    if sum((exported is not None, imported is not None, forgotten, undone)) > 1:
        raise CommandError(_("Scegli una cosa sola fra --esporta, --importa, --cancella e --annulla."))
    if exported is not None:
        progress_file.save(progress_file.load(), exported)
        say(_("I progressi sono in {file}.").format(file=exported))
    elif imported is not None:
        progress_file.save(progress_file.load().merged(_read(imported)))
        say(_("Ho aggiunto i progressi di {file}.").format(file=imported))
    elif forgotten:
        progress_file.forget()
        say(_("I progressi sono cancellati. Per riaverli: passerella progressi --annulla"))
    elif undone:
        _undo()
    else:
        _show(progress_file.load())


def _read(file: Path) -> Progress:
    try:
        return progress_file.read(file)
    except OSError as error:
        raise CommandError(_("Non riesco a leggere {file}: {error}.").format(file=file, error=refusal(error))) from None


def _undo() -> None:
    if not progress_file.restore():
        raise CommandError(_("Non c'è niente da rimettere: i progressi non sono stati cancellati."))
    say(_("I progressi di prima sono di nuovo al loro posto."))


def _show(progress: Progress) -> None:
    write(_("File: {file}").format(file=progress_file.progress_file()))
    for lesson in own_course():
        taken = progress.lessons.get(lesson.id)
        if taken is None:
            continue
        replies = [reply for name, reply in taken.replies.items() if name in lesson.questions]
        right = sum(reply.outcome == Outcome.RIGHT.value for reply in replies)
        state = _("finita") if taken.finished else _("cominciata")
        write(
            _("{n:>2}  {title}: {state}, {right} giuste su {done}").format(
                n=lesson.number, title=lesson.title, state=state, right=right, done=len(replies)
            )
        )
