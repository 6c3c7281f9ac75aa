"""Driving the app's coroutine from outside changes nothing of what it does, and tells when it waits."""

import asyncio
import gc
import types
import warnings
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any

import pytest

from passerella.probe import suspensions
from passerella.probe.attribution import Request
from passerella.probe.suspensions import Resumable

App = Callable[[], Any]
Told = list[tuple[Any, ...]]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """The moments recorded: tag, what follows, and when."""
    found: Told = []

    def moment(tag: str, owner: Any, site: int, *rest: Any, t: int = 0) -> int:
        found.append((tag, *rest))
        return len(found)

    monkeypatch.setattr(suspensions, "moment", moment)
    return found


def owner() -> Any:
    return Request.__new__(Request)


async def plain(app: App) -> Any:
    return await app()


async def driven(app: App) -> Any:
    return await Resumable(owner(), app())


class Waits:
    """An awaitable that is no coroutine."""

    def __await__(self) -> Generator[Any, Any, str]:
        yield from asyncio.sleep(0).__await__()
        return "waited"


@types.coroutine
def _old_style() -> Generator[Any, Any, str]:
    yield
    return "old"


async def _returns() -> tuple[int, ...]:
    await asyncio.sleep(0)
    return (1, 2)


async def _returns_a_stop() -> Any:
    return StopIteration(3)


async def _raises() -> None:
    await asyncio.sleep(0)
    raise KeyError("x")


async def _raises_a_stop() -> None:
    raise StopIteration(4)


async def _catches() -> str:
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        return "caught"
    return ""


async def _cancelled_with_context() -> None:
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        raise ValueError("instead") from None


async def _timed() -> str:
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(60)
    except TimeoutError:
        return "late"
    return ""


def _future() -> Awaitable[str]:
    future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(future.set_result, "future")
    return future


def _not_awaitable() -> Any:
    return 5


def _raises_at_once() -> Any:
    raise OSError("at once")


def _awaited_twice() -> Any:
    coroutine = _returns_a_stop()
    with pytest.raises(StopIteration):
        coroutine.send(None)
    return coroutine


APPS: dict[str, App] = {
    each.__name__.strip("_"): each
    for each in (
        _returns, _returns_a_stop, _raises, _raises_a_stop, _timed, _future, _not_awaitable, _raises_at_once,
        _awaited_twice, _old_style, Waits,
    )
}  # fmt: skip


async def outcome(drive: Callable[[App], Coroutine[Any, Any, Any]], app: App) -> Any:
    try:
        result = await drive(app)
    except BaseException as error:
        return type(error), str(error), type(error.__context__), type(error.__cause__), _frames(error)
    return result.value if isinstance(result, StopIteration) else result


def _frames(error: BaseException) -> list[str]:
    """The functions of a traceback beyond the one that awaits."""
    names = []
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename != suspensions.__file__:
            names.append(trace.tb_frame.f_code.co_name)
        trace = trace.tb_next
    return [name for name in names if name not in ("plain", "driven")]


@pytest.mark.parametrize("name", APPS)
async def test_the_outcome_is_the_same(name: str, told: Told) -> None:
    assert await outcome(driven, APPS[name]) == await outcome(plain, APPS[name])


@pytest.mark.parametrize("app", [_catches, _cancelled_with_context, lambda: asyncio.sleep(60)])
async def test_cancellation_is_the_same(app: App, told: Told) -> None:
    async def cancelled(drive: Callable[[App], Coroutine[Any, Any, Any]]) -> Any:
        task = asyncio.create_task(outcome(drive, app))
        await asyncio.sleep(0.01)
        task.cancel("why")
        return await task

    assert await cancelled(driven) == await cancelled(plain)


def test_closing_is_the_same(told: Told) -> None:
    """GeneratorExit reaches the app; one that goes on awaiting all the same is told off."""

    def closed(drive: Callable[[App], Coroutine[Any, Any, Any]]) -> list[str]:
        seen = []

        async def app() -> None:
            try:
                await Step()
            except BaseException as error:
                seen.append(type(error).__name__)
                raise
            finally:
                seen.append("finally")

        coroutine = drive(app)
        coroutine.send(None)
        coroutine.close()
        return seen

    async def stubborn() -> None:
        try:
            await Step()
        except GeneratorExit:
            await Step()

    assert closed(driven) == closed(plain) == ["GeneratorExit", "finally"]
    for drive in (plain, driven):
        coroutine = drive(stubborn)
        coroutine.send(None)
        with pytest.raises(RuntimeError, match="ignored GeneratorExit"):
            coroutine.close()


class Step:
    def __await__(self) -> Generator[str, str, str]:
        return (yield "asked")


def test_what_is_sent_and_thrown_gets_through(told: Told) -> None:
    async def app() -> Any:
        first = await Step()
        try:
            await Step()
        except LookupError as error:
            return first, str(error)

    for drive in (plain, driven):
        coroutine = drive(app)
        assert coroutine.send(None) == "asked"
        assert coroutine.send("answer") == "asked"
        with pytest.raises(StopIteration) as ended:
            coroutine.throw(LookupError("thrown"))
        assert ended.value.value == ("answer", "thrown")


def test_a_coroutine_that_is_being_awaited_is_refused_as_before(told: Told) -> None:
    async def app() -> None:
        await Step()

    for drive in (plain, driven):
        shared = app()
        shared.send(None)
        second = drive(lambda shared=shared: shared)  # type: ignore[misc]
        with pytest.raises(RuntimeError, match="being awaited already"):
            second.send(None)
        shared.close()


def test_whoever_looks_along_the_awaits_sees_the_app(told: Told) -> None:
    async def app() -> None:
        await Step()

    coroutine: Any = driven(app)
    coroutine.send(None)
    assert coroutine.cr_await.cr_code is app.__code__
    assert type(coroutine.cr_await.cr_await) is not type(None)
    coroutine.close()


def test_nothing_is_left_unawaited(told: Told) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        asyncio.run(driven(_returns))
        gc.collect()


async def test_each_wait_is_told_with_its_length(told: Told) -> None:
    async def app() -> None:
        await asyncio.sleep(0)
        await asyncio.sleep(0.05)

    await driven(app)
    assert [each[0] for each in told] == ["suspended", "continued"] * 2
    waited, times, since = told[3][1:]
    assert 45_000_000 < waited < 1_000_000_000
    assert (times, told[1][2]) == (1, 1)
    assert since > told[1][3]


async def test_a_coroutine_that_never_waits_tells_nothing(told: Told) -> None:
    await driven(_returns_a_stop)
    assert told == []


async def test_a_stream_without_end_tells_little_and_loses_nothing(told: Told) -> None:
    async def app() -> None:
        for _ in range(5000):
            await asyncio.sleep(0)

    resumable = Resumable(owner(), app())

    async def server() -> None:
        await resumable
        resumable.tell()

    await asyncio.wait_for(server(), 30)
    assert sum(each[2] for each in told if each[0] == "continued") == 5000
    assert len(told) < 2 * 128 + 60
