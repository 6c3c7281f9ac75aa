"""Tests that need a web server of the system are skipped, with the reason, where it is not installed."""

from collections.abc import Sequence

import pytest

from passerella.servers.fronts.every import FRONTS


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    missing = {name: front for name, front in FRONTS.items() if front.program() is None}
    for item in items:
        for name, front in missing.items():
            if item.get_closest_marker(name) is not None:
                item.add_marker(pytest.mark.skip(reason=f"manca {front.title}: {front.install}"))
