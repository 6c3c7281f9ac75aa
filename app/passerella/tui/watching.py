"""Starts the server again when a file of the student's is saved."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from passerella.language import _
from passerella.tui.source import Phase
from passerella.views.visible import visible

if TYPE_CHECKING:
    from passerella.tui.live_lab import LiveLab


class Watching:
    """Follows one folder at a time."""

    def __init__(self, lab: "LiveLab") -> None:
        self._lab = lab
        self._folder = ""
        self._stop = asyncio.Event()
        self._wanted = True
        self._missed = ""  # what was saved while the server was starting, with the file as it was before

    def follow(self, folder: str) -> None:
        """From now on this folder; none, when there is no name. Called whenever the server becomes something else."""
        missed = self._missed
        if missed and self._lab.status.phase is not Phase.STARTING:
            self._missed = ""
            if folder == self._folder:
                self._saved(missed)
        folder = folder if self._wanted else ""
        if folder == self._folder:
            return
        self.stop()
        self._folder = folder
        if folder:
            self._stop = asyncio.Event()
            self._lab.run_worker(self._watch(folder, self._stop), exclusive=False, exit_on_error=False)

    def toggle(self) -> None:
        """Start again at each save, or no more."""
        self._wanted = not self._wanted
        self.follow(self._lab.live.folder)
        said = _("Quando salvi, il server riparte.") if self._wanted else _("Quando salvi, il server resta com'è.")
        self._lab.notify(said, markup=False)

    def stop(self) -> None:
        self._stop.set()
        self._folder = ""

    async def _watch(self, folder: str, stop: asyncio.Event) -> None:
        from watchfiles import PythonFilter, awatch

        async for changes in awatch(folder, watch_filter=PythonFilter(), stop_event=stop):
            names = sorted({Path(path).name for _change, path in changes})
            self._saved(", ".join(visible(name, 60) for name in names[:3]))

    def _saved(self, names: str) -> None:
        lab = self._lab
        if lab.holds.count:
            lab.notify(
                _("{names}: salvato. Un viaggio è fermo: per vedere la modifica riavvia il server con «:».").format(
                    names=names
                ),
                markup=False,
            )
        elif lab.status.phase is Phase.STARTING:
            self._missed = names
        else:
            lab.notify(_("{names}: salvato. Riavvio il server.").format(names=names), markup=False)
            lab.start()
