"""What the viewer put in the environment, taken out of sight and kept for the children.

``os.environ`` shows what the student's environment was; the C environment keeps our variables, so a child Python
that inherits it is traced too; a child that is given a copy of ``os.environ`` is given them again.
"""

import os
import sys

from .vocabulary import ADDRESS_VARIABLE, MARKS_VARIABLE, PATH_VARIABLE

_OURS = (ADDRESS_VARIABLE, PATH_VARIABLE, MARKS_VARIABLE)
_given = {}


def take():
    """Our variables, hidden from now on. ``os.environ`` is left as the student's environment was."""
    for name in (*_OURS, "PYTHONPATH"):
        if name in os.environ:
            _given[name] = os.environ[name]
    before = _given.get(PATH_VARIABLE, "")
    hidden = os.environ._data  # past __delitem__, which would change the C environment too
    for name in (*_OURS, "PYTHONPATH"):
        hidden.pop(os.environ.encodekey(name), None)
    if before:
        hidden[os.environ.encodekey("PYTHONPATH")] = os.environ.encodevalue(before)
    return dict(_given)


def for_child(env):
    """``env``, a mapping meant for a child process, with what the child needs to be traced; None stays None."""
    if env is None or not _given:
        return env
    try:
        mine = dict(env)
    except (TypeError, ValueError):
        return env
    is_bytes = any(isinstance(key, bytes) for key in mine)
    for name, value in _given.items():
        key = os.fsencode(name) if is_bytes else name
        if name == "PYTHONPATH":
            wanted = mine.get(key)
            value = value if wanted is None else _joined(value, os.fsdecode(wanted))
        mine[key] = os.fsencode(value) if is_bytes else value
    return mine


def _joined(ours, wanted):
    folder = ours.split(os.pathsep)[0]
    return folder if not wanted else folder + os.pathsep + wanted


def follow_children(module):
    """Children started through ``subprocess`` with an environment of their own are traced too."""
    cls = module.Popen
    real = cls._execute_child

    def _execute_child(self, args, executable, preexec_fn, close_fds, pass_fds, cwd, env, *rest, **keywords):
        return real(self, args, executable, preexec_fn, close_fds, pass_fds, cwd, for_child(env), *rest, **keywords)

    cls._execute_child = _execute_child


def follow_exec():
    """The same for a program that replaces itself (``os.execve`` and what is built on it)."""
    real = os.execve

    def execve(path, argv, env):
        return real(path, argv, for_child(env))

    os.execve = execve
    if hasattr(os, "posix_spawn"):
        spawn = os.posix_spawn

        def posix_spawn(path, argv, env, /, **keywords):
            return spawn(path, argv, for_child(env), **keywords)

        os.posix_spawn = posix_spawn


def leave_path():
    """Our folder goes out of ``sys.path``: it must shadow nothing."""
    ours = _given.get("PYTHONPATH", "").split(os.pathsep)[0]
    sys.path[:] = [entry for entry in sys.path if entry != ours]
