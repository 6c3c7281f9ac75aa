"""Where journeys are to be held, and where to look closely: what the probes are asked for."""

import msgspec


class HoldRule(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where each journey is to be held: the first step at ``station`` or at ``landmark``.

    :ivar seconds: after which it goes on by itself; None: until it is resumed, or the viewer goes.
    :ivar method: with ``path``: only the journeys that are known to have them at that step.
    :ivar pid: the only process that the rule is for; None: all. With ``request``, whose numbers are each process's.
    :ivar blocking: on an event loop the whole loop stops, at an ``await`` too; on a thread it is a hold like any other.
    """

    number: int
    station: str = ""
    direction: str = ""
    landmark: str = ""
    method: str = ""
    path: str = ""
    request: int = 0
    seconds: float | None = None
    blocking: bool = False
    again: bool = False
    pid: int | None = None


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the microscope begins or ends: the first step at a station, or at a landmark; of a request, if it is said."""

    station: str = ""
    direction: str = ""
    landmark: str = ""
    method: str = ""
    path: str = ""
    request: int = 0


class Look(msgspec.Struct, frozen=True, omit_defaults=True):
    """What to put under the microscope: every call between two steps of the next request.

    :ivar begin: where it begins, and of which request; no station and no landmark: at the call of the app.
    :ivar end: where it ends; None: at the return of what it began at.
    :ivar again: each request that matches, one at a time, not only the next.
    """

    begin: Place = Place()
    end: Place | None = None
    again: bool = False
