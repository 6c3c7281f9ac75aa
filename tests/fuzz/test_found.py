"""What these tests, or the reading that they asked for, found once."""

import json
from pathlib import Path
from typing import Any

import pytest

from fidelity.running import Traced, ask, command, traced
from fuzz.wire_events import line_of
from passerella.events import Accepted, Changes, Closed, Entered, Received
from passerella.journeys.assembler import Assembler
from passerella.scenarios.catalogue import APPS
from passerella.session.wire import Wire

_MOMENT = (1, 1, 1, "", 1, 0, 0)


@pytest.mark.parametrize(
    "constant", ["NaN", "Infinity", "-1e999", "9" * 400, "-" + "9" * 30], ids=lambda text: text[:9]
)
@pytest.mark.parametrize("surrogate", ["", "\\ud800"])
def test_numbers_that_the_probe_never_writes(constant: str, surrogate: str) -> None:
    line = f'[["place",1,1,"{surrogate}",1,1],["enter",1,1,1,1,{{"a":[{constant}]}}]]'
    with pytest.raises(ValueError, match=r"bounds|malformed|range"):
        Wire().events(line.encode())


def test_what_is_nested_too_deep() -> None:
    inner = "[" * 200 + "]" * 200
    with pytest.raises(ValueError, match="deep"):
        Wire().events(f'[["place",1,1,"",1,1],["enter",1,1,1,1,{{"a":{inner}}}]]'.encode())


def test_what_the_probe_does_write_is_let_in() -> None:
    headers = [{"tuple": [{"bytes": "a"}, {"bytes": "b"}]}]
    event = Entered(*_MOMENT, {"n": 2**64 - 1, "x": -1.5}, "scope", Changes({"headers": headers}))
    assert Wire().events(line_of(event)) == [event]


def test_bytes_that_are_not_latin_1() -> None:
    assembler = Assembler()
    assembler.feed(7, Accepted(*_MOMENT, "p:1", "l:1"))
    assembler.feed(7, Received(*_MOMENT, 0, 3, "GĀ "))
    assert bytes(assembler.journeys[0].request) == b"G? "


def test_a_process_with_the_pid_and_the_numbers_of_another() -> None:
    assembler = Assembler()
    for _ in range(600):
        assembler.feed(7, Accepted(*_MOMENT, "p:1", "l:1"))
        assembler.feed(7, Closed(*_MOMENT, "close"))
        assembler.take_changed()
    assembler.feed(7, Accepted(*_MOMENT, "p:2", "l:1"))
    assembler.feed(7, Received(*_MOMENT, 0, 3, "GET"))
    assert [journey.connection for journey in assembler.journeys] == ["p:2#1"]


_COMMANDS: tuple[Any, ...] = (
    ["hold", [{"number": [], "station": "gateway"}]],
    ["hold", [{"number": {}, "station": "server"}]],
    ["hold", [{"number": 1, "station": "gateway", "seconds": float("nan")}]],
    ["hold", [{"number": 2, "station": "view", "seconds": -1}]],
    ["hold", [{"number": 3, "station": "gateway", "seconds": 10**400}]],
    ["hold", [{"number": 4, "station": ["gateway"], "landmark": 5, "method": [], "path": {}}]],
    ["hold", {"a": 1}],
    ["hold"],
    ["resume", [1]],
    ["release", "x"],
    [],
    {},
    7,
    None,
)


@pytest.mark.parametrize(("server", "app"), [("wsgiref", "app_wsgi:app"), ("uvicorn-h11-asyncio", "app_asgi:app")])
def test_a_traced_server_is_told_anything_and_answers(server: str, app: str, tmp_path: Path) -> None:
    request = b"GET /ciao?nome=Ada HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with traced(command(server, app, 0), APPS) as running:
        wanted = _body(ask(running.port, request))
        for each in _COMMANDS:
            _tell(running, json.dumps(each).encode() + b"\n")
            assert _body(ask(running.port, request)) == wanted
        _tell(running, b'\xff\x00{"\n[[[\n' + b"[" * 5000 + b"\n")
        assert _body(ask(running.port, request)) == wanted
        assert "Traceback" not in running.words()
        seen = running.seen.wait(lambda found: len(found) == len(_COMMANDS) + 2 and all(each.quiet for each in found))
        assert [journey.status for journey in seen] == [200] * (len(_COMMANDS) + 2)  # it still speaks


def _tell(running: Traced, line: bytes) -> None:
    for sock in list(running.session._channel._lines):
        sock.sendall(line)


def _body(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize(
    "line",
    [
        b"7",
        b"{}",
        b"[7]",
        b"[[]]",
        b'[["place"]]',
        b'[[["enter"],1,1,1]]',
        b"[[{},1,1,1]]",
        b'[["place","a",1,"",1,1]]',
        b'[["place",[],1,"",1,1]]',
        b'[["place",1,1,"",1]]',
        b'[["enter",1,1,1,1]]',
        b'[["place",1,1,"",1,1],["enter",1,1,[],1]]',
        b'[["place",1,1,"",1,1],["enter",1,1,"1",1]]',
        b'[["place",1,"x","",1,1],["enter",1,1,1,1]]',
    ],
)
def test_moments_that_are_nowhere(line: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of several readers
        Wire().events(line)
