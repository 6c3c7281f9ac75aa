"""The lanes of real servers: a queue, rows, a weave, and one long block."""

import sys
import threading
import time
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest

from fidelity.running import PATIENCE, Seen, Traced, traced
from passerella.client.prepared import Prepared, together
from passerella.events import Held
from passerella.journeys.lanes import Lane, Strip, lanes, whole_window
from passerella.session.wanted import HoldRule
from passerella.views.lanes import lines, picture
from passerella.views.lanes_told import tell_lanes

SLOW = 0.06
APP = f"""
import asyncio, time

def wsgi(environ, start_response):
    time.sleep({SLOW})
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({{"type": message["type"] + ".complete"}})
            if message["type"].endswith("shutdown"):
                return
    if scope["path"] == "/blocca":
        time.sleep({SLOW})
    else:
        for _ in range(3):
            await asyncio.sleep({SLOW} / 3)
    await send({{"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}})
    await send({{"type": "http.response.body", "body": b"ok"}})
"""
GUNICORN = ("-m", "gunicorn", "-b", "127.0.0.1:0", "--no-control-socket", "lenta:wsgi")
UVICORN = ("-m", "uvicorn", "--port", "0", "lenta:app")
Serve = Callable[..., list[Lane]]


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """The lanes of so many requests at once."""
    (tmp_path / "lenta.py").write_text(APP, encoding="ascii")
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    def run(words: tuple[str, ...], target: str, count: int) -> list[Lane]:
        seen = Seen()
        with traced([sys.executable, *words], tmp_path, seen) as server:
            ask(server, target, count)
            journeys = seen.wait(lambda found: len(found) == count and all(each.complete for each in found))
        assert [each.status for each in journeys] == [200] * count
        return lanes(journeys)

    return run


def ask(server: Traced, target: str, count: int) -> None:
    request = Prepared.of(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    server.session.send(together([request] * count))


def home(lane: Lane) -> list[Strip]:
    return [strip for strip in lane.strips if strip.home]


def spent(strip: Strip, kind: str) -> float:
    return sum(block.end - block.start for block in strip.blocks if block.kind == kind) / 1e9


def test_ten_on_a_sync_worker_stand_in_a_queue(serve: Serve) -> None:
    [lane] = serve(GUNICORN, "/", 10)
    assert lane.kind == "worker"
    strips = sorted(home(lane), key=lambda strip: strip.end)
    assert len(strips) == 10
    for number, strip in enumerate(strips):
        assert spent(strip, "running") >= SLOW
        assert spent(strip, "queued") >= SLOW * number * 0.9
        assert spent(strip, "waiting") == 0
    for one, two in zip(lane.busy, lane.busy[1:], strict=False):
        assert one.end <= two.start, "a thread does one thing at a time"
    assert len(lane.rows) >= 8  # they overlap: nearly all are in the queue at the beginning
    told = "\n".join(tell_lanes([lane], whole_window([lane])))
    assert "10 viaggi, uno alla volta" in told
    assert told.count("in coda da") >= 8


def test_who_was_not_accepted_yet_is_known(tmp_path: Path) -> None:
    (tmp_path / "lenta.py").write_text(APP, encoding="ascii")
    seen = Seen()
    with traced([sys.executable, *GUNICORN], tmp_path, seen) as server:
        server.session.hold([HoldRule(1, station="view")])
        time.sleep(0.2)
        asking = threading.Thread(target=ask, args=(server, "/", 3))
        asking.start()
        seen.wait(lambda found: len(found) == 1 and len(seen.assembler.not_accepted) == 2)
        assert len(seen.journeys()) == 1
        assert len(seen.assembler.not_accepted) == 2
        server.session.release_all()
        asking.join(PATIENCE)
        seen.wait(lambda found: len(found) == 3 and all(each.complete for each in found))
        assert seen.assembler.not_accepted == []


def test_on_four_threads_they_stand_in_rows(serve: Serve) -> None:
    found = [lane for lane in serve((*GUNICORN, "--threads", "4"), "/", 8) if home(lane)]
    assert len(found) == 4
    assert all(lane.kind == "thread" for lane in found)
    assert sum(len(home(lane)) for lane in found) == 8
    firsts = [lane.busy[0] for lane in found]
    assert max(block.start for block in firsts) < min(block.end for block in firsts), "they ran beside one another"
    assert "Thread" in next(lines(picture(found, 60, whole_window(found))))


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_on_a_loop_they_interleave(serve: Serve, loop: str) -> None:
    [lane] = serve((*UVICORN, "--loop", loop), "/", 4)
    assert lane.kind == "loop"
    assert len(lane.rows) == 4
    for strip in home(lane):
        assert spent(strip, "waiting") >= SLOW * 0.8
        assert sum(block.times for block in strip.blocks if block.kind == "waiting") == 3
        assert spent(strip, "running") < SLOW
    turns = [journey for journey, _ in groupby(block.journey for block in lane.busy)]
    assert len(turns) > 2 * len(lane.rows), "each comes back after the others"
    for one, two in zip(lane.busy, lane.busy[1:], strict=False):
        assert one.end <= two.start, "a loop runs one thing at a time"
    assert "al massimo 4 insieme" in "\n".join(tell_lanes([lane], whole_window([lane])))


def test_a_sleep_in_an_async_def_is_one_long_block_and_a_queue(serve: Serve) -> None:
    [lane] = serve(UVICORN, "/blocca", 4)
    long = [block for block in lane.busy if block.end - block.start >= SLOW * 1e9]
    assert len({block.journey for block in long}) == len(long) == 4
    assert all(spent(strip, "waiting") == 0 for strip in home(lane))
    assert sum(spent(strip, "queued") > SLOW for strip in home(lane)) >= 2
    drawn = picture([lane], 80, whole_window([lane]))
    assert drawn.rows[0].text.count("█") > 60, "the loop is always busy"
    assert "─" not in "".join(row.text for row in drawn.rows)


def test_what_is_held_is_neither_running_nor_waiting(tmp_path: Path) -> None:
    (tmp_path / "lenta.py").write_text(APP, encoding="ascii")
    seen = Seen()
    with traced([sys.executable, *UVICORN], tmp_path, seen) as server:
        server.session.hold([HoldRule(1, station="view", seconds=0.4)])
        time.sleep(0.2)
        ask(server, "/", 1)
        journeys = seen.wait(lambda found: bool(found) and found[0].complete, PATIENCE)
    assert any(isinstance(event, Held) for _, event in seen.events)
    [lane] = lanes(journeys)
    [strip] = home(lane)
    assert 0.39 < spent(strip, "held") < 0.6
    assert spent(strip, "waiting") < 0.39
    assert sum(block.times for block in strip.blocks if block.kind == "waiting") == 3
    assert not any(block.busy for block in strip.blocks if block.kind == "held"), "the loop was free"


def test_a_loop_that_is_blocked_by_a_hold_is_busy(tmp_path: Path) -> None:
    (tmp_path / "lenta.py").write_text(APP, encoding="ascii")
    seen = Seen()
    with traced([sys.executable, *UVICORN], tmp_path, seen) as server:
        server.session.hold([HoldRule(1, station="view", seconds=0.3, blocking=True)])
        time.sleep(0.2)
        ask(server, "/", 2)
        journeys = seen.wait(lambda found: len(found) == 2 and all(each.complete for each in found), PATIENCE)
    [lane] = lanes(journeys)
    held = [block for block in lane.busy if block.kind == "held"]
    assert len(held) == 2
    assert held[0].end <= held[1].start
