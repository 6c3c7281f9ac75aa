"""The launcher of wsgiref, run as it is for real: in a process of its own, from the student's folder."""

import ast
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from passerella.servers import SERVERS
from passerella.servers.wsgiref import LAUNCHER

Start = Callable[..., "subprocess.Popen[str]"]

APP = """
import sys, time
def app(environ, start_response):
    time.sleep(float(environ["QUERY_STRING"] or 0))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [repr(sys.path).encode()]
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start the launcher on ``source``, saved in the current folder of the process as ``app_mia.py``."""
    processes: list[subprocess.Popen[str]] = []

    def launch(source: str, target: str = "app_mia:app", port: int = 0) -> "subprocess.Popen[str]":
        (tmp_path / "app_mia.py").write_text(source, encoding="utf-8")
        process = subprocess.Popen(
            SERVERS["wsgiref"].command(sys.executable, target, port=port),
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        processes.append(process)
        return process

    yield launch
    for process in processes:
        process.kill()
        process.communicate()


def url_of(process: "subprocess.Popen[str]") -> str:
    assert process.stderr is not None
    line = process.stderr.readline()
    assert line.startswith("wsgiref ascolta su http://127.0.0.1:"), line
    return line.split()[-1]


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
        return str(answer.read().decode())


def test_the_current_folder_comes_first_and_ours_is_not_there(start: Start, tmp_path: Path) -> None:
    path = ast.literal_eval(fetch(url_of(start(APP))))
    assert path[0] == str(tmp_path.resolve())
    assert str(LAUNCHER.parent) not in path


def test_the_port_can_be_chosen(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert url_of(start(APP, port=port)) == f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("target", ["app_mia:cose.dentro", "app_mia"])
def test_the_attribute_can_be_inside_or_left_out(start: Start, target: str) -> None:
    source = APP + "class cose: dentro = staticmethod(app)\napplication = app\n"
    assert fetch(url_of(start(source, target)))


@pytest.mark.parametrize(
    ("source", "target", "last_line"),
    [
        ("import manca_del_tutto", "app_mia:app", "ModuleNotFoundError: No module named 'manca_del_tutto'"),
        ("def app(:", "app_mia:app", "SyntaxError: "),
        ("1 / 0", "app_mia:app", "ZeroDivisionError: "),
        ("", "app_mia:app", "AttributeError: module 'app_mia' has no attribute 'app'"),
        ("", "altra:app", "ModuleNotFoundError: No module named 'altra'"),
    ],
)
def test_an_app_that_does_not_load_leaves_its_traceback(start: Start, source: str, target: str, last_line: str) -> None:
    process = start(source, target)
    _out, err = process.communicate(timeout=10)
    assert process.returncode == 1
    assert err.startswith("Traceback (most recent call last):")
    assert err.strip().splitlines()[-1].startswith(last_line)


def test_a_port_in_use_leaves_its_traceback(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = start(APP, port=taken.getsockname()[1])
        _out, err = process.communicate(timeout=10)
    assert process.returncode == 1
    assert "OSError: " in err


STOPS = pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])


@pytest.mark.skipif(sys.platform == "win32", reason="su Windows SIGTERM non si può intercettare")
class TestStop:
    def stops(self, process: "subprocess.Popen[str]", stop: signal.Signals, within: float) -> str:
        started = time.monotonic()
        process.send_signal(stop)
        _out, err = process.communicate(timeout=within)
        assert process.returncode == 0
        assert "Traceback" not in err
        assert time.monotonic() - started < within
        return err

    @STOPS
    def test_when_idle(self, start: Start, stop: signal.Signals) -> None:
        process = start(APP)
        url_of(process)
        self.stops(process, stop, within=1)

    @STOPS
    def test_during_a_short_request_the_answer_is_finished(self, start: Start, stop: signal.Signals) -> None:
        process = start(APP)
        port = int(url_of(process).rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(b"GET /?0.4 HTTP/1.0\r\n\r\n")
            time.sleep(0.2)
            self.stops(process, stop, within=20)
            assert client.recv(100).startswith(b"HTTP/1.0 200 OK")

    @STOPS
    def test_during_a_request_that_would_not_end(self, start: Start, stop: signal.Signals) -> None:
        process = start(APP)
        port = int(url_of(process).rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(b"GET /?60 HTTP/1.0\r\n\r\n")
            time.sleep(0.2)
            self.stops(process, stop, within=20)

    @STOPS
    def test_while_the_app_is_being_imported(self, start: Start, stop: signal.Signals) -> None:
        process = start("import sys, time\nprint('sveglio', file=sys.stderr, flush=True)\ntime.sleep(60)\n")
        assert process.stderr is not None
        assert process.stderr.readline() == "sveglio\n"
        self.stops(process, stop, within=20)


def test_the_launcher_stands_alone_and_an_old_python_reads_it() -> None:
    tree = ast.parse(LAUNCHER.read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names
