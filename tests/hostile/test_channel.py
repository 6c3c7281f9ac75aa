"""The probe's line, spoken to by others: they are not heard, and those who should be still are."""

import contextlib
import json
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fidelity.running import Seen
from passerella.events import Goodbye, Ready
from passerella.probe.vocabulary import LINE_LIMIT
from passerella.session.channel import Channel
from passerella.session.wire import Wire

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="qui la linea è un socket Unix")


class Line:
    def __init__(self, tmp_path: Path) -> None:
        self.seen = Seen()
        self.path = tmp_path
        self.channel = Channel(tmp_path, self.seen.hear)

    def connect(self) -> socket.socket:
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(10)
        try:
            line.connect(str(self.path / "sonda"))
        except OSError:
            line.close()
            raise
        return line

    def hello(self, token: str | None = None, pid: int = 7) -> bytes:
        return _message("hello", 1, token or self.channel.token, pid, 1, "3.11.7", "python", [])

    def check_heard(self) -> None:
        """A probe that speaks properly is heard."""
        before = len(self.seen.events)
        with self.connect() as line:
            line.sendall(self.hello(pid=99) + _message("ready", "gunicorn", 1))
            self.seen.wait(lambda _: len(self.seen.events) >= before + 2, 5)
        assert (99, Ready("gunicorn", 1)) in self.seen.events[before:]


def _message(*words: object) -> bytes:
    return json.dumps(words).encode() + b"\n"


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    made = Line(tmp_path)
    yield made
    made.channel.close()


ATTACKS = {
    "garbage": bytes(range(256)) * 16 + b"\n",
    "no greeting": _message("ready", "gunicorn", 1),
    "wrong token": _message("hello", 1, "x" * 32, 7, 1, "3.11.7", "python", []),
    "token that is not ASCII": _message("hello", 1, "è\ud800" * 16, 7, 1, "3.11.7", "python", []),
    "empty line": b"\n",
    "not a list": b'{"kind":"hello"}\n',
    "unknown kind": _message("boh", 1),
    "wrong types": _message("hello", "1", 2, "3", [], {}, None, 5),
    "deep nesting": b"[" * 200_000 + b"\n",
    "deep nesting of objects": b'{"a":' * 200_000 + b"\n",
    "huge number": b'["ready","x",' + b"9" * 100_000 + b"]\n",
    "pickle": b"\x80\x04\x95cos\nsystem\n(S'true'\ntR.\n",
    "HTTP": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("greeted", [False, True], ids=["stranger", "with the token"])
def test_what_is_no_message_closes_the_line(name: str, greeted: bool, line: Line) -> None:
    if greeted and name in ("no greeting", "wrong token", "token that is not ASCII"):
        pytest.skip("dopo il saluto è un messaggio come gli altri")
    with line.connect() as attacker:
        attacker.sendall((line.hello() if greeted else b"") + ATTACKS[name])
        with contextlib.suppress(ConnectionError):
            while attacker.recv(1024):  # it may be told something first, if it had greeted
                pass
    wanted = ["Hello", "Goodbye"] if greeted else []
    line.seen.wait(lambda _: len(line.seen.events) >= len(wanted), 5)
    assert [type(event).__name__ for _, event in line.seen.events] == wanted
    line.check_heard()


def test_a_line_too_long(line: Line) -> None:
    with line.connect() as attacker:
        with pytest.raises(OSError, match=r"Broken pipe|reset"):
            attacker.sendall(b"x" * (LINE_LIMIT + (4 << 20)))
        line.check_heard()


def test_one_that_never_speaks_and_many_that_leave(line: Line) -> None:
    silent = [line.connect() for _ in range(20)]
    for _ in range(300):
        with contextlib.suppress(BlockingIOError):  # the queue is full at this moment: they were many indeed
            line.connect().close()
    time.sleep(0.2)
    line.check_heard()
    for each in silent:
        each.close()


def test_a_message_that_comes_one_byte_at_a_time(line: Line) -> None:
    with line.connect() as probe:
        for byte in line.hello() + _message("ready", "x", 2):
            probe.sendall(bytes([byte]))
            time.sleep(0.0005)
        line.seen.wait(lambda _: len(line.seen.events) >= 2, 5)
    assert (7, Ready("x", 2)) in line.seen.events


def test_a_process_that_leaves_is_told(line: Line) -> None:
    with line.connect() as probe:
        probe.sendall(line.hello())
    line.seen.wait(lambda _: len(line.seen.events) >= 2, 5)
    assert line.seen.events[-1] == (7, Goodbye())


def test_only_this_user_can_connect(tmp_path: Path) -> None:
    from fidelity.running import APPS
    from passerella.session.live import Command, Session

    with Session(Command([sys.executable, "-c", ""], APPS), lambda batch: None) as session:
        assert session._folder.stat().st_mode & 0o077 == 0


def test_lone_surrogates_are_read() -> None:
    (event,) = Wire().events(rb'["environment",["a\ud800b"]]')
    assert event.keys == ["a\ud800b"]  # type: ignore[attr-defined]
