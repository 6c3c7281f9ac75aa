"""The lab, opened on something to trace."""

from passerella.cli.live_source import Requests, SessionSource
from passerella.cli.target import Target, of_scenario


def open_scenario(name: str) -> Target:
    """A ready scenario."""
    return of_scenario(name)


def open_lab(target: Target, requests: Requests | None = None, same_connection: bool = False) -> int:
    """Open the lab on ``target``, with ``requests`` sent as soon as it serves. The server starts while we import."""
    source = SessionSource(target, requests, same_connection)
    try:
        from passerella.tui.app import run_lab

        run_lab(source)
    finally:
        source.close()
    return 0
