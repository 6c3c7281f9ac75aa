"""Writes a recording while it happens: an append for each batch of events, nothing ever changed afterwards."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, TypeVar

import msgspec

from passerella.events import (
    Accepted,
    ClientClosed,
    ClientConnected,
    ClientReceived,
    ClientSent,
    Dropped,
    Entered,
    Event,
    FrontReady,
    FrontSaid,
    FunctionSeen,
    Goodbye,
    Hello,
    Left,
    Library,
    Magnified,
    Moment,
    Site,
)
from passerella.journeys.labels import Labels
from passerella.journeys.model import Journey
from passerella.language.system_words import refusal
from passerella.recordings.format import (
    MOST_EVENTS,
    VERSION,
    About,
    Beginning,
    Code,
    Finish,
    Record,
    Told,
    encode,
    encode_events,
)
from passerella.recordings.lines import LinesOfCode, read_lines

if TYPE_CHECKING:
    from passerella.recordings.masking import Masker

Batch = Sequence[tuple[int, Event]]
_PlaceInCode = tuple[str, int]

THROUGH_FRONT = "davanti"  # where there is a web server in front: nobody knows yet which connections belong together
OF_PROCESSES = ""  # the conversation of what belongs to none
_LARGEST = 1024**3  # bytes of a recovery file: then it stops growing, and says so
_TARGET = 2000  # characters of a target in the list
_DIGITS = 12
_REMEMBERED = 50_000  # connections whose journeys can still be told


class Place(NamedTuple):
    """Where the events of a journey are: its conversation, and which of its connections, from 1; 0 is none."""

    conversation: str
    generation: int


class Recorder:
    """Appends what it hears to a file that only its owner can read. Called from any thread; a full disk ends it.

    :ivar error: why it stopped writing, or empty.
    """

    def __init__(
        self,
        path: Path,
        *,
        masked: bool,
        started: float | None = None,
        origin: int | None = None,
        largest: int = _LARGEST,
        reads_code: bool = True,
    ) -> None:
        self.path = path
        self.error = ""
        self._masker = _masker() if masked else None
        self._lock = threading.Lock()
        self._file: BinaryIO | None = _open_private(path)
        self._written = 0
        self._largest = largest
        self._conversations = _Conversations()
        self._code = LinesOfCode(read_lines) if reads_code else None
        self._told = 0
        self._write(
            Beginning(
                VERSION,
                time.time() if started is None else started,
                time.monotonic_ns() if origin is None else origin,
                masked,
            )
        )

    def about(self, server: str, app: str, url: str, command: Sequence[str] = ()) -> None:
        """What is being traced, as it becomes known."""
        with self._lock:
            self._write(
                About(server[:200], app[:200], url[:400], [self._covered(word)[:4096] for word in command], _program())
            )

    def hear(self, batch: Batch) -> None:
        """Append some events."""
        with self._lock:
            if self._file is None:
                return
            said = self._masker.mask(batch) if self._masker is not None else batch
            grouped: dict[str, list[tuple[int, Event]]] = {OF_PROCESSES: []}  # first: who is who, and what is where
            ended: list[tuple[int, Event]] = []
            for (pid, event), (_pid, shown) in zip(batch, said, strict=True):
                if type(shown) is Hello:
                    shown = msgspec.structs.replace(shown, token="")  # of our own channel: nobody's business
                conversation = grouped.setdefault(self._conversations.of(pid, event), [])
                (ended if type(event) is Goodbye else conversation).append((pid, shown))
                # By exact type: isinstance() of msgspec's takes ten times as long.
                places = _PLACES_IN_CODE.get(type(event))
                if places is not None:
                    self._keep_code(places(event))
            for name, events in (*grouped.items(), (OF_PROCESSES, ended)):
                self._append(name, events)

    def keep_code(self, file: str, first: int, lines: Sequence[str]) -> None:
        """Append lines of code that are known already."""
        with self._lock:
            self._write(Code(file[:4096], first, [self._covered(line) for line in lines]))

    def tell(self, journey: Journey) -> None:
        """Append how a journey ended: what a list of journeys needs, to be there at once when the file is opened."""
        with self._lock:
            for told in self.places([journey]):
                self._write_told(told)

    def places(self, journeys: Iterable[Journey]) -> list[Told]:
        """What a list shows of these journeys, and where their events are; of those whose events were heard here."""
        placed = [(journey, self._conversations.of_journey(journey)) for journey in journeys]
        return [summary(journey, place) for journey, place in placed if place is not None]

    def copy(self, told: Told) -> None:
        """Append a summary read from another recording of the same events."""
        with self._lock:
            self._write_told(told)

    def close(self) -> None:
        """The end: nothing more comes."""
        with self._lock:
            self._write(Finish(self._told))
            if self._file is not None:
                self._file.close()
                self._file = None

    def _covered(self, text: str) -> str:
        return self._masker.text(text) if self._masker is not None else text

    def _write_told(self, told: Told) -> None:
        self._told += 1
        if self._masker is not None and told.target:
            told = msgspec.structs.replace(told, target=self._masker.text(told.target, told.conversation))
        self._write(told)

    def _append(self, conversation: str, events: Batch) -> None:
        """Lines of bounded length; what is told of no conversation stands before what needs it."""
        if not events:
            return
        together = encode_events(events)
        if len(together) <= MOST_EVENTS or len(events) == 1:
            self._write_events(conversation, together)
        else:
            half = len(events) // 2
            self._append(conversation, events[:half])
            self._append(conversation, events[half:])

    def _write_events(self, conversation: str, events: bytes) -> None:
        self._put(b'["events",' + _encode_name(conversation) + b"," + events + b"]\n")

    def _write(self, record: Record) -> None:
        self._put(encode(record))

    def _put(self, line: bytes) -> None:
        if self._file is None:
            return
        if self._written + len(line) > self._largest:
            self._stop("full")
            return
        try:
            self._file.write(line)
        except OSError as error:
            self._stop(refusal(error))
        self._written += len(line)

    def _stop(self, why: str) -> None:
        self.error = why
        if self._file is not None:
            self._file.close()
            self._file = None

    def _keep_code(self, places: Iterable[_PlaceInCode]) -> None:
        if self._code is None:
            return
        for file, line in places:
            for first, lines in self._code.around(file, line):
                self._write(Code(file[:4096], first, [self._covered(text) for text in lines]))


def _place_of_site(event: Site) -> Iterable[_PlaceInCode]:
    return ((event.file, event.line),)


def _places_magnified(event: Magnified) -> Iterable[_PlaceInCode]:
    return [(seen.file, seen.line) for seen in event.seen if isinstance(seen, FunctionSeen)]


def _place_raised_at(event: Left) -> Iterable[_PlaceInCode]:
    place = event.value.get("raised_at")
    if not isinstance(place, dict):
        return ()
    file, line = place.get("file"), place.get("line")
    return ((file, line),) if isinstance(file, str) and isinstance(line, int) else ()


# Events that may say where in the code, and the lines that a step made of them shows.
_PLACES_IN_CODE: dict[type[Event], Callable[[Any], Iterable[_PlaceInCode]]] = {
    Site: _place_of_site,
    Magnified: _places_magnified,
    Left: _place_raised_at,
}


class _Conversations:
    """Which conversation an event belongs to: a connection is called by its client's address, on both sides.

    Connections of one address follow one another: which one a journey is of, its generation tells.
    """

    def __init__(self) -> None:
        self._labels = Labels()
        self._names: dict[tuple[int, int], str] = {}  # of the connections of each process
        self._generations: dict[str, int] = {}
        self._known: dict[str, Place] = {}  # the label of a connection -> its conversation and generation
        self._first: dict[tuple[int, int], str] = {}
        self._unbound: set[str] = set()
        self._in_front = False
        self._calls_apart = False  # those of the app are told by a process that has no connections
        self._lifespans: set[tuple[int, int]] = set()

    def of(self, pid: int, event: Event) -> str:
        connection: int = getattr(event, "connection", -1)  # of no event
        found = self._names.get((pid, connection)) if type(event) is not Accepted else None
        if found is not None:  # as nearly always
            return found
        if isinstance(event, FrontReady):
            self._in_front = True
            self._calls_apart = not event.upstream
            return OF_PROCESSES
        if isinstance(event, Library) and event.name == "relay":
            self._in_front = self._calls_apart = True
        if isinstance(event, FrontSaid):
            return THROUGH_FRONT
        if isinstance(event, ClientConnected | ClientSent | ClientReceived | ClientClosed):
            return THROUGH_FRONT if self._in_front else event.local or OF_PROCESSES
        if isinstance(event, Accepted):
            return self._met(pid, event)
        if not isinstance(event, Moment | Dropped):
            return OF_PROCESSES
        if self._calls_apart and self._is_call(pid, event):
            return THROUGH_FRONT
        name = f"{pid}/{event.request}" if event.request else OF_PROCESSES
        if isinstance(event, Entered) and name and name not in self._unbound:
            self._unbound.add(name)
            self._first[pid, event.n] = name
        return name

    def _is_call(self, pid: int, event: Moment | Dropped) -> bool:
        """Whether it is of a call that came by who stands in front, and not of a lifespan."""
        if isinstance(event, Entered) and event.changes is not None and event.changes.added.get("type") == "lifespan":
            self._lifespans.add((pid, event.request))
        return bool(event.request) and (pid, event.request) not in self._lifespans

    def of_journey(self, journey: Journey) -> Place | None:
        """Where the events of a journey are; None when they were not heard here."""
        if journey.front or (self._calls_apart and journey.protocol != "lifespan"):
            return Place(THROUGH_FRONT, generation_of(journey.connection))
        if journey.connection:
            return self._known.get(journey.connection)
        first = journey.steps[0] if journey.steps else None
        name = self._first.get((first.pid, first.moment)) if first is not None else None
        return Place(name, 0) if name is not None else None

    def _met(self, pid: int, event: Accepted) -> str:
        if self._in_front:
            label = self._labels.next(event.peer)
            _bound(self._names)[pid, event.connection] = THROUGH_FRONT
            _bound(self._known)[label] = Place(THROUGH_FRONT, generation_of(label))
            return THROUGH_FRONT
        name = event.peer or f"{pid}#{event.connection}"
        generation = self._generations[name] = self._generations.get(name, 0) + 1
        _bound(self._names)[pid, event.connection] = name
        _bound(self._known)[self._labels.next(event.peer)] = Place(name, generation)
        return name


def generation_of(connection: str) -> int:
    """Which connection of its address this is."""
    number = connection.rpartition("#")[2]
    return int(number) if number.isdigit() and len(number) < _DIGITS else 0


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _bound(known: dict[_Key, _Value]) -> dict[_Key, _Value]:
    """Without its oldest, where there are too many."""
    if len(known) >= _REMEMBERED:
        del known[next(iter(known))]
    return known


def _encode_name(conversation: str) -> bytes:
    """A string as JSON has it."""
    return json.dumps(conversation).encode("ascii")


def summary(journey: Journey, place: Place) -> Told:
    """What a list shows of a journey."""
    return Told(
        conversation=place.conversation,
        generation=place.generation,
        number=journey.number,
        connection=journey.connection,
        ordinal=journey.ordinal,
        protocol=journey.protocol,
        interface=journey.interface,
        method=journey.method[:100] if journey.method is not None else None,
        target=journey.target[:_TARGET] if journey.target is not None else None,
        status=journey.status,
        server=journey.server[:200],
        pid=journey.pid,
        started=journey.started,
        ended=journey.ended,
        held=journey.held_by(journey.ended),
        request_length=journey.request_length,
        response_length=journey.response_length,
        answered=journey.answered,
        complete=journey.complete,
        quiet=journey.quiet,
        dropped=journey.dropped,
        abandoned=journey.abandoned,
        summary=journey.summary,
        stations=sorted(journey.stations),
        errors=sorted(error[:200] for error in journey.errors),
        front=journey.front[:200],
    )


def _masker() -> "Masker":
    """Imported when it is needed: a session is kept as it is, and begins sooner."""
    from passerella.recordings.masking import Masker

    return Masker()


def _program() -> str:
    """Who writes."""
    from importlib import metadata  # slow to import, and the server is started before

    try:
        return f"passerella {metadata.version('passerella')}"
    except metadata.PackageNotFoundError:
        return "passerella"


def _open_private(path: Path) -> BinaryIO:
    """A new file that only its owner can read and write; what was there under that name is replaced."""
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    if hasattr(os, "fchmod"):
        os.fchmod(number, 0o600)
    return os.fdopen(number, "wb", buffering=0)
