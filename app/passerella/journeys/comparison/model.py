"""What a comparison says. A tuple that is «by column» has an item for each of the journeys, in their order."""

from typing import Literal

import msgspec

from passerella.events import Value
from passerella.journeys.model import Direction, Journey, Station, Step

# only: some have it, some do not; different: the values are not the same; rewritten: the same thing, written in
# another way; expected: they differ in what no two journeys share (a port, a time, an object's identity).
Kind = Literal["only", "different", "rewritten", "expected", "equal"]
Reason = Literal["", "port", "time", "identity", "case", "name", "type"]
Where = Literal["mapping", "beyond", "response"]

# The topic under which the variables that a server copies from its process stand, all together.
PROCESS_VARIABLES = "process variables"


class Cell(msgspec.Struct, frozen=True):
    """What a journey has of a topic. ``name`` is what it is called there."""

    name: str
    value: Value


class Facet(msgspec.Struct, frozen=True):
    """One thing that is compared.

    :ivar topic: a key (``PATH_INFO``, ``headers: host``), or a part of the response (``status``, ``header: date``).
    :ivar cells: by column; None where there is no such thing.
    :ivar instead: by column: the key that says the same there, where there is no such key; or empty.
    :ivar interface: «only», and only because WSGI (or ASGI) has such a key: all its journeys have it, and the same.
    :ivar at: for a body, the first byte that is not the same.
    """

    where: Where
    topic: str
    kind: Kind
    cells: tuple[Cell | None, ...]
    reason: Reason = ""
    instead: tuple[str, ...] = ()
    interface: str = ""
    at: int | None = None


class Aligned(msgspec.Struct, frozen=True):
    """Steps of one name at one place; ``environ`` stands for ``scope`` too, ``start_response`` for ``send_start``.

    :ivar identity: what tells one middleware (or hook, or marked function) from another; empty for all the rest.
    :ivar steps: by column; empty where that journey has no such step.
    :ivar moved: two journeys have it, but not in the same place among the steps that both have.
    :ivar ranks: by column: which one it is, from 1, of the steps of that journey at this place; 0 where it is not there.
    """

    station: Station
    direction: Direction
    name: str
    identity: str
    steps: tuple[tuple[Step, ...], ...]
    moved: bool = False
    ranks: tuple[int, ...] = ()

    @property
    def missing(self) -> bool:
        return not all(self.steps)


class Timing(msgspec.Struct, frozen=True):
    """When, in nanoseconds, time held left out.

    :ivar first_byte: from the first byte read by the server to the first byte written; None: none was.
    :ivar last_byte: the same, to the last byte written.
    :ivar duration: of the whole journey.
    :ivar after: the step of the app's side that came last before the first byte.
    :ivar places: how long the journey stayed at each station and direction.
    """

    first_byte: int | None
    last_byte: int | None
    duration: int
    after: Step | None
    places: dict[tuple[Station, Direction], int]


class Comparison(msgspec.Struct, frozen=True):
    """Two or more journeys, compared. ``mixed``: some are WSGI and some ASGI, so that scope keys stand by environ keys.

    :ivar facets: of each kind, in the order in which the first journeys have them.
    :ivar aligned: in the order of the stations, there and back.
    """

    labels: tuple[str, ...]
    journeys: tuple[Journey, ...]
    mixed: bool
    facets: tuple[Facet, ...]
    timings: tuple[Timing, ...]
    aligned: tuple[Aligned, ...]

    def of(self, where: Where, *kinds: Kind) -> list[Facet]:
        """The facets of one part of these kinds."""
        return [facet for facet in self.facets if facet.where == where and facet.kind in kinds]
