"""Windows is written for and was never run here: what it does not have is taken away, on Linux."""

import ast
import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

import passerella
from windows.taken_away import MODULES

HERE = Path(__file__).parent
HOUSE = Path(passerella.__file__).parent
GUARDIAN = HOUSE / "session" / "guardian.py"
# «POSIX-only imports stay there» (design §9).
ALLOWED = {"probe/channel.py", "session/recovery.py", "session/in_front.py"}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="qui Windows c'è davvero")


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An interpreter that is poor from its very start, and that knows the libraries of this one."""
    folder = tmp_path_factory.mktemp("povero")
    venv.create(folder, symlinks=True)
    [packages] = folder.glob("lib/python*/site-packages")
    lines = (
        f"import sys; sys.path.insert(0, {str(HERE)!r}); import taken_away; taken_away.take_away(); del sys.path[0]",
        f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})",
    )
    (packages / "0.pth").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(folder / "bin" / "python")


def run(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "default"}
    return subprocess.run(words, capture_output=True, encoding="utf-8", env=env, timeout=90, check=False)


def test_it_is_poor_indeed(python: str, tmp_path: Path) -> None:
    tried = (
        "import socket, os, signal, sys\n"
        "assert 'taken_away' in sys.modules\n"
        "assert not hasattr(socket, 'AF_UNIX') and not hasattr(os, 'fork') and not hasattr(signal, 'SIGKILL')\n"
        "for name in sys.argv[1:]:\n"
        "    try: __import__(name)\n"
        "    except ImportError: continue\n"
        "    raise AssertionError(name)\n"
    )
    done = run(tmp_path, python, "-c", tried, *MODULES)
    assert done.returncode == 0, done.stderr


def test_every_module_is_imported(python: str, tmp_path: Path) -> None:
    done = run(tmp_path, python, str(HERE / "import_everything.py"))
    assert done.returncode == 0, done.stderr
    *failed, count = done.stdout.splitlines()
    assert failed == []
    assert int(count) > 100


def test_wsgiref_is_traced_end_to_end(python: str, tmp_path: Path) -> None:
    """Over TCP, with the traced process as poor as the viewer."""
    done = run(
        tmp_path, python, "-m", "passerella.cli", "traccia", "wsgiref-wsgi", "--json", "-r", "GET /ciao?nome=Ada"
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    journey = told[-1]
    assert (journey["kind"], journey["status"], journey["complete"]) == ("journey", 200, True)
    stations = {step["station"] for step in told if step["kind"] == "step"}
    assert stations >= {"client", "socket", "server", "gateway", "view"}
    [added] = [step["environ"]["added"] for step in told if step.get("name") == "environ" and step["environ"]]
    assert added["QUERY_STRING"] == "nome=Ada"
    assert list(tmp_path.glob("passerella-*")) == []


def test_a_traced_program_that_is_not_poor_speaks_over_tcp(python: str, tmp_path: Path) -> None:
    words = ("traccia", "--python", sys.executable, "--server", "wsgiref", "--json", "-r", "GET /ciao?nome=Ada")
    apps = HOUSE / "scenarios" / "apps"
    env = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [python, "-m", "passerella.cli", *words, "app_wsgi:app"],
        capture_output=True,
        encoding="utf-8",
        env=env,
        cwd=apps,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["complete"]


def test_the_guardian_starts_and_ends_a_program(tmp_path: Path) -> None:
    """It runs isolated, so it is made poor by hand."""
    boot = "import runpy, sys; [runpy.run_path(path, run_name='__main__') for path in sys.argv[2:]]"
    folder = tmp_path / "folder"
    folder.mkdir()
    guardian = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", boot, str(folder), str(HERE / "taken_away.py"), str(GUARDIAN)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert guardian.stdin is not None
    assert guardian.stdout is not None
    order = {
        "op": "start",
        "id": 1,
        "argv": [sys.executable, "-c", "import time; time.sleep(60)"],
        "cwd": str(tmp_path),
    }
    with guardian:
        guardian.stdin.write(
            json.dumps({**order, "env": dict(os.environ), "log": str(folder / "log")}).encode() + b"\n"
        )
        guardian.stdin.flush()
        started = json.loads(guardian.stdout.readline())
        assert set(started) == {"id", "pid"}
        guardian.stdin.close()
    assert guardian.returncode == 0
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(started["pid"], 0)


def test_posix_modules_are_imported_where_they_may_be() -> None:
    found = {
        file.relative_to(HOUSE).as_posix()
        for file in HOUSE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if _imported(node) & set(MODULES)
    }
    assert found == ALLOWED


def _imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    return {node.module or ""} if isinstance(node, ast.ImportFrom) else set()
