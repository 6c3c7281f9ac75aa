"""Middleware of one's own around a bare callable: each begins when it is called, and the view last."""

from typing import Any

import pytest

from passerella.probe.landmarks import ROWS
from passerella.probe.middleware import observe_chain, use_rows
from passerella.probe.placing import watch


class Layer:
    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self.app(environ, start_response)


class Inside:
    def __call__(self, environ: Any, start_response: Any) -> Any:
        return [b"inside"]


class Particular(Layer):
    def __setattr__(self, name: str, value: Any) -> None:
        assert "app" not in self.__dict__, "the probe ran a method of a foreign object"
        super().__setattr__(name, value)


def view(environ: Any, start_response: Any) -> Any:
    return [b"view"]


def generator(environ: Any, start_response: Any) -> Any:
    yield b"generator"


async def coroutine(scope: Any, receive: Any, send: Any) -> None:
    """As an ASGI app is."""


def test_a_view_inside_a_middleware_is_observed_where_that_keeps_it_and_only_while_somebody_looks() -> None:
    use_rows(ROWS)
    inner = Layer(view)
    chain = observe_chain(Layer(inner))
    assert (chain.name, chain.view) == ("view", None)
    assert inner.app is not view
    assert inner.app.__wrapped__ is view
    assert inner({}, None) == [b"view"]
    watch(False)
    try:
        assert inner.app is view
    finally:
        watch(True)


@pytest.mark.parametrize("app", [view, generator, Inside()])
def test_a_view_alone_is_observed_by_the_boundary(app: Any) -> None:
    use_rows(ROWS)
    assert observe_chain(app).view is not None


@pytest.mark.parametrize(("app", "observed"), [(Layer(generator), False), (Particular(view), False)])
def test_what_cannot_be_observed_inside_stays_the_boundarys(app: Layer, observed: bool) -> None:
    use_rows(ROWS)
    held = app.app
    assert (observe_chain(app).view is None) is observed
    assert app.app is held


@pytest.mark.parametrize("app", [Layer(Inside()), Layer(coroutine)])
def test_objects_and_coroutines_too(app: Layer) -> None:
    use_rows(ROWS)
    assert observe_chain(app).view is None
