"""What a trace left behind on one server: what the answers are computed from."""

from collections.abc import Iterable

import msgspec

from passerella.journeys.model import Journey

LIFESPAN = "lifespan"


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """What our client got for one request.

    :ivar data: the bytes kept of it; ``length`` counts all of them.
    :ivar first_byte: seconds from the first byte sent to the first one received; None when none came.
    :ivar duration: seconds from the first byte sent until the answer, or its failure, was over.
    :ivar failure: ``refused``, ``reset``, ``aborted``, or nothing.
    """

    status: int | None = None
    complete: bool = False
    closed: bool = False
    length: int = 0
    data: bytes = b""
    first_byte: float | None = None
    duration: float = 0.0
    failure: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a trace.

    :ivar place: the server or scenario, as the lesson calls it.
    :ivar journeys: in the order of their first byte; ``lifespans`` are apart.
    :ivar received: one for each request, in the order of the lesson.
    :ivar heard: the messages that each client of a script received.
    :ivar printed: the lines that the program wrote.
    """

    place: str
    journeys: list[Journey] = []
    lifespans: list[Journey] = []
    received: list[Received] = []
    heard: dict[str, list[str]] = {}
    printed: list[str] = []


def outcome_of(
    place: str, journeys: Iterable[Journey], received: list[Received], heard: dict[str, list[str]], printed: list[str]
) -> Outcome:
    """What was seen at ``place``, put in order."""
    ordered = sorted(journeys, key=lambda each: each.started)
    return Outcome(
        place=place,
        journeys=[each for each in ordered if each.protocol != LIFESPAN],
        lifespans=[each for each in ordered if each.protocol == LIFESPAN],
        received=received,
        heard=heard,
        printed=printed,
    )
