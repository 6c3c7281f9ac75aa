"""The lab, opened on something to trace."""

from collections.abc import Callable, Sequence
from pathlib import Path

from passerella.cli.live_source import Requests, SessionSource
from passerella.cli.target import Target
from passerella.session.wanted import HoldRule, Look


def open_lab(
    target: Target,
    requests: Requests | None = None,
    same_connection: bool = False,
    holds: Sequence[HoldRule] = (),
    look: Look | None = None,
    at_end: Callable[[Path], None] | None = None,
) -> None:
    """Open the lab on ``target``, with ``holds`` in force and ``requests`` sent as soon as it serves.

    ``at_end`` is called with the recording of the last session, which is there only until it returns.

    The server starts first: it gets ready while the screen is being imported.
    """
    source = SessionSource(target, requests, same_connection, _exact(holds), look, at_end)
    try:
        from passerella.tui.app import run_lab

        run_lab(source)
    finally:
        source.close()


def _exact(holds: Sequence[HoldRule]) -> Sequence[HoldRule]:
    """The rules as the lab sets them; without any, nothing is imported for them."""
    if not holds:
        return ()
    from passerella.tui.holds import exact

    return exact(holds)
