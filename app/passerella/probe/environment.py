"""What the viewer put in the environment, taken out of sight and kept for the children.

``os.environ`` shows what the student's environment was; the C environment keeps our variables, so a child Python
that inherits it is traced too; a child that is given a copy of ``os.environ`` is given them again.
"""

from __future__ import annotations

import os
import sys

from .vocabulary import ADDRESS_VARIABLE, MARKS_VARIABLE, PATH_VARIABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_OURS = (ADDRESS_VARIABLE, PATH_VARIABLE, MARKS_VARIABLE)
_given: dict[str, str] = {}


def take() -> dict[str, str]:
    """Our variables, hidden from now on. ``os.environ`` is left as the student's environment was."""
    for name in (*_OURS, "PYTHONPATH"):
        if name in os.environ:
            _given[name] = os.environ[name]
    before = _given.get(PATH_VARIABLE, "")
    hidden: Any = os.environ._data  # type: ignore[attr-defined]  # past __delitem__, which would change the C environment too
    for name in (*_OURS, "PYTHONPATH"):
        hidden.pop(os.environ.encodekey(name), None)
    if before:
        hidden[os.environ.encodekey("PYTHONPATH")] = os.environ.encodevalue(before)
    return dict(_given)


def for_child(env: Any) -> Any:
    """``env``, a mapping meant for a child process, with what the child needs to be traced; None stays None."""
    if env is None or not _given:
        return env
    try:
        mine = dict(env)
    except (TypeError, ValueError):
        return env
    is_bytes = any(isinstance(key, bytes) for key in mine)
    wanted = os.fsdecode(mine.get(b"PYTHONPATH" if is_bytes else "PYTHONPATH") or "")
    for name, value in {**_given, **_paths(wanted)}.items():
        mine[os.fsencode(name) if is_bytes else name] = os.fsencode(value) if is_bytes else value
    return mine


def _paths(wanted: str) -> dict[str, str]:
    """PYTHONPATH for a process that is meant to have ``wanted``: our folder first, and what to put back."""
    folder = _given.get("PYTHONPATH", "").split(os.pathsep)[0]
    if wanted.split(os.pathsep)[0] == folder:  # it already passed here: subprocess may go on to posix_spawn
        wanted = wanted[len(folder) + 1 :]
    return {"PYTHONPATH": folder + os.pathsep + wanted if wanted else folder, PATH_VARIABLE: wanted}


def follow_children(module: Any) -> None:
    """Children started through ``subprocess`` with an environment of their own are traced too."""
    cls = module.Popen
    real = cls._execute_child

    def _execute_child(
        self: Any,
        args: Any,
        executable: Any,
        preexec_fn: Any,
        close_fds: Any,
        pass_fds: Any,
        cwd: Any,
        env: Any,
        *rest: Any,
        **keywords: Any,
    ) -> Any:
        return real(self, args, executable, preexec_fn, close_fds, pass_fds, cwd, for_child(env), *rest, **keywords)

    cls._execute_child = _execute_child


def follow_path() -> None:
    """A program that changes its own PYTHONPATH changes what its children are meant to have, not our place in it."""
    put, unset = os.putenv, os.unsetenv

    def putenv(name: Any, value: Any, /) -> None:
        put(name, value)
        if name in ("PYTHONPATH", b"PYTHONPATH"):
            for ours, joined in _paths(os.fsdecode(value)).items():
                put(ours, joined)

    def unsetenv(name: Any, /) -> None:
        unset(name)
        if name in ("PYTHONPATH", b"PYTHONPATH"):
            putenv(name, "")

    os.putenv, os.unsetenv = putenv, unsetenv


def follow_exec() -> None:
    """The same for a program that replaces itself (``os.execve`` and what is built on it)."""
    real = os.execve

    def execve(path: Any, argv: Any, env: Any) -> Any:
        return real(path, argv, for_child(env))

    os.execve = execve
    if hasattr(os, "posix_spawn"):
        spawn = os.posix_spawn

        def posix_spawn(path: Any, argv: Any, env: Any, /, **keywords: Any) -> Any:
            return spawn(path, argv, for_child(env), **keywords)

        os.posix_spawn = posix_spawn


def leave_path() -> None:
    """Our folder goes out of ``sys.path``: it must shadow nothing."""
    ours = _given.get("PYTHONPATH", "").split(os.pathsep)[0]
    sys.path[:] = [entry for entry in sys.path if entry != ours]
