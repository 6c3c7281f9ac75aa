"""How long a recording of many journeys takes to open: ``python tests/benchmarks/registrazioni.py [viaggi]``.

One real journey of a real server, repeated: another connection and another moment each time.
"""

import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from passerella.client.prepared import Prepared
from passerella.client.request import compose
from passerella.events import Accepted, Event, Moment
from passerella.recordings.reading import Recording
from passerella.recordings.writing import Recorder
from passerella.scenarios import SCENARIOS
from passerella.servers import SERVERS
from passerella.session.live import Command, Session

_SCENARIO = "gunicorn-flask"
Said = tuple[int, Event]


def one_journey(line: str = "GET /ciao?nome=Ada") -> list[Said]:
    """Everything that is heard while one request is served."""
    scenario = SCENARIOS[_SCENARIO]
    heard: list[Said] = []
    lock = threading.Lock()

    def hear(batch: list[Said]) -> None:
        with lock:
            heard.extend(batch)

    argv = SERVERS[scenario.server].command(sys.executable, scenario.app)
    with Session(Command(argv, scenario.folder), hear) as session:
        session.wait_ready()
        time.sleep(0.5)
        session.send([Prepared.of(compose(line, host=session.url.partition("//")[2]))])
        time.sleep(0.5)
        with lock:
            return list(heard)


def many(heard: list[Said], count: int) -> Iterator[list[Said]]:
    """What the processes said of themselves, then the journey again and again."""
    peer = next(event.peer for _pid, event in heard if isinstance(event, Accepted))
    yield [(pid, event) for pid, event in heard if not of_journey(event, peer)]
    journey = [(pid, event) for pid, event in heard if of_journey(event, peer)]
    for number in range(count):
        yield [(pid, again(event, number)) for pid, event in journey]


def of_journey(event: Event, peer: str) -> bool:
    return (isinstance(event, Moment) and bool(event.connection)) or getattr(event, "local", None) == peer


def again(event: Event, number: int) -> Event:
    later = {"t": getattr(event, "t", 0) + number * 5_000_000}
    peer = peer_of(number)
    if isinstance(event, Moment):
        request = event.request + number if event.request else 0
        later |= {"n": event.n + number * 10_000, "connection": event.connection + number, "request": request}
        for name in ("entry", "moment"):
            if hasattr(event, name):
                later[name] = getattr(event, name) + number * 10_000
        return msgspec.structs.replace(event, **later, **({"peer": peer} if isinstance(event, Accepted) else {}))
    return msgspec.structs.replace(event, **later, local=peer)


def peer_of(number: int) -> str:
    return f"127.0.{number // 20_000}.1:{10_000 + number % 20_000}"


def record(path: Path, count: int) -> None:
    from passerella.journeys.assembler import Assembler

    recorder, assembler = Recorder(path, masked=False), Assembler()
    for batch in many(one_journey(), count):
        recorder.hear(batch)
        for pid, event in batch:
            assembler.feed(pid, event)
        for journey in assembler.take_changed():
            if journey.quiet:
                recorder.tell(journey)
                assembler.forget(journey)
    recorder.close()


def measure(path: Path) -> None:
    """In a process of its own, whose memory is that of one reader."""
    began = time.perf_counter()
    recording = Recording(path, at_once=False)
    some = recording.outline()
    steps = len(next(some)[-1].steps)
    first = time.perf_counter() - began
    for _journeys in some:
        pass
    opened = time.perf_counter() - began
    for journey in recording.journeys[:: max(1, len(recording.journeys) // 20)]:
        steps += len(journey.steps)
    stepped = (time.perf_counter() - began - opened) / 20
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = path.stat().st_size / 1e6
    lines = (
        f"{len(recording.journeys)} viaggi, {size:.0f} MB",
        f"  i primi dell'elenco, e i passi di uno   {first:.2f} s",
        f"  l'elenco intero                         {opened:.2f} s",
        f"  i passi di un altro viaggio             {stepped * 1000:.0f} ms",
        f"  memoria                                 {memory:.0f} MiB",
    )
    print("\n".join(lines))  # noqa: T201


def main() -> None:
    if len(sys.argv) > 2:
        measure(Path(sys.argv[2]))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tanti.passerella"
        record(path, count)
        subprocess.run([sys.executable, __file__, str(count), str(path)], check=True)


if __name__ == "__main__":
    main()
