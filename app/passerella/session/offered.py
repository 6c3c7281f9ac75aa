"""The requests that go well with a scenario, as drafts ready to be sent or to be changed first."""

from msgspec.structs import replace

from passerella.client.draft import Draft, of_line
from passerella.scenarios import Scenario
from passerella.scenarios.catalogue import Ready


def drafts_of(scenario: Scenario) -> list[Draft]:
    """Its plain lines, then those that need more than a line."""
    plain = [of_line(line, scenario.bodies.get(line, "")) for line in scenario.requests]
    return [*plain, *(draft_of(each) for each in scenario.ready)]


def draft_of(ready: Ready) -> Draft:
    return replace(
        of_line(ready.line, ready.body),
        headers="\n".join(ready.headers),
        piece=ready.piece,
        pause=ready.pause,
        after=ready.after,
        copies=ready.copies,
        order=ready.order,
        about=ready.shows,
    )
