"""A few cases of each property; ``centomila.py`` runs a hundred thousand."""

import pytest
from hypothesis import HealthCheck, settings

from fuzz.properties import PROPERTIES

EXAMPLES = {"viewer_reads": 300, "probe_obeys": 300, "journeys_grow": 120}


@pytest.mark.parametrize("name", PROPERTIES)
def test_any_input(name: str) -> None:
    brief = settings(max_examples=EXAMPLES[name], deadline=None, suppress_health_check=list(HealthCheck))
    brief(PROPERTIES[name])()
