"""A pytest plugin for a suite that runs under the probe: every test is a request, every tested app an observed one.

Most tests call a framework without any server: nothing begins a request, and the probe only lets them pass. Here the
wrappers record all the time, and the test clients call their apps through the same boundary that servers do. It uses
the probe that ``sitecustomize`` loaded, and is copied beside the installed packages of the throw-away environment.
"""

from collections.abc import Generator
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest


def probe(name: str) -> Any:
    """A module of the probe, under the name that it has in a traced process."""
    return import_module(f"_passerella_probe.{name}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    attribution = probe("attribution")
    token = attribution.CURRENT.set(attribution.Request(attribution.Connection("127.0.0.1:1", "127.0.0.1:2", 0)))
    try:
        return (yield)
    finally:
        attribution.CURRENT.reset(token)


def _observe_werkzeug(module: ModuleType) -> None:
    run, observed = module.run_wsgi_app, probe("wsgi").observed_wsgi
    module.__dict__["run_wsgi_app"] = lambda app, environ, buffered=False: run(observed(app), environ, buffered)


def _observe_starlette(module: ModuleType) -> None:
    transport: Any = module._TestClientTransport
    start, observed = transport.__init__, probe("asgi").ObservedApp

    def observing(self: Any, app: Any, *arguments: Any, **keywords: Any) -> None:
        start(self, observed(app), *arguments, **keywords)

    transport.__init__ = observing


probe("hook").after_import(
    {"werkzeug.test": [_observe_werkzeug], "starlette.testclient": [_observe_starlette]},
)
