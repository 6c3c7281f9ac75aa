"""Middleware of one's own around a bare callable: each begins when it is called, and the view last."""

import functools
from typing import Any

import pytest
from fastapi import FastAPI
from flask import Flask
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from passerella.probe.landmarks import ROWS
from passerella.probe.middleware import Chain, observe_chain, observe_function, use_rows
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


def beside() -> Any:
    """An app as many are made, with what it answers when there is nothing."""

    def not_found(environ: Any, start_response: Any) -> Any:
        return [b"nothing"]

    def passed(environ: Any, start_response: Any) -> Any:
        return [b"view"] if environ else not_found(environ, start_response)

    return passed


def itself() -> Any:
    def passed(environ: Any, start_response: Any) -> Any:
        passed.visits = 1  # type: ignore[attr-defined]
        return [b"view"]

    return passed


def one_another() -> Any:
    def other(environ: Any, start_response: Any) -> Any:
        return passed(environ, start_response)

    def passed(environ: Any, start_response: Any) -> Any:
        return [b"view"] if environ else other(environ, start_response)

    return passed


def saying_so(inner: Any) -> Any:
    @functools.wraps(inner)
    def passed(environ: Any, start_response: Any) -> Any:
        return inner(environ, start_response)

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
    assert (chain.name, chain.bares) == (f"{__name__}.Layer", ())
    assert inner.app is not view
    assert inner({}, None) == [b"view"]
    watch(False)
    try:
        assert inner.app is view
    finally:
        watch(True)


@pytest.mark.parametrize("app", [view, generator, Inside()])
def test_a_view_alone_is_observed_by_the_boundary(app: Any) -> None:
    use_rows(ROWS)
    assert [bare.what for bare in observe_chain(app).bares] == ["view"]


@pytest.mark.parametrize(("app", "observed"), [(Layer(generator), False), (Particular(view), False)])
def test_what_cannot_be_observed_inside_stays_the_boundarys(app: Layer, observed: bool) -> None:
    use_rows(ROWS)
    held = app.app
    assert (observe_chain(app).bares == ()) is observed
    assert app.app is held


@pytest.mark.parametrize("app", [Layer(Inside()), Layer(coroutine)])
def test_objects_and_coroutines_too(app: Layer) -> None:
    use_rows(ROWS)
    assert observe_chain(app).bares == ()


def test_functions_around_one_another_are_told_apart_by_what_their_closures_hold() -> None:
    use_rows(ROWS)
    middle = around(view)
    chain = observe_chain(around(Layer(middle)))
    assert chain.name == "around.<locals>.passed"
    assert told(chain) == [("middleware", "passed")]
    assert inside(middle) is not view
    assert middle({}, None) == [b"view"]
    watch(False)
    try:
        assert inside(middle) is view
    finally:
        watch(True)


def test_what_is_walked_through_twice_is_observed_once() -> None:
    use_rows(ROWS)
    middle = around(view)
    outer = around(middle)
    first, second = observe_chain(outer), observe_chain(outer)
    assert first.name == second.name == "around.<locals>.passed"
    assert told(first) == told(second) == [("middleware", "passed")]
    watch(False)
    try:
        assert (inside(outer), inside(middle)) == (middle, view)
    finally:
        watch(True)


@pytest.mark.parametrize("app", [not_around(), beside(), empty_cell(), itself(), one_another()])
def test_a_helper_in_a_closure_is_no_app(app: Any) -> None:
    use_rows(ROWS)
    before = contents(app)
    chain = observe_chain(app)
    assert chain.name.endswith("passed")
    assert told(chain) == [("view", "passed")]
    assert contents(app) == before


def test_a_middleware_that_says_what_it_wraps_has_its_own_code() -> None:
    use_rows(ROWS)
    middle = saying_so(view)
    chain = observe_chain(saying_so(middle))
    assert told(chain) == [("middleware", "passed")]
    assert inside(middle) is not view


def test_a_generator_inside_a_function_is_left_to_the_boundary_with_it() -> None:
    use_rows(ROWS)
    assert told(observe_chain(around(generator))) == [("middleware", "passed"), ("view", "generator")]
    assert told(observe_chain(Layer(generator))) == [("view", "generator")]


def test_what_is_written_on_a_function_is_written_on_what_stands_for_it() -> None:
    use_rows(ROWS)

    def counted(environ: Any, start_response: Any) -> Any:
        return [b"view"]

    outer = around(counted)
    observe_chain(outer)
    inside(outer).visits = 1
    assert counted.visits == 1  # type: ignore[attr-defined]
    counted.visits = 2  # type: ignore[attr-defined]
    assert inside(outer).visits == 2


def test_a_function_around_a_framework_is_a_middleware() -> None:
    use_rows(ROWS)
    flask, fastapi = Flask("prova"), FastAPI()
    for app in (around(flask), around(flask.wsgi_app), asynchronous_around(fastapi)):
        chain = observe_chain(app)
        assert [bare.what for bare in chain.bares] == ["middleware"]


def test_the_app_is_what_was_given_to_the_server_not_what_that_puts_around_it() -> None:
    use_rows(ROWS)
    fastapi = FastAPI()
    for app, name in ((fastapi, "fastapi.applications.FastAPI"), (coroutine, "coroutine")):
        assert observe_chain(ProxyHeadersMiddleware(app)).name == name  # type: ignore[arg-type]
    assert observe_chain(Flask("prova").wsgi_app).name == "flask.app.Flask"


def test_a_function_that_a_framework_keeps_begins_when_that_calls_it() -> None:
    use_rows(ROWS)
    flask = Flask("prova")
    function = around(flask.wsgi_app)
    flask.wsgi_app = function  # type: ignore[method-assign]
    assert told(observe_chain(flask)) == []
    assert flask.wsgi_app is not function


def test_what_is_a_frameworks_own_is_no_middleware_of_theirs() -> None:
    """As Django puts a function of its own around each of the student's, with their names."""
    use_rows(ROWS)
    written = "def around(inner):\n    def passed(environ, start_response):\n        return inner(environ, start_response)\n    return passed\n"
    frameworks: dict[str, Any] = {"__name__": "django.core.handlers.exception"}
    exec(written, frameworks)  # noqa: S102
    outer = around(frameworks["around"](functools.wraps(view)(around(view))))
    assert told(observe_chain(outer)) == [("middleware", "passed")]
    own = frameworks["around"](view)
    assert observe_function(own) is own
    seen = observe_function(outer)
    assert seen is not outer
    assert observe_function(seen) is seen
    assert observe_function(flask := Flask("prova")) is flask


def test_the_same_class_met_again_is_observed_once() -> None:
    use_rows(ROWS)
    assert observe_chain(Layer(Inside())).bares == ()
    assert observe_chain(Layer(Inside())).bares == ()


def test_an_emptied_cell_does_not_stop_the_others() -> None:
    use_rows(ROWS)
    emptied, other = around(view), around(view)
    observe_chain(emptied)
    observe_chain(other)
    del cell(emptied).cell_contents
    watch(False)
    try:
        assert inside(other) is view
    finally:
        watch(True)


def test_what_does_not_let_itself_be_looked_at_is_left_alone() -> None:
    class Shy(type):
        def __getattribute__(cls, name: str) -> Any:
            raise RuntimeError(name)

    use_rows(ROWS)
    chain = observe_chain(around(Shy("Riservata", (), {"__call__": view})()))
    assert told(chain) == [("view", "passed")]


def told(chain: Chain) -> list[tuple[str, str]]:
    return [(bare.what, bare.code.co_name) for bare in chain.bares]


def cell(function: Any) -> Any:
    """Where a function of ours keeps what it is around."""
    return dict(zip(function.__code__.co_freevars, function.__closure__, strict=True))["inner"]


def inside(function: Any) -> Any:
    return cell(function).cell_contents


def contents(function: Any) -> list[Any]:
    found = []
    for each in function.__closure__ or ():
        try:
            found.append(each.cell_contents)
        except ValueError:
            found.append(None)
    return found
