"""The test suites of Flask, Starlette and Uvicorn have the same outcomes with the probe and without (design §5).

    python tests/harmlessness/other_suites.py [flask] [starlette] [uvicorn] [--python PYTHON] [--work FOLDER]

Each suite comes from the library's own sdist, at the version installed here, and runs in an environment of its own:

alone      as its authors run it, one process
armed      with the probe, and a viewer that listens: what Passerella does to a student's program
recording  the same, each test being a request under way and each app of a test client an observed one, because most
           tests never meet a server and the probe would have nothing to record

The exit code is 1 if any outcome differs, or if nothing came from the probe. It takes minutes and downloads packages:
it is no part of the default run. It needs a POSIX system.
"""

import argparse
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import passerella.probe
from passerella.events import Dropped, Event, Moment
from passerella.probe.vocabulary import ADDRESS_VARIABLE, PATH_VARIABLE
from passerella.session.channel import Channel

INJECT = Path(passerella.probe.__file__).parent / "inject"
PLUGIN = Path(__file__).with_name("recording_plugin.py")
PATIENCE = 1800.0  # seconds that one run of one suite may take
GOODBYE = 1.0  # seconds in which what is still on its way arrives
KINDS = ("passed", "failed", "skipped", "xfailed", "error")
MODES = ("alone", "armed", "recording")
HEARD = ("events", "moments", "processes", "dropped")

# What the groups of requirements ask for and no test needs: checkers, packagers, coverage (which itself traces).
UNNEEDED = re.compile(r"(ruff|mypy|twine|types-.*|coverage.*)$", re.IGNORECASE)


class Suite(NamedTuple):
    """A library, the folder of its package in the sdist, the group of its test requirements, pytest's options."""

    library: str
    package: str
    group: str
    options: tuple[str, ...] = ()


SUITES = (
    Suite("flask", "src/flask", "tests"),
    Suite("starlette", "starlette", "dev"),
    Suite("uvicorn", "uvicorn", "dev", ("-n", "0")),  # in this process, not spread over eight
)


class Outcome(NamedTuple):
    """How one test ended, and what it said of it."""

    kind: str
    words: str = ""


class Run(NamedTuple):
    """One run of one suite."""

    outcomes: Mapping[str, Outcome]
    seconds: float
    heard: Mapping[str, int]

    def count(self, kind: str) -> int:
        return sum(outcome.kind == kind for outcome in self.outcomes.values())


class Viewer:
    """Listens to the probes of one run, and counts."""

    def __init__(self, folder: Path) -> None:
        self.heard: Counter[str] = Counter()
        self._processes: set[int] = set()
        self._lock = threading.Lock()
        self._channel = Channel(folder, self._hear)
        self._channel.standing("limit", 1_000_000, 1_000_000)  # every test in full
        self.variables = {
            "PYTHONPATH": str(INJECT),
            PATH_VARIABLE: "",
            ADDRESS_VARIABLE: f"{self._channel.address}|{self._channel.token}",
        }

    def _hear(self, batch: list[tuple[int, Event]]) -> None:
        with self._lock:
            self._processes.update(pid for pid, _ in batch)
            self.heard["events"] += len(batch)
            self.heard["moments"] += sum(isinstance(event, Moment) for _, event in batch)
            self.heard["dropped"] += sum(event.count for _, event in batch if isinstance(event, Dropped))
            self.heard["processes"] = len(self._processes)

    def close(self) -> None:
        time.sleep(GOODBYE)
        self._channel.close()


class Place:
    """Where one suite runs: its folder from the sdist, an environment, a folder for temporary files."""

    def __init__(self, suite: Suite, work: Path, python: str) -> None:
        self.suite = suite
        self.release = version(suite.library)
        self.folder = work / suite.library
        self.python = self.folder / "venv" / "bin" / "python"
        self.temporary = self.folder / "t"
        self.temporary.mkdir(parents=True)
        self.sources = self._unpack()
        self._install(python)

    def _unpack(self) -> Path:
        """The sdist without the package, so that the tests find the installed one."""
        wanted = f"{self.suite.library}=={self.release}"
        pip = [sys.executable, "-m", "pip", "download", "-qq", "--no-binary", ":all:", "--no-deps"]
        subprocess.run([*pip, "-d", self.folder, wanted], check=True)
        (archive,) = self.folder.glob("*.tar.gz")
        with tarfile.open(archive) as opened:
            opened.extractall(self.folder, filter="data")
        (sources,) = (path.parent for path in self.folder.glob("*/pyproject.toml"))
        if not (sources / "tests").is_dir():
            raise SystemExit(f"{archive.name} has no tests")
        shutil.rmtree(sources / self.suite.package)
        return sources

    def _install(self, python: str) -> None:
        subprocess.run([python, "-m", "venv", self.folder / "venv"], check=True)
        groups = tomllib.loads((self.sources / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
        wanted = [each for each in requirements(groups, self.suite.group) if not UNNEEDED.match(project(each))]
        exact = f"{self.suite.library}=={self.release}"
        pinned = locked(self.sources / "uv.lock", [project(each) for each in wanted])
        subprocess.run([self.python, "-m", "pip", "install", "-qq", exact, *wanted, *pinned], check=True)
        (packages,) = (self.folder / "venv" / "lib").glob("python*/site-packages")
        shutil.copy(PLUGIN, packages)

    def run(self, mode: str) -> Run:
        """Run the suite once. What it wrote stays in a file beside its report."""
        viewer = Viewer(Path(tempfile.mkdtemp(prefix="h", dir=self.folder))) if mode != "alone" else None
        report = self.folder / f"{mode}.xml"
        start = time.monotonic()
        with (self.folder / f"{mode}.txt").open("wb") as said:
            program = subprocess.Popen(
                self._words(mode, report),
                cwd=self.sources,
                env=self._environment(viewer.variables if viewer else {}),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                program.wait(PATIENCE)
            finally:
                with contextlib.suppress(ProcessLookupError):  # servers that a test left behind, too
                    os.killpg(program.pid, signal.SIGKILL)
        seconds = time.monotonic() - start
        if viewer:
            viewer.close()
        if not report.exists():
            raise SystemExit(f"{self.suite.library} {mode}: no report; read {said.name}")
        return Run(outcomes(report), seconds, viewer.heard if viewer else {})

    def _words(self, mode: str, report: Path) -> list[str]:
        words = [str(self.python), "-m", "pytest", "tests", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
        plugin = ["-p", PLUGIN.stem] if mode == "recording" else []
        return [*words, *plugin, *self.suite.options]

    def _environment(self, added: Mapping[str, str]) -> dict[str, str]:
        """The same for every mode, but for what arms the probe."""
        ours = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
        kept = {name: value for name, value in os.environ.items() if name not in ours and "PASSERELLA" not in name}
        path = os.pathsep.join((str(self.python.parent), kept.get("PATH", "")))
        return {**kept, "PATH": path, "TMPDIR": str(self.temporary), **added}


def requirements(groups: Mapping[str, Sequence[Any]], name: str) -> Iterator[str]:
    """What a dependency group of a pyproject.toml asks for, with the groups that it includes (PEP 735)."""
    for entry in groups[name]:
        if isinstance(entry, str):
            yield entry
        else:
            yield from requirements(groups, entry["include-group"])


def locked(lock: Path, names: Collection[str]) -> list[str]:
    """The versions of ``names`` that the authors test with, where the sdist says them: suites use pytest's own inside."""
    packages = tomllib.loads(lock.read_text("utf-8"))["package"] if lock.exists() else []
    # Of several, in rising order, each for some Pythons, the last is for the newer ones.
    versions = {package["name"]: package["version"] for package in packages if "registry" in package["source"]}
    return [f"{name}=={versions[name]}" for name in names if name in versions]


def project(requirement: str) -> str:
    """The name alone."""
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]


def outcomes(report: Path) -> dict[str, Outcome]:
    """How each test ended, from a JUnit report. A test that fails and then breaks in its teardown is there twice."""
    found: dict[str, Outcome] = {}
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - pytest wrote it for us a moment ago
        name = f"{case.get('classname')}::{case.get('name')}"
        if name not in found or found[name].kind == "passed":
            found[name] = outcome(case)
    return found


def outcome(case: ElementTree.Element) -> Outcome:
    for told in case:
        words = " ".join((told.get("message") or "").split())[:300]
        if told.tag == "skipped":
            return Outcome("xfailed" if told.get("type") == "pytest.xfail" else "skipped", words)
        if told.tag in ("failure", "error"):
            return Outcome("failed" if told.tag == "failure" else "error", words)
    return Outcome("passed")


def differences(alone: Run, other: Run) -> Iterator[str]:
    """One line for each test that did not end as it did alone."""
    absent = Outcome("absent")
    for name in sorted(alone.outcomes.keys() | other.outcomes.keys()):
        before, after = alone.outcomes.get(name, absent), other.outcomes.get(name, absent)
        if before.kind != after.kind:
            yield f"{name}: {before.kind} → {after.kind}: {after.words or before.words}"


def compare(place: Place, modes: Sequence[str]) -> bool:
    """Run a suite in every mode, print a line for each; whether all is as it was alone."""
    alone = place.run("alone")
    show(place, "alone", alone)
    same = True
    for mode in modes:
        run = place.run(mode)
        show(place, mode, run)
        for line in differences(alone, run):
            same = False
            print_line(f"    {line}")
        if not run.heard.get("moments" if mode == "recording" else "events"):
            same = False
            print_line("    the probe told nothing")
    return same


def show(place: Place, mode: str, run: Run) -> None:
    counts = "".join(f"{run.count(kind):>9}" for kind in KINDS)
    heard = "".join(f"{run.heard[name]:>11}" for name in HEARD) if run.heard else ""
    print_line(f"{place.suite.library + ' ' + place.release:<18}{mode:<10}{counts}{run.seconds:>9.0f}{heard}")


def heading() -> str:
    counts = "".join(f"{kind:>9}" for kind in (*KINDS, "seconds"))
    return f"{'suite':<18}{'mode':<10}{counts}" + "".join(f"{name:>11}" for name in HEARD)


def print_line(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("suites", nargs="*", metavar="SUITE", help="flask, starlette, uvicorn; all, if none is named")
    parser.add_argument("--python", default="python3.11", help="which Python runs the suites")
    parser.add_argument("--work", type=Path, help="a new folder, kept: environments, reports, what pytest wrote")
    given = parser.parse_args()
    chosen = [suite for suite in SUITES if not given.suites or suite.library in given.suites]
    if len(chosen) < len(set(given.suites)):
        parser.error("the suites are " + ", ".join(suite.library for suite in SUITES))
    with tempfile.TemporaryDirectory(prefix="harmless") as temporary:
        work = (given.work or Path(temporary)).resolve()
        print_line(heading())
        same = [compare(Place(suite, work, given.python), MODES[1:]) for suite in chosen]
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main())
