"""The lab's door to a recording: everything is there to be looked at, nothing can be sent or held."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from passerella.errors import CommandError
from passerella.language import _
from passerella.recordings.reading import Recording
from passerella.tui.files import read_from, read_from_disk
from passerella.tui.source import Change, Listener, Phase, Status
from passerella.views.visible import visible

if TYPE_CHECKING:  # a recording is opened without what runs a server
    from passerella.client.draft import Draft
    from passerella.client.prepared import Prepared
    from passerella.journeys.model import Journey
    from passerella.session.talks import Talk
    from passerella.session.wanted import HoldRule, Look

_GAP = "⋯"


def open_recorded(path: Path) -> RecordedSource:
    """A recording that is closed with its source; a session that was interrupted is no longer spoken of after that.

    :raises PasserellaError: it cannot be read.
    """
    return _Opened(Recording(path, at_once=False))


class RecordedSource:
    """Tells the journeys of an open recording; see :class:`passerella.tui.source.LiveSource`."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._closed = False
        self._begun = False
        self._telling: threading.Thread | None = None
        read_from(self._lines)

    @property
    def ready(self) -> Sequence[Draft]:
        return ()

    @property
    def websocket(self) -> str:
        return ""

    def talk(self, line: str, changed: Callable[[], None]) -> Sequence[Talk]:
        raise CommandError(_("Questa è una registrazione: non c'è un server a cui parlare."))

    @property
    def rules(self) -> Sequence[HoldRule]:
        return ()

    @property
    def folder(self) -> str:
        return ""

    @property
    def running(self) -> Change:
        return Change()

    def start(self, listener: Listener, change: Change | None = None) -> None:
        """The journeys as they are read; then those that must be put together again, as after a crash."""
        if change is not None:
            listener.said(_("Questa è una registrazione: per avviare un server esci e scrivi «passerella traccia»."))
        begin, self._begun = not self._begun, True
        self._telling = threading.Thread(target=self._tell, args=(listener, begin), name="registrazione", daemon=True)
        self._telling.start()

    def send(self, requests: Sequence[Prepared], same_connection: bool = False) -> None:
        raise CommandError(_("Questa è una registrazione: non c'è un server a cui inviare."))

    def hold(self, rules: Sequence[HoldRule]) -> None:
        """There is nobody to hold."""

    def resume(self, pid: int, moment: int) -> None:
        """There is nobody who waits."""

    def release_all(self) -> None:
        """There is nobody who waits."""

    def microscope(self, look: Look | None, pid: int | None = None) -> None:
        """What was seen was seen."""

    def save(self, path: Path, journeys: Iterable[Journey], *, with_secrets: bool = False) -> None:
        raise CommandError(_("Questa è già una registrazione: copiane il file."))

    def export(self, kind: str, path: Path, journeys: Sequence[Journey]) -> None:
        """:raises PasserellaError: it cannot be written."""
        from passerella.cli.saving import export_file  # most recordings are only looked at

        export_file(kind, path, [self._recording.covered(journey) for journey in journeys], self._recording)

    def elsewhere(self, change: Change, draft: Draft) -> Journey:
        """The journey of a recorded request on something that runs only for that."""
        from passerella.cli.elsewhere import journey_elsewhere

        return journey_elsewhere(change, draft)

    def close(self, *, failed: bool = False) -> None:
        self._closed = True
        if self._telling is not None:
            self._telling.join()
        read_from(read_from_disk)

    def _tell(self, listener: Listener, begin: bool) -> None:
        """The first time from the file; after that what is known stays known."""
        recording = self._recording
        listener.became(_status(recording))
        if not begin:
            listener.recorded(list(recording.journeys))
            return
        for found in (recording.outline(), recording.unfinished()):
            for journeys in found:
                if self._closed:
                    return
                listener.recorded(journeys)
            listener.became(_status(recording))
        if recording.trouble:
            listener.said(recording.trouble)

    def _lines(self, path: str) -> tuple[str, ...] | None:
        """The lines of a file that the recording carries, each at its number; where some are missing, a sign."""
        known = self._recording.code(path)
        if not known:
            return None
        return tuple(
            known.get(number, _GAP if number - 1 in known or number + 1 in known else "")
            for number in range(1, min(max(known), _MOST_LINES) + 1)
        )


class _Opened(RecordedSource):
    """Closes what it opened."""

    def close(self, *, failed: bool = False) -> None:
        from passerella.session.recovery import recoverable, seen

        super().close(failed=failed)
        self._recording.close()
        if self._recording.path in recoverable():
            seen(self._recording.path)


_MOST_LINES = 200_000


def _status(recording: Recording) -> Status:
    about = recording.about
    return Status(
        phase=Phase.RECORDED,
        server=about.server,
        app=about.app,
        message=_("Registrazione: {name}").format(name=visible(recording.path.name, 60)),
        command=" ".join(visible(word, 200) for word in about.command),
    )
