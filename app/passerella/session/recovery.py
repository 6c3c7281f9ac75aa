"""What a live session has seen, on disk while it lasts: to be saved when somebody asks, to be found after a crash.

The file holds secrets as they were (design §5): only its owner can read it, and it goes at a clean exit.
"""

import os
import re
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from passerella.errors import PasserellaError
from passerella.events import Event
from passerella.journeys.model import Journey
from passerella.language import _
from passerella.language.system_words import refusal
from passerella.recordings.writing import Recorder
from passerella.settings import data_folder

if TYPE_CHECKING:
    from passerella.recordings.reading import Recording

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

SUFFIX = ".passerella"
_SEEN = ".vista" + SUFFIX
_KEPT = 5  # sessions that can still be recovered; older ones go
_JOURNEY = re.compile(rb'^\["events","[^"]', re.MULTILINE)  # events of some conversation
_LOOKED_AT = 1024 * 1024  # bytes at the beginning of a file, within which there is one if there is any


class Keeper:
    """Keeps one session. Called from any thread; where the file cannot be written the session goes on without it."""

    def __init__(self) -> None:
        self._recorder: Recorder | None = None
        self._lock: int | None = None
        try:
            path = _new_file()
            self._recorder = Recorder(path, masked=False)
            self._lock = _taken(path)
        except OSError:
            return

    def hear(self, batch: Sequence[tuple[int, Event]]) -> None:
        if self._recorder is not None:
            self._recorder.hear(batch)

    def about(self, server: str, app: str, url: str, command: Sequence[str] = ()) -> None:
        if self._recorder is not None:
            self._recorder.about(server, app, url, command)

    def tell(self, journey: Journey) -> None:
        """A journey is over."""
        if self._recorder is not None:
            self._recorder.tell(journey)

    def finish(self) -> Path:
        """Nothing more comes: the file of everything that was seen, there until :meth:`close`.

        :raises PasserellaError: the session could not be kept.
        """
        recorder = self._kept()
        recorder.close()
        return recorder.path

    def save(self, destination: Path, journeys: Iterable[Journey], *, with_secrets: bool = False) -> None:
        """Write what was seen so far to ``destination``; ``journeys`` are those that the session has by now.

        :raises PasserellaError: it cannot be written.
        """
        from passerella.recordings.copying import save_copy  # most sessions are never saved

        recorder = self._kept()
        try:
            save_copy(recorder.path, destination, masked=not with_secrets, places=recorder.places(journeys))
        except OSError as error:
            raise not_written(destination, error) from error

    def covered(self, journeys: Iterable[Journey]) -> list[Journey]:
        """The same journeys with their secrets covered, to be exported."""
        from passerella.recordings.reading import Recording

        recorder = self._kept()
        with Recording(recorder.path) as recording:
            found = [recording.covered_at(told) for told in recorder.places(journeys)]
        return [journey for journey in found if journey is not None]

    def recording(self) -> "Recording":
        """Everything that was seen so far, open to be read; to be closed.

        :raises PasserellaError: the session could not be kept.
        """
        from passerella.recordings.reading import Recording

        return Recording(self._kept().path)

    def close(self, *, leave: bool = False) -> None:
        """A clean exit: nothing stays on disk. ``leave``: the program fails, and what it saw is to be recovered."""
        if self._recorder is not None:
            self._recorder.close()
            if self._lock is not None:
                os.close(self._lock)
            if not leave:
                self._recorder.path.unlink(missing_ok=True)
            self._recorder = None

    def _kept(self) -> Recorder:
        if self._recorder is None:
            raise PasserellaError(
                _("Questa sessione non è stata registrata: non posso scrivere nella cartella dei dati.")
            )
        return self._recorder


def not_written(path: Path, error: OSError) -> PasserellaError:
    """Why a file could not be saved."""
    return PasserellaError(_("Non riesco a scrivere «{path}»: {error}.").format(path=path, error=refusal(error)))


def recoverable() -> list[Path]:
    """The sessions that ended without being closed, the latest first."""
    return [path for path in _files() if _abandoned(path) and _holds_journeys(path)]


def unseen() -> list[Path]:
    """Those of them that nobody has opened since."""
    return [path for path in recoverable() if not path.name.endswith(_SEEN)]


def seen(path: Path) -> Path:
    """Remember that this session was recovered: it stays, but is no longer offered. Its new name."""
    if path.name.endswith(_SEEN):
        return path
    return path.rename(path.with_name(path.name.removesuffix(SUFFIX) + _SEEN))


def _folder() -> Path:
    return data_folder() / "recupero"


def _files() -> list[Path]:
    try:
        return sorted(_folder().glob(f"*{SUFFIX}"), reverse=True)
    except OSError:
        return []


def _new_file() -> Path:
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = recoverable()[:_KEPT]
    for path in _files():
        if path not in kept and _abandoned(path):
            path.unlink(missing_ok=True)
    moment = time.strftime("%Y%m%d-%H%M%S")
    return folder / f"{moment}-{os.getpid()}-{time.monotonic_ns() % 1_000_000:06}{SUFFIX}"


def _taken(path: Path) -> int | None:
    """Hold a lock on the file for as long as this process lives: the system lets go of it, however the process ends."""
    if fcntl is None:
        return None
    number = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return number


def _holds_journeys(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _JOURNEY.search(file.read(_LOOKED_AT)) is not None
    except OSError:
        return False


def _abandoned(path: Path) -> bool:
    """Whether nobody writes this file any more."""
    try:
        if fcntl is None:
            path.rename(path)  # Windows refuses while somebody has it open
            return True
        number = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(number, fcntl.LOCK_SH | fcntl.LOCK_NB)
        finally:
            os.close(number)
    except OSError:
        return False
    return True
