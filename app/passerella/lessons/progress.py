"""How far somebody is: one small file in the folder of their data.

``progressi.json`` is ``{"versione": 1, "lezioni": {id: {"pagina", "finita", "risposte": {domanda: {"esito", "scelta",
"volte", "quando"}}}}}``. Lessons and questions go by their ids, so that a new edition of the course finds its own. It is
written to a new file that then takes the place of the old one; the one before stays beside it, «.prima».
"""

import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path

import msgspec

from passerella.errors import ContentError
from passerella.language import _
from passerella.language.system_words import refusal
from passerella.lessons.verdict import Outcome, Verdict
from passerella.settings import data_folder

VERSION = 1
_NAME = "progressi.json"
_BEFORE = ".prima"
_BROKEN = ".rotto"


class Reply(msgspec.Struct, rename={"outcome": "esito", "chosen": "scelta", "times": "volte", "at": "quando"}):
    """The latest answer to a question; ``outcome`` is one of :class:`passerella.lessons.verdict.Outcome`."""

    outcome: str
    chosen: list[int] = []
    times: int = 1
    at: float = 0.0


class Taken(msgspec.Struct, rename={"page": "pagina", "finished": "finita", "replies": "risposte"}):
    """How far one lesson is; ``page`` is where to go on from."""

    page: str = ""
    finished: bool = False
    replies: dict[str, Reply] = {}


class Progress(msgspec.Struct, rename={"version": "versione", "lessons": "lezioni"}):
    """All of it; see the module."""

    version: int = VERSION
    lessons: dict[str, Taken] = {}

    def of(self, lesson: str) -> Taken:
        """How far ``lesson`` is; a new one is begun when there was none."""
        return self.lessons.setdefault(lesson, Taken())

    def note(self, lesson: str, question: str, verdict: Verdict) -> None:
        """Remember an answer. What was right once stays so when the question comes back and is skipped."""
        replies = self.of(lesson).replies
        before = replies.get(question)
        if before is not None and verdict.outcome is Outcome.SKIPPED:
            return
        times = 1 if before is None else before.times + 1
        replies[question] = Reply(verdict.outcome.value, list(verdict.chosen), times, round(time.time()))

    def merged(self, other: "Progress") -> "Progress":
        """This and another one: of each answer the latest, of each lesson what was finished anywhere."""
        result = Progress(lessons=dict(self.lessons))
        for name, taken in other.lessons.items():
            mine = result.lessons.get(name, Taken())
            replies = dict(mine.replies)
            for question, reply in taken.replies.items():
                if question not in replies or replies[question].at < reply.at:
                    replies[question] = reply
            result.lessons[name] = Taken(taken.page or mine.page, taken.finished or mine.finished, replies)
        return result


def progress_file() -> Path:
    return data_folder() / _NAME


def load(path: Path | None = None) -> Progress:
    """What is remembered; a file that cannot be read is set aside, and the one before it is used."""
    file = path or progress_file()
    if not file.exists():  # never begun, or deleted: what was before is put back only when asked
        return Progress()
    for each in (file, file.with_suffix(_BEFORE)):
        try:
            return read(each)
        except FileNotFoundError:
            break
        except (ContentError, OSError):
            _set_aside(each)
    return Progress()


def read(path: Path) -> Progress:
    """The progress in a file.

    :raises ContentError: it is none of ours, or of a newer version.
    :raises OSError: it cannot be read.
    """
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Progress)
    except msgspec.DecodeError:
        raise ContentError(_("{file} non è un file di progressi di Passerella.").format(file=path)) from None
    if found.version > VERSION:
        raise ContentError(
            _("{file} viene da una Passerella più nuova (versione {version}): aggiornala.").format(
                file=path, version=found.version
            )
        )
    return found


def save(progress: Progress, path: Path | None = None, *, to_disk: bool = True) -> None:
    """Write it whole or not at all; ``to_disk``: wait until it would survive a loss of power.

    :raises ContentError: it cannot be written.
    """
    file = path or progress_file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=file.name, dir=file.parent)
        with os.fdopen(handle, "wb") as new:
            new.write(msgspec.json.format(msgspec.json.encode(progress), indent=1))
            new.flush()
            if to_disk:
                os.fsync(new.fileno())
        if path is None and file.exists():
            shutil.copyfile(file, file.with_suffix(_BEFORE))  # not moved: there is always a file
        Path(name).replace(file)
    except OSError as error:
        raise ContentError(
            _("Non riesco a scrivere i progressi in {file}: {error}.").format(file=file, error=refusal(error))
        ) from None


def forget(path: Path | None = None) -> None:
    """Delete everything that is remembered; the last edition stays beside, «.prima», until the next one is written."""
    file = path or progress_file()
    if file.exists():
        file.replace(file.with_suffix(_BEFORE))


def restore(path: Path | None = None) -> bool:
    """Put back what was deleted last; False when there is something that it would take the place of, or nothing to put."""
    file = path or progress_file()
    before = file.with_suffix(_BEFORE)
    if file.exists() or not before.exists():
        return False
    before.replace(file)
    return True


def _set_aside(file: Path) -> None:
    with contextlib.suppress(OSError):
        file.replace(file.with_name(file.name + _BROKEN))
