"""The same bytes give the same journeys, however they were split into reads and writes."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from passerella.events import Accepted, Began, Changes, Closed, Entered, Event, Hello, Left, Received, Sent, Site
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey
from passerella.views.headings import outcome
from passerella.views.sentences import tell

REQUESTS = (
    b"GET /ciao?nome=Ada HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /moduli HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab\r\nc",
    b"PUT /pezzi HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nuno\r\n0\r\n\r\n",
)
RESPONSES = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nAda",
    b"HTTP/1.1 303 See Other\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nsi\r\n0\r\n\r\n",
)
PID, CONNECTION = 7, 1


def pieces(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    places = sorted({cut % (len(data) + 1) for cut in cuts} | {0, len(data)})
    return [data[start:end] for start, end in pairwise(places)]


class Wire:
    """Makes the events of one connection, with a clock of its own."""

    def __init__(self) -> None:
        self.assembler = Assembler()
        self.n = 0
        self.say(Hello(1, "t", PID, 1, "3.11.7", "python", []))
        self.say(Site(1, "socket.recv", "recv", "/x/site-packages/gunicorn/sock.py", 3))
        self.say(Site(2, "wsgi.call", "handle", "/x/site-packages/gunicorn/workers/sync.py", 5))
        self.say(Site(3, "socket.send", "send", "/x/site-packages/gunicorn/util.py", 8))
        self.say(Accepted(*self.moment(), "127.0.0.1:5", "127.0.0.1:80"))

    def moment(self, request: int = 0, site: int = 1) -> tuple[int, int, int, str, int, int, int]:
        self.n += 1
        return self.n, self.n * 1000, 9, "", CONNECTION, request, site

    def say(self, event: Event) -> None:
        self.assembler.feed(PID, event)

    def receive(self, data: bytes, cuts: Sequence[int]) -> None:
        offset = 0
        for piece in pieces(data, cuts):
            self.say(Received(*self.moment(), offset, len(piece), piece.decode("latin-1")))
            offset += len(piece)

    def send(self, data: bytes, cuts: Sequence[int]) -> None:
        offset = 0
        for piece in pieces(data, cuts):
            self.say(Sent(*self.moment(0, 3), offset, len(piece), piece.decode("latin-1")))
            offset += len(piece)

    def serve(self, request: int) -> None:
        """The app is called for the server's request ``request``."""
        self.say(Began(*self.moment(request)))
        environ = Changes({"REQUEST_METHOD": "GET", "wsgi.version": {"tuple": [1, 0]}, "request": request})
        self.say(Entered(*self.moment(request, 2), {}, "environ", environ))
        self.say(Left(*self.moment(request, 2), self.n - 1, {"closes": False}))

    def end(self) -> list[Journey]:
        self.say(Closed(*self.moment(), "close"))
        self.assembler.take_changed()
        return self.assembler.journeys


def run(inbound: Sequence[int], outbound: Sequence[int]) -> list[Journey]:
    wire = Wire()
    wire.receive(b"".join(REQUESTS), inbound)
    for request in (11, 12, 13):
        wire.serve(request)
    wire.send(b"".join(RESPONSES), outbound)
    return wire.end()


CUTS = st.lists(st.integers(0, 400), max_size=40)


@given(CUTS, CUTS)
def test_any_split_gives_the_same_journeys(inbound: list[int], outbound: list[int]) -> None:
    journeys = run(inbound, outbound)
    assert [bytes(journey.request) for journey in journeys] == list(REQUESTS)
    assert [bytes(journey.response) for journey in journeys] == list(RESPONSES)
    assert [(journey.method, journey.target, journey.status) for journey in journeys] == [
        ("GET", "/ciao?nome=Ada", 200),
        ("POST", "/moduli", 303),
        ("PUT", "/pezzi", 200),
    ]
    assert all(journey.complete and journey.quiet for journey in journeys)


@given(CUTS, CUTS)
def test_any_split_gives_the_same_steps_but_for_how_many_reads(inbound: list[int], outbound: list[int]) -> None:
    def kinds(journey: Journey) -> list[str]:
        names = [step.name for step in journey.steps if step.station != "socket"]
        return names

    assert [kinds(journey) for journey in run(inbound, outbound)] == [kinds(journey) for journey in run([], [])]


@given(CUTS, CUTS)
def test_the_pieces_of_a_journey_cover_its_bytes(inbound: list[int], outbound: list[int]) -> None:
    for journey in run(inbound, outbound):
        for direction, whole in (("inbound", journey.request), ("outbound", journey.response)):
            seen = [step.bytes for step in journey.steps if step.bytes is not None and step.direction == direction]
            assert b"".join(piece.data for piece in seen) == whole
            assert seen[0].start == 0
            assert all(one.end == next_.start for one, next_ in pairwise(seen))


def test_steps_keep_their_numbers_without_holes_when_one_comes_late() -> None:
    wire = Wire()
    wire.receive(REQUESTS[0], [])
    wire.serve(11)
    late = Entered(99, 1500, 9, "", CONNECTION, 11, 2, {}, "", None)
    wire.say(late)
    wire.send(RESPONSES[0], [])
    [journey] = wire.end()
    assert [step.n for step in journey.steps] == list(range(1, len(journey.steps) + 1))
    assert [step.t for step in journey.steps] == sorted(step.t for step in journey.steps)
    for step in journey.steps:
        if step.pair is not None:
            assert journey.steps[step.pair - 1].pair == step.n


def test_a_connection_that_ends_before_the_response_ends_its_journey() -> None:
    wire = Wire()
    wire.receive(REQUESTS[1][:-3], ())
    wire.assembler.take_changed()
    (journey,) = wire.assembler.journeys
    assert outcome(journey) == "in corso"
    assert wire.end() == [journey]
    assert (journey.complete, journey.quiet, outcome(journey)) == (False, True, "senza risposta")
    assert list(tell(journey))[-1] == "Il viaggio si è interrotto."
