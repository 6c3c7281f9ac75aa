"""A few cases of each property, in no order and of no sense; ``centomila.py`` runs a hundred thousand."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.lines import probe_lines, viewer_lines
from fuzz.properties import journeys_grow, probe_obeys, viewer_reads
from fuzz.wire_events import PIDS, messages
from passerella.events import Event

_brief = settings(suppress_health_check=list(HealthCheck))
_told = st.tuples(PIDS, messages, st.integers(0, 9).map(lambda number: number == 0))


@settings(_brief, max_examples=100)
@given(viewer_lines, st.lists(st.integers(0, 4000), max_size=8), st.booleans())
def test_the_viewer_reads_anything(lines: list[bytes], cuts: list[int], ended: bool) -> None:
    viewer_reads(lines, cuts, ended)


@settings(_brief, max_examples=100)
@given(probe_lines)
def test_the_probe_obeys_or_not_and_the_program_goes_on(lines: list[bytes]) -> None:
    probe_obeys(lines)


@settings(_brief, max_examples=40)
@given(st.lists(_told, max_size=40), st.booleans())
def test_journeys_grow_out_of_anything(told: list[tuple[int, Event, bool]], known: bool) -> None:
    journeys_grow(told, known)
