"""Another copy of a recording: with its secrets covered, or as it is."""

from collections.abc import Iterable
from pathlib import Path

from passerella.recordings.format import Told
from passerella.recordings.reading import Recording
from passerella.recordings.writing import Recorder


def save_copy(source: Path, destination: Path, *, masked: bool, places: Iterable[Told] | None = None) -> None:
    """Write what is in ``source`` to ``destination``, whole or not at all.

    :param places: the journeys that a live session has by now; None: those that the recording tells by itself.
    :raises OSError: it cannot be written there.
    """
    partial = destination.with_name(destination.name + ".parziale")
    try:
        with Recording(source) as recording:
            _copy(recording, partial, masked, places)
        partial.replace(destination)
    finally:
        partial.unlink(missing_ok=True)


def _copy(recording: Recording, path: Path, masked: bool, places: Iterable[Told] | None) -> None:
    beginning, about = recording.beginning, recording.about
    recorder = Recorder(
        path,
        masked=masked or beginning.masked,
        started=beginning.started,
        origin=beginning.origin,
        reads_code=False,
        largest=_NO_LIMIT,
    )
    try:
        recorder.about(about.server, about.app, about.url, about.command)
        for file, lines in recording.files():
            for first, run in _runs(lines):
                recorder.keep_code(file, first, run)
        for batch in recording.grouped():
            recorder.hear(batch)
        for told in recording.everything_told() if places is None else places:
            recorder.copy(told)
    finally:
        recorder.close()
    if recorder.error:
        raise OSError(0, recorder.error)


_NO_LIMIT = 1 << 62


def _runs(lines: dict[int, str]) -> Iterable[tuple[int, list[str]]]:
    """Consecutive lines together: the number of the first, and the lines."""
    run: list[int] = []
    for number in [*sorted(lines), None]:
        if run and number != run[-1] + 1:
            yield run[0], [lines[each] for each in run]
            run = []
        if number is not None:
            run.append(number)
