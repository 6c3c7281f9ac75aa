"""The tables are read when something that they speak of is imported, and not before."""

import subprocess
import sys
from pathlib import Path

import pytest

from passerella.probe import landmarks
from passerella.probe.hook import _Finder

PROBE = Path(landmarks.__file__).parent.parent
LATE = {"http.client", "asyncio.streams"}  # patched where they are, once the rest of their table is needed


@pytest.mark.parametrize("name", sorted({each for names in landmarks.needed_by().values() for each in names}))
def test_whatever_a_table_speaks_of_makes_it_read(name: str) -> None:
    wakers = {waker for waker, names in landmarks.needed_by().items() if name in names}
    modules = {
        row.target.partition(":")[0] for table in landmarks.read(name) for row in table.rows if ":" in row.target
    }
    assert {module for module in modules - LATE if not {module, module.partition(".")[0]} & wakers} == set()


def test_every_module_here_is_in_the_index() -> None:
    here = {path.stem for path in (PROBE / "landmarks").glob("*.py")} - {"__init__", "every", "taps", "boundary"}
    assert here == {each for names in landmarks.needed_by().values() for each in names}


def test_a_python_that_imports_nothing_reads_no_table() -> None:
    told = (
        "import sys, types\n"
        f"package = types.ModuleType('probe'); package.__path__ = [{str(PROBE)!r}]; sys.modules['probe'] = package\n"
        "from probe.install import install; install()\n"
        "def read(): return sorted(n[16:] for n in sys.modules if n.startswith('probe.landmarks.'))\n"
        "print(read()); import wsgiref.handlers; print(read())\n"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    before, after = done.stdout.splitlines()
    assert (before, after) == ("['boundary', 'taps']", "['boundary', 'taps', 'wsgiref']")


def test_what_is_read_patches_what_is_imported_already_and_what_is_not_yet() -> None:
    patched: list[str] = []
    finder = _Finder(
        {}, {"pacco": ["tavola"]}, lambda _: {"sys": [lambda m: patched.append(m.__name__)], "pacco.b": [id]}
    )
    assert finder.find_spec("altro") is None
    assert finder.find_spec("pacco.a") is None
    assert (patched, finder.patches, finder.asleep) == (["sys"], {"pacco.b": [id]}, {})


def test_a_table_that_cannot_be_read_stops_no_import() -> None:
    def wake(_: str) -> dict[str, list[object]]:
        raise ValueError

    assert _Finder({}, {"pacco": ["tavola"]}, wake).find_spec("pacco") is None  # type: ignore[arg-type]
