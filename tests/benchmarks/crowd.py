"""Journeys as a probe tells them, as many a second as one likes: those of one real request, each with its own numbers."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.registrazioni import again, of_journey, one_journey
from passerella.events import Accepted, Event, Hello, Moment

NAME = "V0000000"  # in the target, of a length of its own: another name makes no byte longer
_PLACE = slice(3, 7)  # of a moment: tid, task, connection, request


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
        self._places = 0
        self._number = 0
        self._delay = 0
        self.sent: dict[str, float] = {}

    def connect(self, path: str, token: str) -> None:
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(path)
        self._say([event for _pid, event in self._process], token)

    def arrive(self) -> str:
        """One more journey, whole; its name."""
        self._number += 1
        name = f"V{self._number:07}"
        line = self._encoded([again(event, self._number) for _pid, event in self._journey])
        self._line.sendall(line.replace(NAME.encode(), name.encode()))
        self.sent[name] = time.monotonic()
        return name

    def flow(self, rate: float) -> Iterator[str]:
        """Journeys at an even pace, until one stops asking for them."""
        due = time.monotonic()
        while True:
            time.sleep(max(0.0, due - time.monotonic()))
            yield self.arrive()
            due += 1 / rate

    def _say(self, events: list[Event], token: str) -> None:
        known = [msgspec.structs.replace(each, token=token) if isinstance(each, Hello) else each for each in events]
        self._line.sendall(self._encoded(known))

    def _encoded(self, events: list[Event]) -> bytes:
        """A line: each place is told once, then stands for four fields of its moments."""
        messages: list[list[object]] = []
        places: dict[tuple[object, ...], int] = {}
        for event in events:
            message = msgspec.to_builtins(event)
            if isinstance(event, Moment):
                place = tuple(message[_PLACE])
                if place not in places:
                    self._places += 1
                    places[place] = self._places
                    messages.append(["place", self._places, *place])
                message[_PLACE] = [places[place]]
            messages.append(message)
        return msgspec.json.encode(messages) + b"\n"


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
