"""The hold that stops a whole event loop: a command of its own (design §5)."""

import sys
import time

import pytest

from holds.test_holds import PATIENCE, of_scenario, watched
from passerella.cli.holding import hold_rules
from passerella.errors import CommandError
from passerella.session.live import Command
from passerella.session.wanted import HoldRule
from passerella.views.holding import held_sentence, hold_title

BLOCKED = "Tutto il loop è fermo"


@pytest.mark.parametrize("name", ["uvicorn-asgi", "uvicorn-fastapi"])
@pytest.mark.parametrize("station", ["server", "gateway", "view"])
def test_nobody_is_served_while_the_loop_is_blocked(name: str, station: str) -> None:
    with watched(of_scenario(name), HoldRule(1, station=station, path="/ciao", blocking=True)) as seen:
        held = seen.ask("/ciao?nome=Ada")
        seen.wait_held()
        other = seen.ask("/")
        other.join(0.6)
        assert other.is_alive(), "another request was served by a loop that is blocked"
        [(pid, event)] = seen.held
        assert event.how == "loop"
        [step] = seen.steps_held()
        assert not step.moved
        assert held_sentence("uvicorn", step, event.how).startswith(BLOCKED)
        seen.session.resume(pid, event.moment)
        held.join(PATIENCE)
        other.join(PATIENCE)
        time.sleep(0.2)
        assert [journey.status for journey in seen.journeys] == [200, 200]
        assert [journey.held > 0 for journey in seen.journeys] == [True, False]


def test_it_ends_by_itself_after_its_seconds() -> None:
    with watched(of_scenario("uvicorn-asgi"), HoldRule(1, station="view", seconds=0.5, blocking=True)) as seen:
        began = time.monotonic()
        seen.ask("/ciao").join(PATIENCE)
        assert time.monotonic() - began >= 0.5
        time.sleep(0.2)
        [step] = seen.steps_held()
        assert step.held >= 0.5e9


def test_on_a_thread_it_is_a_hold_like_any_other() -> None:
    """A synchronous view of FastAPI, in the pool: the loop serves the others."""
    with watched(of_scenario("uvicorn-fastapi"), HoldRule(1, station="view", path="/prezzi/tè", blocking=True)) as seen:
        held = seen.ask("/prezzi/t%C3%A8")
        seen.wait_held()
        assert seen.held[0][1].how == "thread"
        other = seen.ask("/")
        other.join(PATIENCE)
        assert not other.is_alive()
        seen.session.release_all()
        held.join(PATIENCE)
        assert not held.is_alive()


@pytest.mark.parametrize("blocking", [False, True])
def test_closing_while_several_are_held_on_a_loop(blocking: bool) -> None:
    with watched(of_scenario("uvicorn-fastapi"), HoldRule(1, station="view", blocking=blocking)) as seen:
        asking = [seen.ask("/ciao") for _ in range(5)]
        seen.wait_held(1 if blocking else 5)
        began = time.monotonic()
        seen.session.close()
        assert time.monotonic() - began < 6
        assert seen.session.program.code is not None
        for each in asking:
            each.join(PATIENCE)
            assert not each.is_alive()


@pytest.mark.parametrize("options", [["--threads", "4"], ["-w", "2"], ["-w", "2", "--threads", "2"]])
def test_closing_while_several_are_held_by_gunicorn(options: list[str]) -> None:
    """Started as the student does, with Gunicorn's own 30 seconds of graceful timeout."""
    words = [sys.executable, "-m", "gunicorn", "-b", "127.0.0.1:0", "--no-control-socket", *options, "app_flask:app"]
    with watched(Command(words, of_scenario("gunicorn-flask").cwd), HoldRule(1, station="view")) as seen:
        asking = [seen.ask("/ciao") for _ in range(4)]
        seen.wait_held(2)  # the others stand in the queue of a worker, or of a pool
        began = time.monotonic()
        seen.session.close()
        assert time.monotonic() - began < 6
        for each in asking:
            each.join(PATIENCE)
            assert not each.is_alive()


def test_the_next_step_of_a_journey_is_never_another_worker_s() -> None:
    """Numbers of requests are each process's: the first request of two workers has the same."""
    words = [sys.executable, "-m", "gunicorn", "-b", "127.0.0.1:0", "--no-control-socket", "-w", "2", "app_flask:app"]
    gateway = HoldRule(1, station="gateway", landmark="wsgi.call")
    with watched(Command(words, of_scenario("gunicorn-flask").cwd), gateway) as seen:
        asking = [seen.ask("/ciao"), seen.ask("/ciao")]
        seen.wait_held(2)
        (one, at_one), (two, at_two) = seen.held
        assert one != two
        assert at_one.request == at_two.request
        seen.session.hold([HoldRule(2, station="view", request=at_one.request, pid=one)])
        time.sleep(0.2)  # the rules and what follows come by one line a process, in order
        seen.session.resume(two, at_two.moment)
        seen.session.resume(one, at_one.moment)
        seen.wait_held(3)
        time.sleep(0.5)
        assert [pid for pid, _ in seen.held[2:]] == [one]
        assert sorted(each.is_alive() for each in asking) == [False, True]
        seen.session.release_all()
        for each in asking:
            each.join(PATIENCE)
            assert not each.is_alive()


def test_the_two_options_make_rules_of_two_kinds() -> None:
    rules = hold_rules(["ponte:1,5"], ["Vista", "server:2"])
    assert [(rule.number, rule.station, rule.seconds, rule.blocking) for rule in rules] == [
        (1, "gateway", 1.5, False),
        (2, "view", None, True),
        (3, "server", 2.0, True),
    ]
    with pytest.raises(CommandError, match="--ferma-bloccando vista:x"):
        hold_rules([], ["vista:x"])


def test_the_title_says_that_it_blocks() -> None:
    assert hold_title("view", "inbound", True) == "Vista, andata, bloccando il loop"
    assert hold_title("view", "", False) == "Vista"
