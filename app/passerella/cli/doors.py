"""What the home screen opens: live sessions, recordings, one request elsewhere."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from passerella.client.draft import Draft
    from passerella.journeys.model import Journey
    from passerella.tui.source import Change, LiveSource


class HomeDoors:
    """See :class:`passerella.tui.doors.Doors`. What starts servers is imported when one is started."""

    def warm(self) -> None:
        import passerella.cli.live_source
        import passerella.tui.lab  # noqa: F401

    def live(self, change: "Change") -> "LiveSource":
        from passerella.cli.live_source import SessionSource
        from passerella.cli.target import of_change

        return SessionSource(of_change(change))

    def recording(self, path: Path) -> "LiveSource":
        from passerella.cli.recorded_source import open_recorded

        return open_recorded(path)

    def elsewhere(self, change: "Change", draft: "Draft") -> "Journey":
        from passerella.cli.elsewhere import journey_elsewhere

        return journey_elsewhere(change, draft)
