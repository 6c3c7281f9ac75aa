"""A Gunicorn sync request really held for half an hour, while Gunicorn's own timeout stays 30 seconds (design §5).

    python tests/long/mezzora.py [SECONDS]

The server is started by a free command line, to which Passerella adds nothing. At the end the request is let go and
must get its answer, from the worker that began it; a second request is then served by the same worker.
"""

import sys
import tempfile
import threading
import time
from pathlib import Path

from passerella.cli.target import of_words
from passerella.client.answer import Answer
from passerella.client.prepared import Prepared
from passerella.events import Event, Held
from passerella.journeys.assembler import Assembler
from passerella.session.live import Session
from passerella.session.wanted import HoldRule

HALF_AN_HOUR = 1800.0
PATIENCE = 30.0
APP = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [b"ecco\\n"]
"""


class Seen:
    """What the probes said."""

    def __init__(self) -> None:
        self.assembler = Assembler()
        self.held: list[tuple[int, Held]] = []
        self._lock = threading.Lock()

    def hear(self, batch: list[tuple[int, Event]]) -> None:
        with self._lock:
            for pid, event in batch:
                self.assembler.feed(pid, event)
                if isinstance(event, Held):
                    self.held.append((pid, event))

    def settle(self) -> None:
        with self._lock:
            self.assembler.take_changed()


def ask(session: Session, target: str) -> tuple[threading.Thread, list[Answer]]:
    answers: list[Answer] = []
    request = Prepared.of(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    thread = threading.Thread(target=lambda: answers.extend(session.send([request])), daemon=True)
    thread.start()
    return thread, answers


def hold(seconds: float) -> None:
    seen = Seen()
    folder = Path(tempfile.mkdtemp(prefix="mezzora-"))
    (folder / "prova.py").write_text(APP, encoding="ascii")
    command = of_words([sys.executable, "-m", "gunicorn", "-b", "127.0.0.1:0", "prova:app"], ()).command
    command.cwd = folder
    rule = HoldRule(1, station="gateway", path="/fermo", landmark="wsgi.call")
    with Session(command, seen.hear, [rule]) as session:
        session.wait_ready()
        began = time.monotonic()
        asking, answers = ask(session, "/fermo")
        while not seen.held and time.monotonic() - began < PATIENCE:
            time.sleep(0.05)
        [(worker, held)] = seen.held
        say(f"fermo nel worker {worker} per {seconds:g} s; comando: {' '.join(command.argv)}")
        while time.monotonic() - began < seconds:
            time.sleep(min(30.0, seconds))
            check(asking.is_alive(), "la risposta è arrivata mentre il viaggio era fermo")
        session.resume(worker, held.moment)
        asking.join(PATIENCE)
        check(bool(answers) and answers[0].length > 0, f"nessuna risposta: {answers}")
        second, others = ask(session, "/dopo")
        second.join(PATIENCE)
        time.sleep(1)
        seen.settle()
        journeys = seen.assembler.journeys
        words = session.program.words()
        say(f"risposte: {[journey.status for journey in journeys]}; fermo per {journeys[0].held / 1e9:.1f} s")
        check([journey.status for journey in journeys] == [200, 200], "non sono due risposte 200")
        check(bool(others), "la seconda richiesta non ha avuto risposta")
        check(
            {step.pid for journey in journeys for step in journey.steps if step.station != "client"} == {worker}, words
        )
        check("WORKER TIMEOUT" not in words and words.count("Booting worker") == 1, words)
    say("riuscito: la richiesta è finita, il worker è lo stesso, nessun WORKER TIMEOUT")


def check(true: bool, sentence: str) -> None:
    if not true:
        say(f"fallito: {sentence}")
        raise SystemExit(1)


def say(line: str) -> None:
    print(time.strftime("%H:%M:%S"), line, flush=True)  # noqa: T201


if __name__ == "__main__":
    hold(float(sys.argv[1]) if len(sys.argv) > 1 else HALF_AN_HOUR)
