"""Under load: what is recorded less of, what is only counted, what was dropped and whose it was."""

from journeys.crowd import PID, Crowd
from passerella.events import Counted, Dropped, Hello, Level, Sent

SECOND = 1_000_000_000


def _summary(crowd: Crowd, connection: int, status: int = 200) -> None:
    """Only bytes: no begin, no calls."""
    crowd.connect(connection)
    crowd.ask(connection)
    response = f"HTTP/1.1 {status} X\r\nContent-Length: 2\r\n\r\nok"
    crowd.say(Sent(*crowd.moment(connection, 0, 3), 0, len(response), response))
    crowd.close(connection)
    crowd.look()


def test_a_summary_knows_its_request_from_the_bytes() -> None:
    crowd = Crowd()
    crowd.whole(1)
    crowd.say(Level(crowd.n * 1000, "summary"))
    _summary(crowd, 2, 503)
    whole, brief = crowd.journeys
    assert (whole.summary, brief.summary) == (False, True)
    assert (brief.method, brief.target, brief.status) == ("GET", "/ciao?nome=Ada2", 503)
    assert brief.complete
    assert brief.quiet
    assert brief.duration == brief.steps[-1].t - brief.steps[0].t > 0
    assert len(brief.steps) == 4


def test_what_has_calls_is_no_summary() -> None:
    crowd = Crowd()
    crowd.say(Level(1, "summary"))
    crowd.whole(1)  # our own client's, or one that is held: recorded in full whatever the level
    assert not crowd.journeys[0].summary


def test_who_began_before_the_crowd_is_whole() -> None:
    crowd = Crowd()
    crowd.connect(1)
    crowd.ask(1)
    crowd.say(Level(crowd.n * 1000, "summary"))
    crowd.answer(1, 1, crowd.call(1, 1))
    _summary(crowd, 2)
    crowd.say(Level(crowd.n * 1000, "full"))
    crowd.connect(3)
    crowd.ask(3)
    crowd.look()
    assert [journey.summary for journey in crowd.journeys] == [False, True, False]


def test_the_level_is_the_least_of_the_last_moments() -> None:
    crowd = Crowd()
    assembler = crowd.assembler
    assert assembler.level_at(0) == "full"
    crowd.say(Level(10 * SECOND, "summary"))
    crowd.say(Level(int(10.5 * SECOND), "counted"))
    crowd.say(Level(11 * SECOND, "full"))
    assert assembler.level_at(11 * SECOND) == "counted"
    assert assembler.level_at(12 * SECOND) == "counted"
    assert assembler.level_at(14 * SECOND) == "full"
    crowd.say(Level(20 * SECOND, "summary"))
    assert assembler.level_at(20 * SECOND) == "summary"
    assert assembler.level_at(60 * SECOND) == "full"  # nobody came any more: the next one will be whole
    crowd.say(Level(61 * SECOND, "nothing that we know"))
    assert assembler.level_at(61 * SECOND) == "full"


def test_the_level_is_that_of_the_process_that_records_least() -> None:
    crowd = Crowd()
    crowd.assembler.feed(8, Hello(1, "t", 8, 1, "3.11.7", "python", []))
    crowd.assembler.feed(8, Level(SECOND, "summary"))
    crowd.say(Level(SECOND, "full"))
    assert crowd.assembler.level_at(SECOND) == "summary"


def test_requests_only_counted_add_up() -> None:
    crowd = Crowd()
    crowd.say(Counted(1000))
    crowd.say(Counted(234))
    assert crowd.assembler.counted == 1234
    assert crowd.journeys == []


def test_what_is_dropped_belongs_to_its_journey() -> None:
    crowd = Crowd()
    for connection in (1, 2):
        crowd.connect(connection)
        crowd.ask(connection)
        crowd.call(connection, connection)
    crowd.say(Dropped(5, 1, 1))
    crowd.say(Dropped(3, 2))
    crowd.say(Dropped(7))
    crowd.say(Dropped(11, 99, 99))
    changed = crowd.look()
    assert [journey.dropped for journey in crowd.journeys] == [5, 3]
    assert crowd.assembler.dropped == 26
    assert {journey.number for journey in changed} == {1, 2}


def test_what_is_dropped_of_a_request_that_nobody_knows_is_nobodys() -> None:
    crowd = Crowd()
    crowd.connect(1)
    crowd.ask(1)
    crowd.call(1, 1)
    crowd.say(Dropped(4, 1, 77))
    crowd.look()
    assert crowd.journeys[0].dropped == 0
    assert crowd.assembler.processes[PID] is not None
    assert crowd.assembler.dropped == 4
