"""An hour of requests: the latest journeys stay, those before them are let go, and nothing else grows."""

import gc
import tracemalloc

import pytest

from journeys.crowd import PID, Crowd
from passerella.events import Accepted, Changes, Entered, Goodbye, Held, Hello, Left, Resumed, Thread
from passerella.journeys.labels import Labels
from passerella.journeys.model import Journey


def test_the_oldest_are_let_go_and_numbers_stay() -> None:
    crowd = Crowd(most=100)
    for number in range(1, 501):
        crowd.whole(number)
    kept = [journey.number for journey in crowd.journeys]
    assert 90 <= len(kept) <= 228  # 100, and those to which something may still come
    assert kept == list(range(501 - len(kept), 501))
    assert crowd.assembler.begun == 500
    assert crowd.assembler.let_go == 500 - len(kept)


def test_who_is_let_go_can_still_be_looked_at() -> None:
    crowd = Crowd(most=100)
    crowd.whole(1)
    first = crowd.journeys[0]
    for number in range(2, 500):
        crowd.whole(number)
    assert first.gone
    assert first not in crowd.journeys
    assert [step.name for step in first.steps][:2] == ["recv", "recv"]
    assert bytes(first.request).startswith(b"GET /ciao?nome=Ada1 ")


def test_the_list_is_always_the_same_one() -> None:
    crowd = Crowd(most=20)
    journeys = crowd.assembler.journeys
    for number in range(1, 400):
        crowd.whole(number)
    assert crowd.assembler.journeys is journeys


@pytest.mark.parametrize("why", ["pinned", "held", "going on"])
def test_some_are_never_let_go(why: str) -> None:
    crowd = Crowd(most=20)
    crowd.connect(1)
    crowd.ask(1)
    entry = crowd.call(1, 9)
    kept = crowd.journeys[0]
    if why == "pinned":
        kept.pinned = True
        crowd.answer(1, 9, entry)
        crowd.close(1)
    elif why == "held":
        crowd.answer(1, 9, entry)
        crowd.close(1)
        ended = crowd.n
        crowd.say(Held(*crowd.moment(1, 9), ended, "thread", False))
    for number in range(2, 400):
        crowd.whole(number)
    assert crowd.journeys[0] is kept
    assert crowd.journeys[1].number > 200
    if why == "held":
        assert kept.packed is None
        crowd.say(Resumed(*crowd.moment(1, 9), kept.steps_held[0].moment, 5))
        for number in range(400, 800):
            crowd.whole(number)
        assert kept.gone


def test_what_grows_with_the_requests_is_bounded() -> None:
    crowd = Crowd(most=100)
    for number in range(1, 2000):
        crowd.whole(number)
    assembler = crowd.assembler
    assert len(assembler._streams) <= 300
    assert len(assembler._by_peer) <= 300
    assert len(assembler._alive) <= 130
    assert not assembler._ended


def test_a_connection_that_serves_for_days() -> None:
    crowd = Crowd(most=1000)
    crowd.connect(1)
    for request in range(1, 2001):
        crowd.serve(1, request)
        crowd.look()
    (stream,) = crowd.assembler._streams.values()
    assert len(stream.journeys) <= 17
    assert len(stream._requests) <= 17
    assert [journey.ordinal for journey in crowd.journeys] == list(range(2001 - len(crowd.journeys), 2001))
    crowd.close(1)
    crowd.look()
    assert crowd.journeys[-1].steps[-1].n == len(crowd.journeys[-1].steps) == 5


def test_idle_connections_keep_their_last_journey_open_for_their_end() -> None:
    crowd = Crowd(most=10_000)
    for connection in range(1, 401):
        crowd.connect(connection)
        crowd.serve(connection, connection)
        crowd.look()
    crowd.close(1)
    crowd.look()
    assert len(crowd.journeys[0].steps) == len(crowd.journeys[1].steps) + 1


def test_requests_that_nobody_answers_are_over_with_their_connection() -> None:
    crowd = Crowd(most=100)
    for connection in range(1, 1001):
        crowd.connect(connection)
        crowd.ask(connection)
        crowd.close(connection)
        crowd.look()
    assert len(crowd.assembler._streams) <= 300
    assert len(crowd.journeys) <= 228


def test_connections_whose_end_was_lost() -> None:
    crowd = Crowd(most=100)
    for connection in range(1, 4500):
        crowd.connect(connection)
        crowd.serve(connection, connection)
        if connection % 100 == 0:
            crowd.look()
    crowd.look()
    assert len(crowd.assembler._streams) <= 4096


def test_calls_whose_end_was_lost() -> None:
    crowd = Crowd(most=100)
    crowd.connect(1)
    for request in range(1, 1001):
        crowd.ask(1)
        crowd.call(1, request)
        crowd.say(crowd_answer(crowd, request))
        crowd.look()
    (stream,) = crowd.assembler._streams.values()
    assert len(stream.journeys) <= 257


def crowd_answer(crowd: Crowd, request: int) -> Left:
    """The end of a call that nobody entered."""
    return Left(*crowd.moment(1, request, 2), 10**9, {"closes": False})


def test_requests_of_no_known_connection() -> None:
    crowd = Crowd(most=100)
    for request in range(1, 1001):
        environ = Changes({"REQUEST_METHOD": "GET", "PATH_INFO": "/"})
        crowd.say(Entered(*crowd.moment(0, request, 2), {}, "environ", environ))
        entry = crowd.n
        crowd.say(Left(*crowd.moment(0, request, 2), entry, {"closes": False}))
        crowd.look()
    assert len(crowd.assembler._unbound) <= 130
    assert len(crowd.journeys) <= 228
    assert crowd.assembler.begun == 1000


def test_processes_come_and_go() -> None:
    crowd = Crowd(most=100)
    for pid in range(1000, 1500):
        crowd.assembler.feed(pid, Hello(1, "t", pid, 1, "3.11.7", "python", []))
        scope = Changes({"type": "lifespan", "asgi": {}})
        crowd.assembler.feed(pid, Entered(*crowd.moment(0, 1, 2), {}, "scope", scope))
        crowd.assembler.feed(pid, Goodbye())
        crowd.look()
    assert len(crowd.assembler.processes) <= 66
    assert PID in crowd.assembler.processes
    assert len(crowd.assembler.lifespans) <= 200
    assert len(crowd.assembler._unbound) <= 130


def test_a_pid_that_is_taken_again() -> None:
    crowd = Crowd()
    crowd.say(Goodbye())
    crowd.say(Hello(1, "t", PID, 1, "3.12.0", "python", []))
    hello = crowd.assembler.processes[PID].hello
    assert hello is not None
    assert hello.python == "3.12.0"


def test_a_thread_for_each_request() -> None:
    crowd = Crowd()
    process = crowd.assembler.processes[PID]
    crowd.say(Thread(1, "MainThread"))
    for tid in range(2, 10_000):
        crowd.say(Thread(tid, f"Thread-{tid}"))
        assert process.thread(1) == "MainThread"
    assert process.thread(9_999) == "Thread-9999"
    assert len(process._threads) + len(process._older_threads) <= 4096


def test_a_label_is_given_once() -> None:
    labels = Labels()
    given = [labels.next(f"127.0.0.1:{port % 9000}") for port in range(50_000)]
    assert len(set(given)) == len(given)
    assert given[0] == "127.0.0.1:0#1"
    assert len(labels._latest) + len(labels._before) <= 8192


def test_the_same_connection_is_met_anew_after_a_silence() -> None:
    crowd = Crowd()
    crowd.connect(1)
    crowd.serve(1, 1)
    first = crowd.journeys[0]
    crowd.say(Accepted(*crowd.moment(1), "127.0.0.1:1", "127.0.0.1:80", True))
    crowd.serve(1, 2)
    crowd.look()
    again = crowd.journeys[1]
    assert (first.connection, again.connection) == ("127.0.0.1:1#1", "127.0.0.1:1#2")
    assert len(again.steps) == len(first.steps) - 1  # it was not accepted a second time
    assert first.complete
    assert again.complete


def test_ten_thousand_journeys_and_then_no_more() -> None:
    crowd = Crowd(most=1000)
    for number in range(1, 1500):
        crowd.whole(number)
    gc.collect()
    tracemalloc.start()
    try:
        for number in range(1500, 4000):
            crowd.whole(number)
        gc.collect()
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Those that are here were all made meanwhile: what is counted is all of them.
    assert grown / len(crowd.journeys) < 4096


def test_a_journey_is_itself_and_no_other() -> None:
    crowd = Crowd()
    crowd.whole(1)
    journey = crowd.journeys[0]
    assert journey != Journey(1, "", 1)
    assert journey in crowd.journeys
    with pytest.raises(AttributeError):
        journey.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_packing_can_wait_and_is_done_a_little_at_a_time() -> None:
    crowd = Crowd(most=1000)
    for number in range(1, 301):
        crowd.connect(number)
        crowd.serve(number, number + 1_000_000)
        crowd.close(number)
        crowd.assembler.take_changed(packing=False)
    over = sum(journey.packed is None for journey in crowd.journeys)
    crowd.assembler.pack_some(2)
    assert sum(journey.packed is None for journey in crowd.journeys) == over - 2
    crowd.assembler.pack_some(1000)
    left = sum(journey.packed is None for journey in crowd.journeys)
    assert left < over - 2
    crowd.look()
    assert sum(journey.packed is None for journey in crowd.journeys) == left, "the latest may still get a late moment"
