"""Ready scenarios: a server, a small app, some requests."""

from passerella.scenarios.catalogue import SCENARIOS, Scenario

__all__ = ["SCENARIOS", "Scenario"]
