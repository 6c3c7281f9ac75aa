"""The small pieces that everything stands on: copies, wrappers, the import hook, JSON without the package."""

import inspect
import json
import subprocess
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerella.probe.freeze import Known, freeze
from passerella.probe.hook import after_import
from passerella.probe.landmark import Landmark
from passerella.probe.notation import decode, encode
from passerella.probe.products import _is_coroutine_function
from passerella.probe.vocabulary import ITEMS_KEPT, TEXT_KEPT
from passerella.probe.wrap import observed

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.tuples(inner, inner),
    max_leaves=30,
)


@given(PLAIN)
def test_what_is_frozen_can_be_written_and_is_bounded(value: Any) -> None:
    frozen = freeze(value, 3)
    assert decode(encode(frozen)) is not ...
    assert json.loads(encode(frozen)) == decode(encode(frozen)) or "NaN" in encode(frozen)


class Hostile:
    """Every question is a trap."""

    def _trap(self, *arguments: object) -> Any:
        raise AssertionError("the probe called a method of a foreign object")

    __repr__ = __str__ = __len__ = __iter__ = __bool__ = __getattr__ = __getattribute__ = _trap
    __hash__ = __eq__ = __format__ = __getitem__ = __contains__ = _trap


class HostileDict(dict[str, Any]):
    def items(self) -> Any:
        raise AssertionError

    __iter__ = __len__ = __getitem__ = __repr__ = items  # type: ignore[assignment]


@pytest.mark.parametrize("make", [Hostile, HostileDict])
def test_foreign_objects_are_not_touched(make: Callable[[], Any]) -> None:
    frozen = freeze({"x": make(), "in": [make()]}, 3)
    assert frozen["x"]["type"].endswith(make.__name__)
    assert frozen["in"][0]["type"].endswith(make.__name__)


def test_copies_are_bounded() -> None:
    assert len(freeze("x" * (TEXT_KEPT + 1))["text"]) == TEXT_KEPT
    assert len(freeze(list(range(10 * ITEMS_KEPT)))) == ITEMS_KEPT
    deep: Any = []
    for _ in range(10_000):
        deep = [deep]
    encode(freeze(deep, 3))
    itself: list[Any] = []
    itself.append(itself)
    encode(freeze(itself, 3))


@given(st.dictionaries(st.text(), PLAIN), st.dictionaries(st.text(), PLAIN))
def test_changes_lead_from_one_mapping_to_the_other(first: dict[str, Any], second: dict[str, Any]) -> None:
    known = Known()
    known.changes(first)
    told = known.changes(second)
    assert known.changes(second) is None
    if told is None:
        return
    added, changed, removed = told
    assert set(added) == set(second) - set(first)
    assert set(removed) == set(first) - set(second)
    assert set(changed) <= set(first) & set(second)


_KEYS = st.sampled_from(["a", "b", "c", "headers", "state"])
_SHARED = ["x", 1, b"y", None, ("t", 1), [("h", "v")], {}, {"k": 1}, [], object()]
_ACTS = st.one_of(
    st.tuples(st.just("set"), _KEYS, st.integers(0, len(_SHARED) - 1)),
    st.tuples(st.just("delete"), _KEYS, st.just(0)),
    st.tuples(st.just("rename"), _KEYS, st.just(0)),
    st.tuples(st.just("grow"), _KEYS, st.just(0)),
    st.tuples(st.just("look"), _KEYS, st.just(0)),
)


@given(st.lists(_ACTS, max_size=40))
def test_a_mapping_is_followed_look_by_look(acts: list[tuple[str, str, int]]) -> None:
    """What was told, put together, is the mapping: whatever is set, taken away, renamed or changed in place."""
    things: list[Any] = [
        list(each) if type(each) is list else dict(each) if type(each) is dict else each for each in _SHARED
    ]
    mapping: dict[str, Any] = {}
    known = Known()
    told: dict[str, Any] = {}
    for act, key, which in [*acts, ("look", "", 0)]:
        if act == "set":
            mapping[key] = things[which]
        elif act == "delete":
            mapping.pop(key, None)
        elif act == "rename" and mapping:
            mapping[key + "2"] = mapping.pop(next(reversed(mapping)))
        elif act == "grow" and key in ("headers", "state") and type(mapping.get(key)) in (list, dict):
            inner = mapping[key]
            inner.append("more") if type(inner) is list else inner.update(more=len(inner))
        elif act == "look":
            added, changed, removed = known.changes(mapping) or ({}, {}, [])
            assert not added.keys() & told.keys()
            told |= added
            for name, (old, new) in changed.items():
                assert told[name] == old
                told[name] = new
            for name in removed:
                del told[name]
            looked_into = {name: freeze(value) for name, value in mapping.items() if not _aliased(name, value)}
            assert {name: value for name, value in told.items() if name in looked_into} == looked_into
            assert told.keys() == mapping.keys()


def _aliased(name: str, value: Any) -> bool:
    """A container under a name that is not looked into: what changes in it by another name is not seen."""
    return name not in ("headers", "state") and type(value) in (list, dict)


@given(st.text())
def test_json_is_ascii_and_comes_back(text: str) -> None:
    written = encode([text, {"k": text}])
    assert written.isascii()
    assert decode(written) == [text, {"k": text}]


@pytest.mark.parametrize("text", ["", "[", "[1] 2", "nope", "[1,]", '{"a"}', '"\n"'])
def test_what_is_not_json_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each parser has words of its own
        decode(text)


def _functions() -> list[Any]:
    def plain(a, b=1, /, c=2, *rest, d, e=3, **more):  # type: ignore[no-untyped-def]  # noqa: ANN001,ANN002,ANN003,ANN202
        """Its words."""
        return a, b, c, rest, d, e, more

    async def asynchronous(scope: Any, receive: Any = None) -> Any:
        return scope, receive

    def nothing() -> None:
        return None

    def only_keywords(*, key: int) -> int:
        return key

    return [plain, asynchronous, nothing, only_keywords]


@pytest.mark.parametrize("function", _functions(), ids=lambda function: str(function.__name__))
def test_a_wrapper_looks_like_what_it_wraps(function: Any) -> None:
    wrapper = observed(Landmark("x:y"), function)
    alone = inspect.signature(wrapper, follow_wrapped=False)
    assert [(p.name, p.kind) for p in alone.parameters.values()] == [
        (p.name, p.kind) for p in inspect.signature(function).parameters.values()
    ]
    assert [p.default for p in alone.parameters.values()] == [
        p.default for p in inspect.signature(function).parameters.values()
    ]
    assert inspect.iscoroutinefunction(wrapper) == inspect.iscoroutinefunction(function)
    for name in ("__name__", "__qualname__", "__module__", "__doc__", "__defaults__", "__kwdefaults__"):
        assert getattr(wrapper, name) == getattr(function, name)


def test_a_wrapper_passes_everything_on() -> None:
    plain = _functions()[0]
    wrapper = observed(Landmark("x:y"), plain)
    assert wrapper(0, d=1) == plain(0, d=1)
    assert wrapper(0, 5, 6, 7, 8, d=1, e=2, f=3) == plain(0, 5, 6, 7, 8, d=1, e=2, f=3)
    with pytest.raises(TypeError, match=r"plain\(\) missing 1 required"):
        wrapper(0)


def test_coroutine_functions_are_told_as_frameworks_do() -> None:
    from functools import partial, wraps

    async def asynchronous() -> None: ...

    @wraps(asynchronous)
    def decorated() -> Any:
        return asynchronous()

    assert _is_coroutine_function(asynchronous)
    assert _is_coroutine_function(partial(partial(asynchronous)))
    assert not _is_coroutine_function(decorated)
    assert not _is_coroutine_function(partial(decorated))


def test_modules_are_patched_when_they_are_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    seen: list[ModuleType] = []
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.delitem(sys.modules, "this", raising=False)
    monkeypatch.setattr(sys, "stdout", open("/dev/null", "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    after_import({"this": [seen.append, lambda module: 1 / 0, seen.append]})
    assert importlib.util.find_spec("this") is not None  # somebody only looks
    assert seen == []
    module = importlib.import_module("this")
    sys.stdout.close()
    assert seen == [module, module]
    assert type(module.__loader__).__name__ == "SourceFileLoader"
    assert module.__spec__ is not None
    assert module.__spec__.loader is module.__loader__


def test_the_probe_brings_nothing_heavy_along() -> None:
    """Each Python that starts pays for it."""
    program = (
        "import sys; before = set(sys.modules); p = type(sys)('p'); p.__path__ = [sys.argv[1]]; sys.modules['p'] = p;"
        "import p.start, p.marks; print(*sorted({name.split('.')[0] for name in set(sys.modules) - before}))"
    )
    folder = inspect.getfile(observed).rpartition("/wrap.py")[0]
    run = subprocess.run([sys.executable, "-S", "-c", program, folder], capture_output=True, text=True, check=True)
    brought = {name for name in run.stdout.split() if not name.startswith("_")} - {"p", "atexit", "itertools", "time"}
    assert brought <= {"os", "stat", "posixpath", "genericpath", "ntpath", "abc", "io", "codecs", "encodings"}, brought
