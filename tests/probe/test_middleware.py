"""Middleware of one's own around a bare callable: each begins when it is called, and the view last."""

from typing import Any

import pytest
from fastapi import FastAPI
from flask import Flask

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


def around(inner: Any) -> Any:
    """A middleware that is a function, as most are written."""

    def helper(one: Any, two: Any) -> Any:
        return one, two

    def passed(environ: Any, start_response: Any) -> Any:
        helper(1, 2)
        return inner(environ, start_response)

    return passed


def not_around() -> Any:
    def helper(one: Any, two: Any) -> Any:
        return [one]

    def passed(environ: Any, start_response: Any) -> Any:
        return helper(b"view", 2)

    return passed


def empty_cell() -> Any:
    app: Any

    def passed(environ: Any, start_response: Any) -> Any:
        return app(environ, start_response)

    if passed is None:
        app = view
    return passed


def asynchronous_around(app: Any) -> Any:
    async def passed(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)

    return passed


async def coroutine(scope: Any, receive: Any, send: Any) -> None:
    """As an ASGI app is."""


def test_a_view_inside_a_middleware_is_observed_where_that_keeps_it_and_only_while_somebody_looks() -> None:
    use_rows(ROWS)
    inner = Layer(view)
    chain = observe_chain(Layer(inner))
    assert (chain.name, chain.bare) == ("view", None)
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
    assert observe_chain(app).bare is not None


@pytest.mark.parametrize(("app", "observed"), [(Layer(generator), False), (Particular(view), False)])
def test_what_cannot_be_observed_inside_stays_the_boundarys(app: Layer, observed: bool) -> None:
    use_rows(ROWS)
    held = app.app
    assert (observe_chain(app).bare is None) is observed
    assert app.app is held


@pytest.mark.parametrize("app", [Layer(Inside()), Layer(coroutine)])
def test_objects_and_coroutines_too(app: Layer) -> None:
    use_rows(ROWS)
    assert observe_chain(app).bare is None


def test_functions_around_one_another_are_told_apart_by_what_their_closures_hold() -> None:
    use_rows(ROWS)
    middle = around(view)
    chain = observe_chain(around(Layer(middle)))
    assert chain.name == "view"
    assert chain.bare is not None
    assert (chain.bare.what, chain.bare.code.co_name) == ("middleware", "passed")
    kept = _inside(middle)
    assert kept.__wrapped__ is view
    assert middle({}, None) == [b"view"]
    watch(False)
    try:
        assert _inside(middle) is view
    finally:
        watch(True)


def test_what_is_walked_through_twice_is_observed_once() -> None:
    use_rows(ROWS)
    outer = around(around(view))
    first, second = observe_chain(outer), observe_chain(outer)
    assert first.name == second.name == "view"
    assert second.bare is not None
    assert second.bare.what == "middleware"
    assert _inside(_inside(outer).__wrapped__).__wrapped__ is view


@pytest.mark.parametrize("app", [not_around(), empty_cell()])
def test_a_helper_in_a_closure_is_no_app(app: Any) -> None:
    use_rows(ROWS)
    chain = observe_chain(app)
    assert chain.name.endswith("passed")
    assert chain.bare is not None
    assert chain.bare.what == "view"


def test_a_function_around_a_framework_is_a_middleware() -> None:
    use_rows(ROWS)
    flask, fastapi = Flask("prova"), FastAPI()
    for app, name in (
        (around(flask), "flask.app.Flask"),
        (around(flask.wsgi_app), "flask.app.Flask"),
        (asynchronous_around(fastapi), "fastapi.applications.FastAPI"),
    ):
        chain = observe_chain(app)
        assert chain.name == name
        assert chain.bare is not None
        assert chain.bare.what == "middleware"


def _inside(function: Any) -> Any:
    """What a function of ours is around."""
    cells = dict(zip(function.__code__.co_freevars, function.__closure__, strict=True))
    return cells["inner"].cell_contents
