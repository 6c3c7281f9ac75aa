"""Tells what an app is: python inspect_app.py module:attribute

It stands alone: it runs under the student's interpreter, where Passerella is not installed. The last line it writes
is JSON: the interface («wsgi», «asgi» or «»), whether a function has to be called to make the app, and the versions of
the servers that this interpreter has.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import signal
import sys
import threading
from importlib import metadata
from pathlib import Path
from typing import Any

SERVERS = ("gunicorn", "waitress", "uvicorn", "werkzeug", "hypercorn", "cheroot", "daphne", "granian")
CALLED = "()"


def main(target: str) -> None:
    go_with_who_asks()
    here = Path(__file__).resolve().parent
    sys.path[:] = [str(Path.cwd()), *(folder for folder in sys.path if Path(folder).resolve() != here)]
    module, _, attribute = target.partition(":")
    app: Any = importlib.import_module(module)
    asked = attribute.endswith(CALLED)
    for name in (attribute[: -len(CALLED)] if asked else attribute).split("."):
        app = getattr(app, name)
    made = asked or makes_an_app(app)
    if made:
        app = app()
    sys.stdout.write("\n" + json.dumps({"interface": interface(app), "made": made, "servers": versions()}) + "\n")


def go_with_who_asks() -> None:
    """An import may never end: it ends when who asked is there no more, with all that it has started."""
    number = os.environ.pop("PASSERELLA_VIVA", "")
    if number:
        reading = int(number)
        os.set_inheritable(reading, False)

        def wait() -> None:
            os.read(reading, 1)
            os.killpg(os.getpgrp(), signal.SIGKILL)

        threading.Thread(target=wait, daemon=True).start()


def makes_an_app(app: Any) -> bool:
    """What needs no argument is no app, which is always given some: it can only make one."""
    if inspect.isclass(app) or is_asynchronous(app):
        return False
    try:
        parameters = inspect.signature(app).parameters
    except (TypeError, ValueError):  # it cannot be called, or says nothing of how
        return False
    needs_none = all(each.default is not each.empty or each.kind is each.VAR_KEYWORD for each in parameters.values())
    return needs_none and not {"environ", "scope"} & set(parameters)


def interface(app: Any) -> str:
    """A coroutine function, or an object whose call is one, is ASGI; anything else that can be called with two
    arguments is WSGI, with three, or with the scope alone (as in ASGI 2), ASGI."""
    if not callable(app) or inspect.isclass(app):
        return ""
    try:
        if is_asynchronous(app):
            return "asgi" if takes(app, 3) else ""
        if takes(app, 2):
            return "wsgi"
        return "asgi" if takes(app, 3) or "scope" in inspect.signature(app).parameters else ""
    except ValueError:  # no signature to be had: a C callable
        return "wsgi"


def is_asynchronous(app: Any) -> bool:
    if inspect.isfunction(app) or inspect.ismethod(app):
        return inspect.iscoroutinefunction(app)
    return callable(app) and inspect.iscoroutinefunction(type(app).__call__)


def takes(app: Any, count: int) -> bool:
    try:
        inspect.signature(app).bind(*[None] * count)
    except TypeError:
        return False
    return True


def versions() -> dict[str, str]:
    found = {"wsgiref": "{}.{}.{}".format(*sys.version_info[:3])}
    for name in SERVERS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    main(sys.argv[1])
