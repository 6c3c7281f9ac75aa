"""Python runs this at start, because Passerella put this folder first on PYTHONPATH.

It must compile on any Python 3. It gives way to the sitecustomize that it hides, then starts the probe; whatever
goes wrong, the program goes on as if neither were here.
"""

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
_OLDEST = (3, 11)


def _run_hidden() -> None:
    """Run the sitecustomize that ours hides, as Python would have."""
    from importlib._bootstrap import module_from_spec  # importlib.util has the same one, and costs 7 ms
    from importlib.machinery import PathFinder

    elsewhere = [entry for entry in sys.path if os.path.abspath(entry or os.curdir) != _HERE]
    spec = PathFinder.find_spec("sitecustomize", elsewhere)
    if spec is None or spec.loader is None:  # as if ours were not here: this import fails, and Python does not mind
        raise ImportError("No module named 'sitecustomize'", name="sitecustomize")
    module = module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


def _start_probe() -> None:
    package = type(sys)("_passerella_probe")
    package.__path__ = [os.path.dirname(_HERE)]
    sys.modules["_passerella_probe"] = package
    from _passerella_probe.start import start  # type: ignore[import-not-found]

    start()


def _refuse() -> None:
    """An older Python: say so to the viewer, and nothing else."""
    import json
    import socket

    where, _, token = os.environ["PASSERELLA_SONDA"].rpartition("|")
    kind, _, place = where.partition(":")
    version = ".".join(str(part) for part in sys.version_info[:3])
    messages = [
        ["hello", 1, token, os.getpid(), 0, version, sys.executable, [], ""],
        ["refused", "python", version],
    ]
    if kind == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.connect(place)
    else:
        host, _, port = place.rpartition(":")
        line = socket.create_connection((host, int(port)), 2)
    line.sendall("".join(json.dumps(message) + "\n" for message in messages).encode("ascii"))
    line.close()


if os.environ.get("PASSERELLA_SONDA"):
    try:
        if sys.version_info >= _OLDEST:
            _start_probe()
        else:
            _refuse()
    except Exception:
        pass
_run_hidden()
