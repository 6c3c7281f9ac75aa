"""What holds for all tests: those that need a web server of the system are skipped, with the reason, where there is none."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, settings

from passerella.servers.fronts.every import FRONTS

# How long an example takes is the machine's business, which may be busy.
settings.register_profile("senza-orologio", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("senza-orologio")


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    missing = {name: front for name, front in FRONTS.items() if front.program() is None}
    for item in items:
        for name, front in missing.items():
            if item.get_closest_marker(name) is not None:
                item.add_marker(pytest.mark.skip(reason=f"manca {front.title}: {front.install}"))
