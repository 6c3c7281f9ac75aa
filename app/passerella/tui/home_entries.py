"""What the home screen offers: only what is there."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from passerella.language import _, plural
from passerella.settings import data_folder
from passerella.tui.chooser import Choice

SUFFIX = ".passerella"
_MOST = 50
_KIB = 1024

TOUR, CONTINUE, LESSONS, LAB, MINE, COMPARE, PATHS, RECORDINGS, RECOVER = (
    "tour", "continue", "lessons", "lab", "mine", "compare", "paths", "recordings", "recover",
)  # fmt: skip


class Found(NamedTuple):
    """What there is to open again: looked for after the first paint.

    :ivar lost: sessions that ended without being saved, the latest first.
    """

    recordings: Sequence[Path] = ()
    lost: Sequence[Path] = ()


def entries(last: str, toured: bool, found: Found) -> list[Choice]:
    """In the order in which they are offered; ``last``: what was traced the last time."""
    offered = [
        Choice(LESSONS, _("Lezioni"), _("ventiquattro: prima rispondi, poi guardi perché")),
        Choice(LAB, _("Laboratorio"), _("un server vero e una piccola app, pronti a partire")),
        Choice(MINE, _("La tua app"), _("scegli un tuo file e guarda le sue richieste")),
        Choice(COMPARE, _("Confronto"), _("la stessa richiesta a due server, fianco a fianco")),
        Choice(PATHS, _("Percorsi"), _("lezioni a tappe, da seguire o da guidare in classe")),
    ]
    if last:
        offered.insert(0, Choice(CONTINUE, _("Continua"), last))
    if found.lost:
        offered.append(Choice(RECOVER, _("Recupera"), _lost(len(found.lost))))
    if found.recordings:
        offered.append(Choice(RECORDINGS, _("Registrazioni"), _recorded(found.recordings)))
    tour = Choice(TOUR, _("Giro di un minuto"), _("una richiesta vera, in cinque soste"))
    offered.insert(len(offered) if toured else 0, tour)
    return offered


def look_around() -> Found:
    """Recordings of this folder and of the data folder, and what was never saved."""
    from passerella.session.recovery import unseen

    return Found(recent(), unseen())


def recent() -> list[Path]:
    """Recordings that are at hand, the newest first."""
    found: dict[Path, float] = {}
    for folder in (Path.cwd(), data_folder()):
        try:
            for path in folder.glob(f"*{SUFFIX}"):
                if path.is_file():
                    found[path.resolve()] = path.stat().st_mtime
        except OSError:
            continue
    return sorted(found, key=lambda path: found[path], reverse=True)[:_MOST]


def file_choices(paths: Sequence[Path]) -> list[Choice]:
    """Files to choose from: when each was written, how large it is."""
    return [Choice(str(path), path.name, " · ".join(_written(path))) for path in paths]


def lost_choices(paths: Sequence[Path]) -> list[Choice]:
    """Sessions that were never given a name: each is told from the others by when it ended."""
    return [Choice(str(path), *_written(path, "%d/%m/%Y %H:%M:%S")) for path in paths]


def _written(path: Path, form: str = "%d/%m/%Y %H:%M") -> tuple[str, str]:
    try:
        about = path.stat()
    except OSError:
        return (path.name, "")
    return (time.strftime(form, time.localtime(about.st_mtime)), f"{max(1, about.st_size // _KIB)} KiB")


def _lost(count: int) -> str:
    return plural(
        "una sessione interrotta senza essere salvata",
        "{n} sessioni interrotte senza essere salvate",
        count,
    ).format(n=count)


def _recorded(paths: Sequence[Path]) -> str:
    return plural(
        "una, in questa cartella o fra i tuoi dati", "{n}, in questa cartella o fra i tuoi dati", len(paths)
    ).format(n=len(paths))
