"""Ready scenarios: a server, a small app, some requests."""

from passerella.scenarios.catalogue import FILES, SCENARIOS, Scenario

__all__ = ["FILES", "SCENARIOS", "Scenario"]
