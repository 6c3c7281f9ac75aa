"""Putting the rows of the tables in place."""

from __future__ import annotations

import os
import sys

from . import contexts, holds, hook, loops, places, sockets, threads
from .channel import on_command, say
from .landmarks import ROWS, needed_by, read
from .middleware import use_rows
from .placing import put_in_place
from .products import dress_app, dress_callable, dress_chain, dress_config
from .wrap import observed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .hook import Patch, Patches
    from .landmark import Landmark, Table

_FUNCTION = type(observed)
_APPS = ("wsgi", "asgi")


def install() -> None:
    """Install the taps, and a hook for all that a table speaks of."""
    use_rows(ROWS)
    holds.use_rows(ROWS)
    patches: Patches = {
        "socket": [sockets.tap],
        "uvloop": [lambda module: loops.tap_servers(module.Loop)],
        "concurrent.futures.thread": [threads.carry],
        "contextvars": [contexts.leave],
        "asyncio.tasks": [places.follow_tasks],
    }
    if sys.platform == "win32":
        patches["asyncio.windows_events"] = [lambda module: loops.tap_servers(module.ProactorEventLoop)]
    hook.after_import(patches, needed_by(), _wake)
    on_command("microscope", _look)


_awake: set[str] = set()


def _wake(module: str) -> Patches:
    """The patches of the tables of a module of ours, the first time that something they speak of is imported."""
    patches: Patches = {}
    if module not in _awake:
        _awake.add(module)
        for table in read(module):
            for name, rows in _by_module(table.rows).items():
                patches.setdefault(name, []).append(_patch(table, rows))
        holds.use_rows(ROWS)
    return patches


def _look(asked: Any) -> None:
    """Command of the viewer; what obeys it is imported only now."""
    from .microscope import look

    look(asked)


def _by_module(rows: tuple[Landmark, ...]) -> dict[str, list[Landmark]]:
    modules: dict[str, list[Landmark]] = {}
    for row in rows:
        module, colon, _ = row.target.partition(":")
        if colon:
            modules.setdefault(module, []).append(row)
    return modules


def _patch(table: Table, rows: list[Landmark]) -> Patch:
    """A function that patches one module and tells the viewer what was found."""

    def patch(module: Any) -> None:
        missing = []
        for row in rows:
            try:
                _place(row, module)
            except Exception:
                missing.append(row.target)
        seen = sum(not row.refuses for row in rows)
        say("library", table.library, _version(table, module), seen, missing, again=True)

    return patch


def _place(row: Landmark, module: Any) -> None:
    """Replace the function of ``row`` where it is defined; raises when it is not there."""
    name = row.target.partition(":")[2]
    *path, last = name.split(".")
    owner = module
    for part in path:
        owner = getattr(owner, part)
    found = owner.__dict__[last]
    static = type(found) is staticmethod
    function = found.__func__ if static else found
    if type(function) is not _FUNCTION:
        raise TypeError(row.target)
    wrapper = observed(row, function, module, _dress(row))
    ours = staticmethod(wrapper) if static else wrapper
    if row.silent:  # it runs when the server starts, and what it prepares is for good
        setattr(owner, last, ours)
    else:
        put_in_place(owner, last, ours)


def _dress(row: Landmark) -> Any:
    if row.keeps:
        return lambda app, interface: dress_app(interface)(app)
    if row.product in _APPS:
        return dress_app(row.product)
    if row.product == "config":
        return dress_config
    if row.product == "chain":
        return dress_chain
    return dress_callable(ROWS, row.product) if row.product else None


def _version(table: Table, module: Any) -> str:
    """The installed version, from the name of the folder that describes it beside the package."""
    if table.role == "standard":
        return ".".join(str(part) for part in sys.version_info[:3])
    top = sys.modules.get(module.__name__.partition(".")[0], module)
    wanted = table.distribution.lower().replace("-", "_") + "-"
    try:
        folder = os.path.dirname(os.path.dirname(top.__file__))
        name: str
        for name in os.listdir(folder):
            if name.endswith(".dist-info") and name.lower().startswith(wanted):
                return name[len(wanted) : -len(".dist-info")]
    except (OSError, TypeError, AttributeError):
        pass
    version: Any = getattr(top, "__version__", "")
    return version if type(version) is str else ""
