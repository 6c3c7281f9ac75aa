"""The lab, opened on something to trace."""

from collections.abc import Sequence

from passerella.cli.live_source import Requests, SessionSource
from passerella.cli.target import Target, of_scenario
from passerella.session.live import HoldRule
from passerella.tui.holds import exact


def open_scenario(name: str) -> Target:
    """A ready scenario."""
    return of_scenario(name)


def open_lab(
    target: Target,
    requests: Requests | None = None,
    same_connection: bool = False,
    holds: Sequence[HoldRule] = (),
) -> int:
    """Open the lab on ``target``, ``holds`` in force, with ``requests`` sent as soon as it serves. The server starts while we import."""
    source = SessionSource(target, requests, same_connection, exact(holds))
    try:
        from passerella.tui.app import run_lab

        run_lab(source)
    finally:
        source.close()
    return 0
