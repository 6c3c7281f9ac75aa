"""Tells what an app is: python inspect_app.py module:attribute

It stands alone: it runs under the student's interpreter, where Passerella is not installed. The last line it writes
is JSON: the interface («wsgi», «asgi» or «») and the versions of the servers that this interpreter has.
"""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

SERVERS = ("gunicorn", "waitress", "uvicorn", "werkzeug", "hypercorn", "cheroot", "daphne", "granian")


def main(target: str) -> None:
    here = Path(__file__).resolve().parent
    sys.path[:] = [str(Path.cwd()), *(folder for folder in sys.path if Path(folder).resolve() != here)]
    module, _, attribute = target.partition(":")
    app: Any = importlib.import_module(module)
    for name in attribute.split("."):
        app = getattr(app, name)
    sys.stdout.write("\n" + json.dumps({"interface": interface(app), "servers": versions()}) + "\n")


def interface(app: Any) -> str:
    """A coroutine function, or an object whose call is one, is ASGI; anything else that can be called with two
    arguments is WSGI, with three ASGI."""
    if not callable(app) or inspect.isclass(app):
        return ""
    call = app if inspect.isfunction(app) or inspect.ismethod(app) else type(app).__call__
    if inspect.iscoroutinefunction(call):
        return "asgi"
    try:
        inspect.signature(app).bind(None, None)
    except TypeError:
        return "asgi"
    except ValueError:  # no signature to be had: a C callable
        return "wsgi"
    return "wsgi"


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
