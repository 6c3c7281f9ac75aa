"""Events of many requests, one connection each or all on one."""

from passerella.events import Accepted, Began, Changes, Closed, Entered, Event, Hello, Left, Received, Sent, Site
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey

PID = 7
REQUEST = "GET /ciao?nome=Ada{n} HTTP/1.1\r\nHost: x\r\n\r\n"
RESPONSE = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nAda"


class Crowd:
    """Says what a probe would of each request."""

    def __init__(self, most: int = 100) -> None:
        self.assembler = Assembler(most)
        self.n = 0
        self.say(Hello(1, "t", PID, 1, "3.11.7", "python", []))
        self.say(Site(1, "socket.recv", "recv", "/x/site-packages/gunicorn/sock.py", 3))
        self.say(Site(2, "wsgi.call", "handle", "/x/site-packages/gunicorn/workers/sync.py", 5))
        self.say(Site(3, "socket.send", "send", "/x/site-packages/gunicorn/util.py", 8))

    def say(self, event: Event) -> None:
        self.assembler.feed(PID, event)

    def moment(self, connection: int, request: int = 0, site: int = 1) -> tuple[int, int, int, str, int, int, int]:
        self.n += 1
        return self.n, self.n * 1000, 9, "", connection, request, site

    def connect(self, connection: int, peer: str = "") -> None:
        self.say(Accepted(*self.moment(connection), peer or f"127.0.0.1:{connection}", "127.0.0.1:80"))

    def ask(self, connection: int) -> None:
        text = REQUEST.format(n=connection)
        self.say(Received(*self.moment(connection), 0, len(text), text))

    def call(self, connection: int, request: int) -> int:
        """The app is called; the number of the moment."""
        self.say(Began(*self.moment(connection, request)))
        environ = Changes({"REQUEST_METHOD": "GET", "wsgi.version": {"tuple": [1, 0]}, "request": request})
        self.say(Entered(*self.moment(connection, request, 2), {}, "environ", environ))
        return self.n

    def answer(self, connection: int, request: int, entry: int) -> None:
        self.say(Left(*self.moment(connection, request, 2), entry, {"closes": False}))
        self.say(Sent(*self.moment(connection, request, 3), 0, len(RESPONSE), RESPONSE))

    def close(self, connection: int) -> None:
        self.say(Closed(*self.moment(connection), "close"))

    def serve(self, connection: int, request: int) -> None:
        self.ask(connection)
        self.answer(connection, request, self.call(connection, request))

    def whole(self, number: int) -> None:
        """A connection, its request, its end; somebody looks."""
        self.connect(number)
        self.serve(number, number + 1_000_000)
        self.close(number)
        self.look()

    def look(self) -> list[Journey]:
        return self.assembler.take_changed()

    @property
    def journeys(self) -> list[Journey]:
        return self.assembler.journeys
