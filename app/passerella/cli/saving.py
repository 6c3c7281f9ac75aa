"""``--salva``, ``--esporta`` and ``--con-segreti``: what ``traccia`` and ``apri`` write to files.

What writes is imported when something is written: most runs write nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from passerella.cli.option_group import option_group
from passerella.cli.output import say
from passerella.errors import CommandError
from passerella.language import _
from passerella.language.system_words import refusal

if TYPE_CHECKING:
    from passerella.export.writing import Origin
    from passerella.journeys.model import Journey
    from passerella.recordings.reading import Recording

_FORMATS = ("html", "har", "json", "testo")
_PASSAGES = 2
_OURS = b'["passerella",'


saving_options = option_group(
    click.option(
        "--salva",
        "saved",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help=_("Salva la registrazione in un file, da riaprire con «passerella apri FILE»."),
    ),
    click.option(
        "--esporta",
        "exported",
        type=(click.Choice(_FORMATS), click.Path(dir_okay=False, path_type=Path)),
        multiple=True,
        metavar=_("FORMATO FILE"),
        help=_(
            "Scrive i viaggi in un file. «html»: un viaggio solo, in una pagina che si percorre nel browser, anche "
            "senza rete. «har»: il formato dei browser. «json» e «testo»: come --json e --testo. Si può ripetere."
        ),
    ),
    click.option(
        "--con-segreti",
        "with_secrets",
        is_flag=True,
        help=_(
            "Con --salva ed --esporta: scrive anche password, token e cookie. Se manca, al loro posto ci sono "
            "asterischi, tanti quanti i caratteri."
        ),
    ),
)


def check_destination(path: Path) -> None:
    """:raises CommandError: there is something there that is no recording of ours."""
    try:
        if path.exists():
            with path.open("rb") as file:
                if file.read(len(_OURS)) not in (_OURS, b""):
                    raise CommandError(
                        _("«{path}» esiste già e non è una registrazione: scegli un altro nome.").format(path=path)
                    )
        elif not path.absolute().parent.is_dir():
            raise CommandError(_("La cartella «{folder}» non esiste.").format(folder=path.absolute().parent))
    except OSError as error:
        raise CommandError(
            _("Non riesco a leggere «{path}»: {error}.").format(path=path, error=refusal(error))
        ) from error


class Files:
    """What was asked for on the command line."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._saved: Path | None = options["saved"]
        self._exported: Sequence[tuple[str, Path]] = options["exported"]
        self._with_secrets: bool = options["with_secrets"]
        if self._saved is not None:
            check_destination(self._saved)
        if self._with_secrets and not self:
            raise CommandError(_("--con-segreti va insieme a --salva o --esporta."))

    def __bool__(self) -> bool:
        return bool(self._saved or self._exported)

    def write(self, path: Path) -> None:
        """Write the files from a recording, with all its journeys."""
        from passerella.recordings.reading import Recording

        with Recording(path) as recording:
            self.write_some(recording, list(recording.whole_journeys()))

    def write_some(self, recording: "Recording", journeys: Sequence["Journey"], level: int = _PASSAGES) -> None:
        """Write the files from an open recording; only ``journeys`` are exported."""
        from passerella.recordings.copying import save_copy

        if self._saved is not None:
            _or_why(self._saved, partial(save_copy, recording.path, masked=not self._with_secrets))
        for kind, path in self._exported:
            shown = journeys if self._with_secrets else [recording.covered(journey) for journey in journeys]
            _or_why(path, partial(_export, kind, shown, recording, level))


def _or_why(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file, or say why it cannot be."""
    from passerella.session.recovery import not_written

    try:
        write(path)
    except OSError as error:
        raise not_written(path, error) from error
    say(_("Scritto {path}").format(path=path))


def export_file(kind: str, path: Path, journeys: Sequence["Journey"], recording: "Recording") -> None:
    """Write ``journeys`` of ``recording``, whose secrets are covered by now.

    :raises PasserellaError: it cannot be written.
    """
    from passerella.session.recovery import not_written

    try:
        _export(kind, journeys, recording, _PASSAGES, path)
    except OSError as error:
        raise not_written(path, error) from error


def _export(kind: str, journeys: Sequence["Journey"], recording: "Recording", level: int, path: Path) -> None:
    from passerella.export.writing import write_export

    write_export(kind, path, journeys, origin_of(recording, level))


def origin_of(recording: "Recording", level: int = _PASSAGES) -> "Origin":
    """Where the journeys of a recording come from."""
    from passerella.cli.reporting import serving_among
    from passerella.export.writing import Origin

    beginning, about = recording.beginning, recording.about
    return Origin(
        started=beginning.started,
        origin=beginning.origin,
        server=about.server,
        app=about.app,
        url=about.url,
        program=about.program,
        process=serving_among(recording.processes.values(), about.server.partition(" ")[0]),
        code=recording.code,
        level=level,
    )
