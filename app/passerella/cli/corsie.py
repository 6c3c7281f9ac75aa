"""``--corsie``: when everything is over, the journeys over time, drawn or told in sentences."""

import shutil
import sys
from collections import deque
from collections.abc import Iterator, Sequence

from passerella.cli.following import Requests, follow
from passerella.cli.output import write
from passerella.cli.reporting import TextReporter
from passerella.journeys.assembler import Assembler
from passerella.journeys.lanes import lanes, whole_window
from passerella.journeys.model import Journey
from passerella.language import _
from passerella.session.live import Command, Session
from passerella.session.wanted import HoldRule, Look
from passerella.views.headings import heading
from passerella.views.lanes import ASCII, BOXES, Glyphs, lines, picture
from passerella.views.lanes_told import tell_lanes
from passerella.views.spent import spent_sentence

_MOST = 200  # journeys that are drawn: the last ones
_WIDTHS = (40, 160)
_TITLES = 36  # cells that the names of the lanes may take


def follow_lanes(
    command: Command,
    requests: Requests | None,
    same_connection: bool,
    told: bool,
    holds: Sequence[HoldRule] = (),
    look: Look | None = None,
) -> int:
    """As :func:`passerella.cli.following.follow`, with the lanes at the end, Ctrl+C or not."""
    reporter = _LanesReporter()
    try:
        return follow(command, requests, same_connection, reporter, holds, look)
    finally:
        if reporter.began:  # else the server did not even start
            for line in reporter.lines(told):
                write(line)
            sys.stdout.flush()


class _LanesReporter:
    """Keeps the journeys until they can be told together."""

    def __init__(self) -> None:
        self.began = False
        self._begins = TextReporter(1).begins
        self._journeys: deque[Journey] = deque(maxlen=_MOST)

    def begins(self, session: Session, assembler: Assembler) -> None:
        self.began = True
        self._begins(session, assembler)

    def tells(self, journey: Journey) -> None:
        self._journeys.append(journey)

    def lines(self, told: bool) -> Iterator[str]:
        journeys = sorted(self._journeys, key=lambda journey: journey.number)
        for journey in journeys:
            yield " · ".join(filter(None, (heading(journey), spent_sentence(journey))))
        yield ""
        found = lanes(journeys)
        if not found:
            yield _("Nessun viaggio da mettere in corsia.")
        elif told:
            yield from tell_lanes(found, whole_window(found))
        else:
            yield from lines(picture(found, _width(), whole_window(found), glyphs=_glyphs()))


def _width() -> int:
    least, most = _WIDTHS
    return max(least, min(most, shutil.get_terminal_size((100, 24)).columns - _TITLES))


def _glyphs() -> Glyphs:
    """Plain signs where the output has no others."""
    try:
        "█▌─·◉┴".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return BOXES
