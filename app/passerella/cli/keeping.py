"""A session without a screen that is also written to files."""

from collections.abc import Callable, Sequence

from passerella.cli.following import Reporter, Requests, follow
from passerella.cli.saving import Files
from passerella.cli.target import Target
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey
from passerella.session.channel import Hear
from passerella.session.live import Session
from passerella.session.recovery import Keeper
from passerella.session.wanted import HoldRule, Look


def follow_and_keep(
    target: Target,
    requests: Requests | None,
    same_connection: bool,
    reporter: Reporter,
    holds: Sequence[HoldRule],
    look: Look | None,
    files: Files,
) -> int:
    """As :func:`passerella.cli.following.follow`; the files are written at the end, Ctrl+C or not."""

    def run(keeping: Reporter, listen: Hear) -> int:
        return follow(target.command, requests, same_connection, keeping, holds, look, listen)

    return keep_while(run, target, reporter, files)


def keep_while(run: Callable[[Reporter, Hear], int], target: Target, reporter: Reporter, files: Files) -> int:
    """``run`` with whom it tells and who listens; the files are written at the end, Ctrl+C or not."""
    keeper = Keeper()
    try:
        try:
            return run(_Keeping(reporter, keeper, target.app or target.title), keeper.hear)
        finally:
            files.write(keeper.finish())
    finally:
        keeper.close()


class _Keeping:
    """Another reporter; what it tells is kept."""

    def __init__(self, inner: Reporter, keeper: Keeper, app: str) -> None:
        self._inner = inner
        self._keeper = keeper
        self._app = app

    def begins(self, session: Session, assembler: Assembler) -> None:
        self._keeper.about(session.server, self._app, session.url, session.command.argv)
        self._inner.begins(session, assembler)

    def tells(self, journey: Journey) -> None:
        self._keeper.tell(journey)
        self._inner.tells(journey)
