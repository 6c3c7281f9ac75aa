"""Runs of a trace that were recorded, for when and where it cannot run.

Beside the recording of what was traced a small file keeps what only our client and the program knew:
``registrazioni/TRACCIA@SERVER.passerella`` and ``.json``. Those that come with a lesson are in its folder; those of a
rehearsal in the folder of the user's data; those of a stick where ``PASSERELLA_REGISTRAZIONI`` says.
"""

import os
import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from passerella.errors import ContentError
from passerella.journeys.assembler import Assembler
from passerella.language import _
from passerella.language.system_words import refusal
from passerella.lessons.model import Lesson, Trace
from passerella.lessons.outcome import Outcome, Received, outcome_of
from passerella.recordings.reading import Recording
from passerella.recordings.writing import Batch, Recorder
from passerella.settings import data_folder

FOLDER = "registrazioni"
VARIABLE = "PASSERELLA_REGISTRAZIONI"
_SUFFIX = ".passerella"


class _Aside(msgspec.Struct):
    """What a recording does not say; ``of`` tells apart a trace that was changed since."""

    of: str
    received: list[Received]
    heard: dict[str, list[str]]
    printed: list[str]


def own_folder(lesson: Lesson) -> Path:
    """The recordings that come with a lesson."""
    return lesson.folder / FOLDER


def rehearsed_folder(lesson: Lesson) -> Path:
    """Those of a rehearsal on this machine."""
    return data_folder() / FOLDER / _safe(lesson.id)


def folders(lesson: Lesson) -> list[Path]:
    """Where recordings are looked for, the nearest to this machine first."""
    carried = os.environ.get(VARIABLE)
    return [
        rehearsed_folder(lesson),
        *([Path(carried) / _safe(lesson.id)] if carried else []),
        own_folder(lesson),
    ]


class Keeper:
    """Writes a run of a trace while it happens; it takes the place of an older one only once it is whole.

    :raises ContentError: it cannot be written there.
    """

    def __init__(self, lesson: Lesson, trace: Trace, place: str, folder: Path) -> None:
        self._path = folder / file_name(trace, place)
        self._new = self._path.with_suffix(".nuova")
        self._of = _digest(lesson, trace)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._recorder = Recorder(self._new, masked=True, reads_code=False)
        except OSError as error:
            raise ContentError(
                _("Non riesco a scrivere la registrazione in {folder}: {error}.").format(
                    folder=folder, error=refusal(error)
                )
            ) from None

    def hear(self, batch: Batch) -> None:
        self._recorder.hear(batch)

    def finish(self, outcome: Outcome) -> Path:
        """Write how it went; where it is."""
        for journey in (*outcome.lifespans, *outcome.journeys):
            self._recorder.tell(journey)
        self._recorder.close()
        aside = _Aside(self._of, outcome.received, outcome.heard, outcome.printed)
        self._path.with_suffix(".json").write_bytes(msgspec.json.encode(aside))
        return self._new.replace(self._path)

    def give_up(self) -> None:
        """The run failed: nothing of it is kept."""
        self._recorder.close()
        self._new.unlink(missing_ok=True)


def recorded_outcome(lesson: Lesson, trace: Trace, place: str, among: Sequence[Path] | None = None) -> Outcome | None:
    """What was recorded of ``trace`` at ``place``; None when nothing was, it cannot be read, or the trace was changed."""
    for folder in folders(lesson) if among is None else among:
        found = _read(folder / file_name(trace, place), _digest(lesson, trace), place)
        if found is not None:
            return found
    return None


def _read(path: Path, of: str, place: str) -> Outcome | None:
    if not path.is_file():
        return None
    assembler = Assembler()
    try:
        aside = msgspec.json.decode(path.with_suffix(".json").read_bytes(), type=_Aside)
        if aside.of != of:
            return None
        with Recording(path) as recording:
            for pid, event in recording.events():
                assembler.feed(pid, event)
    except (ContentError, OSError, msgspec.DecodeError):
        return None
    assembler.take_changed()
    journeys = [*assembler.lifespans, *assembler.journeys]
    return outcome_of(place, journeys, aside.received, aside.heard, aside.printed)


def file_name(trace: Trace, place: str) -> str:
    """Of the recording of a trace at one of its places."""
    return _safe(f"{trace.id}@{place}") + _SUFFIX


def _safe(name: str) -> str:
    return re.sub(r"[^\w@=-]+", "_", name)


def _digest(lesson: Lesson, trace: Trace) -> str:
    """Of what is asked and of the programs that answer: another trace, or another program, is another recording."""
    digest = sha256(msgspec.json.encode(trace))
    for name in (trace.program, trace.service, f"{trace.app.partition(':')[0].replace('.', '/')}.py"):
        file = lesson.folder / name
        if name and file.is_file():
            digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]
