"""What the probe finds in an interpreter: asked to the probe itself, in a process of that interpreter."""

import threading
import tomllib
from pathlib import Path

import msgspec

from passerella.events import Event, Hello, Library, Refused
from passerella.journeys.process import Process
from passerella.probe.landmarks.every import TABLES
from passerella.session.live import Command, Session

_SCRIPT = Path(__file__).with_name("import_modules.py")
_CHECKED = Path(__file__).with_name("checked.toml")
_PATIENCE = 30.0


class Finding(msgspec.Struct):
    """A library with a landmark table.

    :ivar checked: the version that its landmarks were checked on; empty for the standard library, which is Python's own.
    :ivar version: empty when the library is not installed.
    :ivar total: the rows of its modules that could be imported; ``elsewhere`` are in modules that could not, because
        they need something that is not installed (httptools, for one of Uvicorn's protocols).
    """

    name: str
    version: str = ""
    checked: str = ""
    resolved: int = 0
    total: int = 0
    elsewhere: int = 0
    missing: list[str] = []


def checked_versions() -> dict[str, str]:
    """The version of each library that the landmarks were checked on; those of the standard library have none."""
    found: dict[str, str] = tomllib.loads(_CHECKED.read_text(encoding="utf-8"))
    return found


class Diagnosis(msgspec.Struct):
    """What was found in one interpreter. ``hello`` is None when the probe never spoke from it."""

    hello: Hello | None
    refused: str
    findings: list[Finding]
    words: str


def diagnose(python: str) -> Diagnosis:
    """Import under the probe, with ``python``, every module that the tables speak of."""
    process = Process(0)
    refused: list[str] = []
    lock = threading.Lock()

    def hear(batch: list[tuple[int, Event]]) -> None:
        with lock:
            for _pid, event in batch:
                process.learn(event)
                if isinstance(event, Refused):
                    refused.append(event.what)

    with Session(Command([python, str(_SCRIPT), *_modules()], Path.cwd()), hear) as session:
        session.program.ended.wait(_PATIENCE)
        words = session.program.words()
    return Diagnosis(process.hello, refused[0] if refused else "", _findings(process), words)


_OURS = ("relay", "launcher")  # programs of ours, no libraries
_LOOKED_FOR = [table for table in TABLES if table.role not in _OURS]


def _modules() -> list[str]:
    return sorted({row.target.partition(":")[0] for table in _LOOKED_FOR for row in table.rows if ":" in row.target})


def _findings(process: Process) -> list[Finding]:
    totals: dict[str, int] = {}
    for table in _LOOKED_FOR:
        seen = sum(":" in row.target and not row.refuses for row in table.rows)
        if seen:
            totals[table.library] = totals.get(table.library, 0) + seen
    checked = checked_versions()
    return [_finding(name, checked.get(name, ""), total, process.libraries.get(name)) for name, total in totals.items()]


def _finding(name: str, checked: str, total: int, library: Library | None) -> Finding:
    if library is None:
        return Finding(name, checked=checked, total=total)
    found = library.total - len(library.missing)
    elsewhere = total - library.total
    return Finding(name, library.version, checked, found, library.total, elsewhere, list(library.missing))
