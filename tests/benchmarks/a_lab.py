"""The real lab on a line where somebody speaks like a probe: what :mod:`benchmarks.laboratorio` measures.

    python tests/benchmarks/a_lab.py FILE

FILE is written: where to connect. Only the server is missing: the channel, the recovery file, the screen are the real ones.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.crowd import Door
from passerella.client.draft import Draft
from passerella.client.prepared import Prepared
from passerella.errors import CommandError
from passerella.journeys.model import Journey
from passerella.session.channel import Channel
from passerella.session.recovery import Keeper
from passerella.session.talks import Talk
from passerella.session.wanted import HoldRule, Look
from passerella.tui.app import run_lab
from passerella.tui.source import Batch, Change, Listener, Phase, Status


class Line:
    """A source without a server; see :class:`passerella.tui.source.LiveSource`."""

    ready = (Draft(),)
    websocket = ""
    rules: Sequence[HoldRule] = ()
    folder = ""
    running = Change()

    def __init__(self, told: Path) -> None:
        self._told = told
        self._keeper = Keeper()

    def start(self, listener: Listener, change: Change | None = None) -> None:
        def heard(batch: Batch) -> None:
            self._keeper.hear(batch)
            listener.heard(batch)

        self._channel = Channel(self._told.parent, heard)
        listener.became(Status(Phase.READY, "gunicorn", "app_flask:app", "http://127.0.0.1:8000"))
        Door(self._channel.address.removeprefix("unix:"), self._channel.token).tell(self._told)

    def send(self, requests: Sequence[Prepared], same_connection: bool = False) -> None:
        """There is no server."""

    def talk(self, line: str, changed: Callable[[], None]) -> Sequence[Talk]:
        raise CommandError("non c'è un server")

    def hold(self, rules: Sequence[HoldRule]) -> None:
        """There is no server."""

    def resume(self, pid: int, moment: int) -> None:
        """There is no server."""

    def release_all(self) -> None:
        """There is no server."""

    def microscope(self, look: Look | None, pid: int | None = None) -> None:
        """There is no server."""

    def save(self, path: Path, journeys: Iterable[Journey], *, with_secrets: bool = False) -> None:
        """Nothing is asked for here."""

    def export(self, kind: str, path: Path, journeys: Sequence[Journey]) -> None:
        """Nothing is asked for here."""

    def elsewhere(self, change: Change, draft: Draft) -> Journey:
        raise CommandError("non c'è un server")

    def close(self, *, failed: bool = False) -> None:
        self._channel.close()
        self._keeper.close()


if __name__ == "__main__":
    run_lab(Line(Path(sys.argv[1])))
