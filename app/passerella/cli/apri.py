"""``passerella apri``: open a recording, in the lab or without a screen."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from passerella.cli.output import say, write
from passerella.cli.printing_options import check_printing, printing_options
from passerella.cli.saving import Files, origin_of, saving_options
from passerella.cli.stepping_option import step_journeys
from passerella.errors import CommandError
from passerella.journeys.model import Journey
from passerella.language import _
from passerella.recordings.reading import Recording
from passerella.session.typed_path import typed_path


@click.command(
    name="apri",
    options_metavar=_("[OPZIONI]"),
    short_help=_("Riapre una registrazione."),
    help=_(
        "Riapre una registrazione salvata con --salva: nel laboratorio o, con --testo, con --json o senza terminale, "
        "stampata. Non serve niente di ciò che fu tracciato: né il server, né le librerie, né i file.\n\n"
        "\b\n"
        "  passerella apri lezione.passerella\n"
        "  passerella apri lezione.passerella --viaggio 3 --esporta html viaggio.html\n"
        "  passerella apri nginx-gunicorn-flask   (la registrazione che accompagna uno scenario)\n"
        "  passerella apri --recupera\n\n"
        "Codice di uscita: 0 aperta, 1 il file non è una registrazione che si può leggere, 2 comando sbagliato."
    ),
)
@click.argument("file", required=False, metavar="[FILE]", type=click.Path(path_type=Path))
@click.option(
    "--recupera",
    "recovered",
    is_flag=True,
    help=_("Riapre l'ultima sessione che si è interrotta senza essere salvata."),
)
@click.option(
    "--viaggio",
    "numbers",
    multiple=True,
    type=click.IntRange(1, 10**9),
    metavar="N",
    help=_("Stampa o esporta solo il viaggio numero N. Si può ripetere."),
)
@saving_options
@printing_options
def command(**options: Any) -> int:
    """Open a recording."""
    check_printing(options)
    files = Files(options)
    path = _path(options["file"], options["recovered"])
    printed = options["as_json"] or options["as_text"] or options["numbers"]
    in_lab = not files and not printed and sys.stdout.isatty() and sys.stdin.isatty()
    with Recording(path, at_once=not in_lab) as recording:
        if in_lab:
            _open_lab(recording)
        else:
            _without_screen(recording, files, options)
    if options["recovered"]:
        from passerella.session.recovery import seen

        seen(path)
    return 0


def _without_screen(recording: Recording, files: Files, options: dict[str, Any]) -> None:
    if recording.trouble:
        say(recording.trouble)
    if files:
        files.write_some(recording, _chosen(recording, options["numbers"]), options["detail"])
    elif options["by_words"]:
        step_journeys(_chosen(recording, options["numbers"]), options["detail"])
    elif options["as_json"]:
        _print_json(recording, options["numbers"])
    else:
        _print_text(recording, options["numbers"], options["detail"])


def _path(file: Path | None, recovered: bool) -> Path:
    if recovered and file is not None:
        raise CommandError(_("O un file o --recupera, non tutti e due."))
    if file is not None:
        return file if typed_path(str(file)).exists() else _bundled(str(file)) or file
    if not recovered:
        raise CommandError(
            _("Manca la registrazione da aprire: passerella apri FILE, oppure passerella apri --recupera.")
        )
    from passerella.session.recovery import recoverable

    found = recoverable()
    if not found:
        raise CommandError(_("Non c'è nessuna sessione da recuperare."))
    return found[0]


def _bundled(name: str) -> Path | None:
    """The recording that comes with a scenario of this name."""
    from passerella.scenarios.catalogue import recording_of

    found = recording_of(name)
    if found is not None:
        say(_("Questa è la registrazione di una corsa vera di «{name}»: niente gira adesso.").format(name=name))
    return found


def _chosen(recording: Recording, numbers: Sequence[int]) -> list[Journey]:
    """The journeys with these numbers, or all."""
    everyone = list(recording.whole_journeys())
    if not numbers:
        return everyone
    known = {journey.number: journey for journey in everyone}
    for number in numbers:
        if number not in known:
            raise CommandError(
                _("Il viaggio {number} non c'è: nella registrazione ce ne sono {n}.").format(
                    number=number, n=len(known)
                )
            )
    return [known[number] for number in numbers]


def _print_text(recording: Recording, numbers: Sequence[int], level: int) -> None:
    from passerella.views.sentences import tell

    about = recording.about
    parts = [part for part in (about.server, about.app, about.url) if part]
    say(_("Registrazione di {what}").format(what=" · ".join(parts)) if parts else _("Registrazione"))
    for journey in _chosen(recording, numbers) if numbers else recording.whole_journeys():
        for line in tell(journey, level):
            write(line)
        write("")


def _print_json(recording: Recording, numbers: Sequence[int]) -> None:
    from passerella.export.jsonlines import journey_lines, session_line

    origin = origin_of(recording)
    write(session_line(origin.process, origin.server.partition(" ")[0], origin.url, origin.started))
    for journey in _chosen(recording, numbers) if numbers else recording.whole_journeys():
        for line in journey_lines(journey, origin.origin):
            write(line)


def _open_lab(recording: Recording) -> None:
    from passerella.cli.recorded_source import RecordedSource
    from passerella.tui.app import run_lab

    run_lab(RecordedSource(recording), at_once=True)
