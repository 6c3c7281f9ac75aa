"""Runs of a trace that were recorded elsewhere, for a machine on which it cannot run.

Beside the recording of what was traced a small file keeps what only our client and the program knew:
``registrazioni/TRACCIA@SERVER.passerella`` and ``.json``, in the lesson's folder.
"""

import re
from pathlib import Path

import msgspec

from passerella.errors import ContentError
from passerella.journeys.assembler import Assembler
from passerella.lessons.model import Lesson, Trace
from passerella.lessons.outcome import Outcome, Received, outcome_of
from passerella.recordings.reading import Recording
from passerella.recordings.writing import Batch, Recorder

FOLDER = "registrazioni"
_SUFFIX = ".passerella"


class _Aside(msgspec.Struct):
    """What a recording does not say."""

    received: list[Received]
    heard: dict[str, list[str]]
    printed: list[str]


class Keeper:
    """Writes a run of a trace while it happens."""

    def __init__(self, lesson: Lesson, trace: Trace, place: str) -> None:
        self._path = path_of(lesson, trace, place)
        self._path.parent.mkdir(exist_ok=True)
        self._path.unlink(missing_ok=True)
        self._recorder = Recorder(self._path, masked=True)

    def hear(self, batch: Batch) -> None:
        self._recorder.hear(batch)

    def finish(self, outcome: Outcome) -> None:
        """Write how it went."""
        for journey in (*outcome.lifespans, *outcome.journeys):
            self._recorder.tell(journey)
        self._recorder.close()
        aside = _Aside(outcome.received, outcome.heard, outcome.printed)
        self._path.with_suffix(".json").write_bytes(msgspec.json.encode(aside))


def recorded_outcome(lesson: Lesson, trace: Trace, place: str) -> Outcome | None:
    """What was recorded of ``trace`` at ``place``; None when nothing was, or it cannot be read."""
    path = path_of(lesson, trace, place)
    if not path.is_file():
        return None
    assembler = Assembler()
    try:
        aside = msgspec.json.decode(path.with_suffix(".json").read_bytes(), type=_Aside)
        with Recording(path) as recording:
            for pid, event in recording.events():
                assembler.feed(pid, event)
    except (ContentError, OSError, msgspec.DecodeError):
        return None
    assembler.take_changed()
    return outcome_of(place, [*assembler.lifespans, *assembler.journeys], aside.received, aside.heard, aside.printed)


def path_of(lesson: Lesson, trace: Trace, place: str) -> Path:
    """Where the recording of a trace at one of its places is."""
    return lesson.folder / FOLDER / (re.sub(r"[^\w@=.-]+", "_", f"{trace.id}@{place}") + _SUFFIX)
