"""How much is recorded of each new journey when there are many: everything, its bytes only, or that it was there.

The level of a journey is decided when its first byte arrives and never changes, so that what is recorded stays true.
"""

from __future__ import annotations

from . import holds
from .channel import armed, catch_up, clock, in_child, on_command, pressed, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .attribution import Connection

FULL, SUMMARY, COUNTED = "full", "summary", "counted"
_SECOND = 1_000_000_000
_MOST_OURS = 4096

_limits = [200, 1000]  # journeys a second recorded in full, and recorded at all (design §5)
_ours: dict[int, None] = {}  # ports of our own client's connections
watch = 0  # how many times nobody looked; a connection knows what it was when it was last followed
_second = 0
_seen = 0
_told = FULL


def level_of(connection: Connection | None) -> str:
    """The level of the journey whose first byte arrives now on ``connection``."""
    global _second, _seen
    if not armed():
        return COUNTED
    if connection is None:
        return FULL
    now = clock()
    if now - _second >= _SECOND:
        _second = now
        _seen = 0
    _seen += 1
    if holds.rules or (_ours and _comes_from_us(connection)):
        return FULL
    if _seen > _limits[1] or pressed(2):
        level = COUNTED
    elif _seen > _limits[0] or pressed(4):
        level = SUMMARY
    else:
        level = FULL
    if level != _told:
        _tell(level, now)
    return level


def _tell(level: str, now: int) -> None:
    global _told
    _told = level
    tell("level", now, level)


def is_ours(connection: Connection) -> bool:
    """Whether our own client is at the other end: it says so before it sends anything."""
    catch_up()
    return _comes_from_us(connection)


def _comes_from_us(connection: Connection) -> bool:
    port = connection.peer.rpartition(":")[2]
    return port.isdigit() and int(port) in _ours


def lose_sight() -> None:
    """Nobody looks from now on: connections go on unseen."""
    global watch
    watch += 1


def limit(full: int, recorded: int) -> None:
    """Command of the viewer: journeys a second recorded in full, and recorded at all."""
    _limits[:] = [int(full), int(recorded)]


def expect(port: int) -> None:
    """Command of the viewer: its own client connects from ``port``; what it sends is always recorded in full."""
    if len(_ours) >= _MOST_OURS:
        del _ours[next(iter(_ours))]
    _ours[int(port)] = None


def _forget() -> None:
    """The viewer of a forked child hears of its levels from the beginning."""
    global _second, _told
    _second, _told = 0, FULL


on_command("limit", limit)
on_command("expect", expect)
in_child(_forget)
