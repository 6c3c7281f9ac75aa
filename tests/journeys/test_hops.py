"""Two hops joined into one journey, in whatever order their events come."""

import random
from itertools import count

import pytest

from passerella.events import (
    Accepted,
    ClientConnected,
    ClientReceived,
    ClientSent,
    Closed,
    Event,
    FrontReady,
    FrontSaid,
    Hello,
    Moment,
    Received,
    Sent,
    Site,
)
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey

OURS, FRONT, APP = 1, 2, 3
Said = tuple[int, Event]
READY = FrontReady(t=0, name="nginx", version="1", address="127.0.0.1:80", upstream="127.0.0.1:8001", sees="stages")


def app_speaks() -> list[Said]:
    sites = ("socket.accept", "socket.recv", "socket.send", "socket.close")
    hello = Hello(protocol=1, token="", pid=APP, ppid=0, python="", executable="", argv=[])
    return [(APP, hello), *((APP, Site(n + 1, name, name, "x.py", 1)) for n, name in enumerate(sites))]


class Wire:
    """Makes the events of requests, in the order in which they really happen, each a microsecond later."""

    def __init__(self) -> None:
        self.clock = count(1000, 1000)
        self.numbers = count(1)

    def client(self, port: int, target: str, answer: str) -> tuple[list[Said], list[Said]]:
        """What our client says before and after."""
        local, t = f"127.0.0.1:{port}", self.clock
        request = f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n"
        before: list[Said] = [
            (OURS, ClientConnected(next(t), local)),
            (OURS, ClientSent(next(t), local, 0, len(request), request)),
        ]
        return before, [(OURS, ClientReceived(next(t), local, 0, len(answer), answer))]

    def front(self, port: int, target: str, head: str, sent: int, status: str = "200") -> tuple[list[Said], list[Said]]:
        peer, number, t = f"127.0.0.1:{port}", str(port), self.clock

        def said(what: str, data: str = "", **value: object) -> Said:
            return FRONT, FrontSaid(next(t), 1, number, peer, what, data, value=value)

        before = [
            said("accept"),
            said("request", line=f"GET {target} HTTP/1.1"),
            said("headers", headers=[["Host", "x"]]),
        ]
        before += [said("location", location="/"), said("forward", head)] if head else []
        after = [said("answer", status=200)] if head else []
        after += [said("relay", length=sent), said("done", status=status, sent=str(sent)), said("close")]
        return before, after

    def app(self, port: int, head: str, answer: str) -> list[Said]:
        connection = next(self.numbers)
        place = {"tid": 1, "task": "", "connection": connection, "request": 0}

        def moment(kind: type[Moment], site: int, **rest: object) -> Said:
            made = kind(n=next(self.numbers), t=next(self.clock), site=site, **place, **rest)  # type: ignore[arg-type]
            return APP, made

        return [
            moment(Accepted, 1, peer=f"127.0.0.1:{port}", local="127.0.0.1:8001"),
            moment(Received, 2, offset=0, length=len(head), data=head),
            moment(Sent, 3, offset=0, length=len(answer), data=answer),
            moment(Closed, 4, how="close"),
        ]


HEAD = "GET {} HTTP/1.0\r\nHost: y\r\nConnection: close\r\n\r\n"
NEAR = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
FAR = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"


def request(wire: Wire, port: int, target: str) -> tuple[list[Said], list[Said], list[Said]]:
    """What each of the three says of one request: our client, the web server, the app's server."""
    head = HEAD.format(target)
    sent, received = wire.client(port, target, NEAR)
    forwarded, answered = wire.front(port, target, head, len(NEAR))
    return [*sent, *received], [*forwarded, *answered], wire.app(port + 1000, head, FAR)


def assembled(*said: list[Said]) -> list[Journey]:
    assembler = Assembler()
    for pid, event in [*app_speaks(), (FRONT, READY), *(each for group in said for each in group)]:
        assembler.feed(pid, event)
        assembler.take_changed()
    return assembler.journeys


def test_one_journey_of_two_hops() -> None:
    wire = Wire()
    sent, received = wire.client(5000, "/a", NEAR)
    forwarded, answered = wire.front(5000, "/a", HEAD.format("/a"), len(NEAR))
    (journey,) = assembled(sent, forwarded, wire.app(6000, HEAD.format("/a"), FAR), answered, received)
    assert journey.upstream is not None
    assert bytes(journey.request) == b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
    assert bytes(journey.response) == NEAR.encode()
    assert bytes(journey.upstream.request) == HEAD.format("/a").encode()
    assert bytes(journey.upstream.response) == FAR.encode()
    assert (journey.front, journey.rebuilt, journey.upstream.uncertain) == ("nginx", False, False)
    assert (journey.number, journey.status, journey.complete, journey.quiet) == (1, 200, True, True)
    assert [step.n for step in journey.steps] == list(range(1, len(journey.steps) + 1))
    assert {step.hop for step in journey.steps if step.station == "socket"} == {2}
    assert {step.hop for step in journey.steps if step.station == "client"} == {1}


@pytest.mark.parametrize("order", range(6))
def test_in_whatever_order_the_three_are_heard(order: int) -> None:
    groups = list(request(Wire(), 5000, "/a"))
    chance = random.Random(order)  # noqa: S311
    chance.shuffle(groups)
    mixed: list[Said] = []
    while any(groups):
        mixed.append(chance.choice([group for group in groups if group]).pop(0))
    (journey,) = assembled(mixed)
    assert journey.upstream is not None
    assert (journey.complete, journey.quiet, journey.rebuilt) == (True, True, False)
    names = [step.name for step in journey.steps]
    assert names.index("front_forward") < names.index("recv")
    assert names.index("front_relay") < names.index("response_received")
    assert len({step.key for step in journey.steps}) == len(journey.steps)


def test_equal_heads_at_the_same_time_are_uncertain() -> None:
    wire = Wire()
    one, other = request(wire, 5000, "/a"), request(wire, 5001, "/a")
    journeys = assembled(one[0], other[0], one[1], other[1], one[2], other[2])
    assert len(journeys) == 2
    assert all(journey.upstream is not None and journey.upstream.uncertain for journey in journeys)


def test_different_heads_at_the_same_time_are_not() -> None:
    wire = Wire()
    one, other = request(wire, 5000, "/a"), request(wire, 5001, "/b")
    journeys = assembled(one[0], other[0], one[1], other[1], other[2], one[2])
    told = {journey.target: bytes(journey.origin_request).split(b" ")[1] for journey in journeys}
    assert told == {"/a": b"/a", "/b": b"/b"}
    assert not any(journey.upstream is not None and journey.upstream.uncertain for journey in journeys)


def test_what_the_web_server_answers_itself() -> None:
    wire = Wire()
    sent, received = wire.client(5000, "/static/a", NEAR)
    told, done = wire.front(5000, "/static/a", "", len(NEAR))
    (journey,) = assembled(sent, told, done, received)
    assert (journey.upstream, journey.status, journey.quiet) == (None, 200, True)


def test_a_head_that_was_forwarded_to_nobody_is_not_taken_for_the_next_one() -> None:
    wire = Wire()
    sent, received = wire.client(5000, "/a", "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
    forwarded, _ = wire.front(5000, "/a", HEAD.format("/a"), 0)
    refused = FrontSaid(
        next(wire.clock), 1, "5000", "127.0.0.1:5000", "done", value={"status": "502", "connect_time": "-"}
    )
    first, second = assembled(sent, forwarded, [(FRONT, refused)], received, *request(wire, 5001, "/a"))
    assert (first.upstream, first.status, first.complete) == (None, 502, True)
    assert second.upstream is not None
    assert not second.upstream.uncertain


def test_a_client_that_is_not_ours_is_known_from_the_log() -> None:
    wire = Wire()
    forwarded, answered = wire.front(5000, "/a", HEAD.format("/a"), len(NEAR))
    (journey,) = assembled(forwarded, wire.app(6000, HEAD.format("/a"), FAR), answered)
    assert journey.rebuilt
    assert bytes(journey.request) == b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
    assert journey.complete


def test_a_request_that_came_straight_to_the_app() -> None:
    wire = Wire()
    straight = wire.app(6000, HEAD.format("/b"), FAR)
    later = FrontSaid(10**10, 1, "9", "127.0.0.1:9", "request", value={"line": "GET /x HTTP/1.1"})
    journeys = assembled(straight, [(FRONT, later)])
    (found,) = [journey for journey in journeys if journey.target == "/b"]
    assert (found.upstream, found.front, found.number > 0) == (None, "", True)
    assert bytes(found.request) == HEAD.format("/b").encode()
    assert {step.hop for step in found.steps} == {1}
