"""Journeys as a probe tells them, as many a second as one likes: those of one real request, each with its own numbers."""

import os
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.registrazioni import again, of_journey, one_journey, peer_of
from passerella.events import Accepted, Event, Hello, Moment

NAME = "V0000000"  # in the target, of a length of its own: another name makes no byte longer
_PLACE = slice(3, 7)  # of a moment: tid, task, connection, request
_NUMBER = re.compile(rb"(?<=[,:])\d+(?=[,\]])")
_SAMPLES = (1, 2, 9)  # journeys that tell how their numbers grow
_PEER = b"peer of the journey"
_PLACES_EACH = 100  # numbers of places for each journey


class Crowd:
    """One process that serves, as the wire has it.

    :ivar sent: when the last byte of each journey was given to the reader, by its name.
    """

    def __init__(self) -> None:
        heard = one_journey(f"GET /?{NAME}")
        peer = next(event.peer for _pid, event in heard if isinstance(event, Accepted))
        self._pid = next(pid for pid, event in heard if isinstance(event, Accepted))
        mine = [(pid, event) for pid, event in heard if pid == self._pid]
        self._journey = [each for each in mine if of_journey(each[1], peer)]
        self._process = [each for each in mine if not of_journey(each[1], peer)]
        self._encoder = _Encoder()
        self._number = 0
        self.sent: dict[str, float] = {}

    def connect(self, path: str, token: str) -> None:
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(path)
        known = [event for _pid, event in self._process]
        known = [msgspec.structs.replace(each, token=token) if isinstance(each, Hello) else each for each in known]
        self._line.sendall(self._encoder.line(known))
        self._journey_line = Template([event for _pid, event in self._journey], self._encoder)

    def arrive(self) -> str:
        """One more journey, whole; its name."""
        self._number += 1
        name = f"V{self._number:07}"
        self._line.sendall(self._journey_line.filled(self._number, name))
        self.sent[name] = time.monotonic()
        return name

    def flow(self, rate: float) -> Iterator[str]:
        """Journeys at an even pace, until one stops asking for them."""
        due = time.monotonic()
        while True:
            time.sleep(max(0.0, due - time.monotonic()))
            yield self.arrive()
            due += 1 / rate


class _Encoder:
    """Events as lines of the wire: each place is told once, then stands for four fields of its moments."""

    def __init__(self) -> None:
        self.places = 0

    def line(self, events: list[Event]) -> bytes:
        messages: list[list[object]] = []
        places: dict[tuple[object, ...], int] = {}
        for event in events:
            message = msgspec.to_builtins(event)
            if isinstance(event, Moment):
                place = tuple(message[_PLACE])
                if place not in places:
                    self.places += 1
                    places[place] = self.places
                    messages.append(["place", self.places, *place])
                message[_PLACE] = [places[place]]
            messages.append(message)
        return msgspec.json.encode(messages) + b"\n"


class Template:
    """The line of a journey, whose numbers grow from one journey to the next by the same steps.

    Who measures how fast lines are read must not use the processor to write them.
    """

    def __init__(self, journey: list[Event], encoder: _Encoder) -> None:
        first, second, later = (self._sample(journey, encoder, number) for number in _SAMPLES)
        self._head, *literals = _NUMBER.split(first)
        self._rest: list[tuple[int, int, bytes]] = []  # a number of journey 0, how much it grows, what is after it
        for old, new, literal in zip(_NUMBER.findall(first), _NUMBER.findall(second), literals, strict=True):
            step = int(new) - int(old)
            if step:
                self._rest.append((int(old) - step * _SAMPLES[0], step, literal))
            elif self._rest:
                start, growth, before = self._rest.pop()
                self._rest.append((start, growth, before + old + literal))
            else:
                self._head += old + literal
        if self._numbered(_SAMPLES[2]) != later:
            raise SystemExit("i viaggi del banco di prova non crescono a passi uguali")

    def filled(self, number: int, name: str) -> bytes:
        line = self._numbered(number).replace(_PEER, peer_of(number).encode())
        return line.replace(NAME.encode(), name.encode())

    @staticmethod
    def _sample(journey: list[Event], encoder: _Encoder, number: int) -> bytes:
        encoder.places = _PLACES_EACH * number
        return encoder.line([again(event, number) for event in journey]).replace(peer_of(number).encode(), _PEER)

    def _numbered(self, number: int) -> bytes:
        parts = [self._head]
        for start, step, literal in self._rest:
            parts += (b"%d" % (start + step * number), literal)
        return b"".join(parts)


class Door(msgspec.Struct):
    """Where the reader listens, told by way of a file."""

    path: str
    token: str

    def tell(self, file: Path) -> None:
        part = file.with_suffix(".part")
        part.write_bytes(msgspec.json.encode(self))
        os.replace(part, file)  # noqa: PTH105

    @staticmethod
    def found(file: Path) -> "Door":
        deadline = time.monotonic() + 30
        while not file.exists():
            if time.monotonic() > deadline:
                raise SystemExit("il laboratorio non si è aperto")
            time.sleep(0.02)
        return msgspec.json.decode(file.read_bytes(), type=Door)
