"""What the home screen needs from whoever can start servers and open recordings."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from passerella.client.draft import Draft
    from passerella.journeys.model import Journey
    from passerella.tui.source import Change, LiveSource


class Doors(Protocol):
    """Nothing of it is imported before it is used: the home screen opens at once."""

    def warm(self) -> None:
        """Import what will be needed, while nobody is waiting. Called from a thread of its own."""

    def live(self, change: "Change") -> "LiveSource":
        """Start what is asked for, under the probe.

        :raises PasserellaError: it cannot be started.
        """

    def recording(self, path: Path) -> "LiveSource":
        """Open a recording, or a session that was interrupted.

        :raises PasserellaError: it cannot be read.
        """

    def elsewhere(self, change: "Change", draft: "Draft") -> "Journey":
        """As :meth:`passerella.tui.source.LiveSource.elsewhere`."""
