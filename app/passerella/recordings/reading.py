"""Opens a recording: the list of journeys at once, the steps of each when somebody looks at it.

Nothing that the file says is believed, run, or looked for elsewhere: lines are bounded, values are plain data of known
types, and a line that is none is left out and counted.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from passerella.errors import ContentError
from passerella.events import Event
from passerella.journeys.assembler import Assembler
from passerella.journeys.model import PACKED, Journey
from passerella.journeys.process import Process
from passerella.language import _, plural
from passerella.language.system_words import refusal
from passerella.recordings.decoding import LONGEST_LINE, UnreadableError, check_version, decode, outline
from passerella.recordings.format import NAME, About, Beginning, Code, Events, Finish, Told
from passerella.recordings.writing import OF_PROCESSES, THROUGH_FRONT, Place, generation_of, summary

Said = tuple[int, Event]
_Line = tuple[int, int]  # where it begins, and its length

_OPENED = 32  # journeys whose steps stay in memory
_OPENED_WITH = ("steps_held", "unseen", "omitted", "omitted_after", "held_omitted", "front", "rebuilt", "uncertain")
_FEW, _MANY = 100, 2000  # journeys told at first, and at each time after
_ASSEMBLED = 4  # conversations that stay assembled
_MOST_JOURNEYS = 1_000_000
_MOST_CODE = 64 * 1024 * 1024  # characters
_STEP = 512  # events fed between two looks


class Recording:
    """An open file.

    :ivar journeys: those whose end is told in the file, their steps packed: read when somebody looks at them.
    :ivar unread_lines: lines that could not be understood.
    :ivar finished: the file has its last line.
    """

    def __init__(self, path: Path, *, at_once: bool = True) -> None:
        """``at_once``: read all of it now; otherwise whoever opens it goes through :meth:`outline` first."""
        self.path = path
        self.journeys: list[Journey] = []
        self.about = About()
        self.unread_lines = 0
        self.finished = False
        self._file = _opened(path)
        self._turn = threading.Lock()
        self.beginning = _beginning(self._file)
        self._conversations: dict[str, list[_Line]] = {}
        self._of_processes: list[_Line] = []
        self._told_until: dict[str, int] = {}
        self._told_places: set[tuple[str, int, int]] = set()  # conversation, generation, ordinal
        self._numbers: set[int] = set()
        self._places: dict[int, Told] = {}  # by identity of the journeys
        self._code: dict[str, dict[int, str]] = {}
        self._code_size = 0
        self._opened: OrderedDict[int, Journey] = OrderedDict()
        self._assemblers: OrderedDict[str, Assembler] = OrderedDict()
        if at_once:
            for _journeys in self.outline():
                pass
            self.journeys.sort(key=lambda journey: journey.number)

    @property
    def trouble(self) -> str:
        """What is wrong with the file, in a sentence; empty when nothing is."""
        if self.unread_lines and not self.journeys:
            return _("Il file è rovinato, e dei viaggi non è rimasto niente.")
        if self.unread_lines:
            return plural(
                "Il file è rovinato: {n} riga non si può leggere. Il resto è qui.",
                "Il file è rovinato: {n} righe non si possono leggere. Il resto è qui.",
                self.unread_lines,
            ).format(n=self.unread_lines)
        if not self.finished:
            return _("La registrazione si interrompe prima della fine. Quello che c'era è qui.")
        return ""

    @property
    def processes(self) -> dict[int, Process]:
        """What the traced processes said of themselves."""
        known: dict[int, Process] = {}
        for pid, event in self._events(self._of_processes):
            known.setdefault(pid, Process(pid)).learn(event)
        return known

    def code(self, file: str) -> dict[int, str]:
        """The lines of a file that the recording carries, by number."""
        return self._code.get(file, {})

    def files(self) -> Iterator[tuple[str, dict[int, str]]]:
        """All the lines of code that it carries."""
        yield from self._code.items()

    def events(self) -> Iterator[Said]:
        """Every event, in the order of the file."""
        lines = [line for each in self._conversations.values() for line in each]
        return self._events(sorted([*lines, *self._of_processes]))

    def grouped(self) -> Iterator[list[Said]]:
        """Every event, in the order of the file, a line at a time."""
        lines = [line for each in self._conversations.values() for line in each]
        for line in sorted([*lines, *self._of_processes]):
            yield list(self._events([line]))

    def open(self, journey: Journey, told: Told) -> None:
        """Give ``journey`` what is heavy of it; those that were looked at long ago are closed again."""
        found = _found(self._assembled(told.conversation), told)
        for name in (*PACKED, *_OPENED_WITH):
            setattr(journey, name, getattr(found, name))
        self._opened[id(journey)] = journey
        for key in list(self._opened)[:-_OPENED]:
            if not self._opened[key].pinned:
                close(self._opened.pop(key))

    def covered(self, journey: Journey) -> Journey:
        """The same journey, with its secrets covered."""
        told = self._places.get(id(journey))
        found = self.covered_at(told) if told is not None and not self.beginning.masked else None
        return found or journey

    def covered_at(self, told: Told) -> Journey | None:
        """The journey that is told, with its secrets covered."""
        from passerella.recordings.masking import Masker  # most recordings are only looked at

        masker = Masker()
        assembler = Assembler()
        for line in sorted([*self._of_processes, *self._conversations.get(told.conversation, [])]):
            for pid, event in masker.mask(list(self._events([line]))):
                assembler.feed(pid, event)
            assembler.take_changed()
        journey = _found(assembler, told)
        journey.number = told.number
        return journey if journey.steps else None

    def unfinished(self) -> Iterator[list[Journey]]:
        """The journeys whose end is not told, as after a crash, some at a time: these have their steps."""
        for conversation, lines in list(self._conversations.items()):
            told_until = self._told_until.get(conversation)
            if told_until is not None and (self.finished or lines[-1][0] < told_until):
                continue
            new = [
                each
                for each in self._assemble(conversation).journeys
                if (conversation, generation_of(each.connection), each.ordinal) not in self._told_places
            ]
            for journey in new:
                journey.number = self._number(max(self._numbers, default=0) + 1)
                self._told_places.add((conversation, generation_of(journey.connection), journey.ordinal))
                self._places[id(journey)] = summary(journey, Place(conversation, generation_of(journey.connection)))
                self.journeys.append(journey)
            if new:
                yield new

    def whole_journeys(self) -> Iterator[Journey]:
        """Each journey with its steps, one after the other: only the one that is looked at stays in memory."""
        yield from list(self.journeys)
        for journeys in self.unfinished():
            yield from journeys

    def told(self) -> Iterator[Told]:
        """The summaries of the file, as they are in it."""
        with self.path.open("rb") as file:
            for _at, line in _lines(file):
                record = self._understood(line)
                if isinstance(record, Told):
                    yield record

    def everything_told(self) -> Iterator[Told]:
        """The summaries of the file, and those of the journeys that are found in it without one."""
        yield from self.told()
        for journeys in self.unfinished():
            yield from (self._places[id(journey)] for journey in journeys)

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "Recording":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def outline(self) -> Iterator[list[Journey]]:
        """Read the file from its first line to its last; the journeys that are told in it, some at a time."""
        given = 0
        with self.path.open("rb") as file:
            for at, line in _lines(file):
                if at:
                    self._take(at, line)
                if len(self.journeys) - given >= (_MANY if given else _FEW):
                    yield self.journeys[given:]
                    given = len(self.journeys)
        if given < len(self.journeys):
            yield self.journeys[given:]

    def _take(self, at: int, line: bytes) -> None:
        record = self._understood(line)
        match record:
            case str():
                self._take_events(record, (at, len(line)))
            case Told():
                self._take_told(record, at)
            case Code():
                self._take_code(record)
            case About():
                self.about = record
            case Finish():
                self.finished = True
            case None:
                self.unread_lines += bool(line.strip())

    def _understood(self, line: bytes) -> Beginning | About | str | Code | Told | Finish | None:
        if len(line) >= LONGEST_LINE or not line.endswith(b"\n"):
            return None
        try:
            return outline(line, self.beginning.version)
        except (ValueError, RecursionError):
            return None

    def _take_events(self, conversation: str, line: _Line) -> None:
        if conversation == OF_PROCESSES:
            self._of_processes.append(line)
        else:
            self._conversations.setdefault(conversation, []).append(line)

    def _take_told(self, told: Told, at: int) -> None:
        if len(self.journeys) >= _MOST_JOURNEYS:
            return
        self._told_until[told.conversation] = at
        if told.protocol == "lifespan":
            return
        self._told_places.add((told.conversation, told.generation, told.ordinal))
        journey = Journey(
            number=self._number(told.number),
            connection=told.connection,
            ordinal=told.ordinal,
            protocol=told.protocol,
            interface=told.interface,
            method=told.method,
            target=told.target,
            status=told.status,
            server=told.server,
            pid=told.pid,
            started=told.started,
            ended=told.ended,
            held_omitted=told.held,
            request_length=told.request_length,
            response_length=told.response_length,
            answered=told.answered,
            complete=told.complete,
            quiet=told.quiet,
            dropped=told.dropped,
            abandoned=told.abandoned,
            summary=told.summary,
            front=told.front,
            packed=_InFile(self, told),
        )
        close(journey)
        self._places[id(journey)] = told
        self.journeys.append(journey)

    def _number(self, told: int) -> int:
        """A number that no other journey has: the one that is told, unless it was told before."""
        number = told if told not in self._numbers else max(self._numbers) + 1
        self._numbers.add(number)
        return number

    def _take_code(self, code: Code) -> None:
        lines = self._code.setdefault(code.file, {})
        for number, text in enumerate(code.lines, code.first):
            if self._code_size < _MOST_CODE:
                lines[number] = text
                self._code_size += len(text)

    def _events(self, lines: Sequence[_Line]) -> Iterator[Said]:
        for at, length in lines:
            with self._turn:
                self._file.seek(at)
                data = self._file.read(length)
            try:
                record = decode(data, self.beginning.version)
            except (ValueError, RecursionError):
                self.unread_lines += 1
                continue
            if isinstance(record, Events):
                yield from record.events

    def _assembled(self, conversation: str) -> Assembler:
        """A conversation that was looked at lately is not assembled again."""
        found = self._assemblers.get(conversation)
        if found is None:
            found = self._assemblers[conversation] = self._assemble(conversation)
            if len(self._assemblers) > _ASSEMBLED:
                self._assemblers.popitem(last=False)
        return found

    def _assemble(self, conversation: str) -> Assembler:
        """By the same door as a live run, with what the processes had said by then."""
        assembler = Assembler()
        lines = sorted([*self._of_processes, *self._conversations.get(conversation, [])])
        for count, (pid, event) in enumerate(self._events(lines)):
            assembler.feed(pid, event)
            if count % _STEP == 0:
                assembler.take_changed()
        assembler.take_changed()
        return assembler


def open_recording(path: Path) -> Recording:
    """:raises ContentError: it is not there, or is no recording that can be read."""
    return Recording(path)


def _opened(path: Path) -> BinaryIO:
    try:
        if path.is_dir():
            raise ContentError(_("«{path}» è una cartella: scrivi il nome di un file.").format(path=path))
        if not path.is_file():
            raise ContentError(_("Non trovo la registrazione «{path}».").format(path=path))
        return path.open("rb")
    except OSError as error:
        raise ContentError(
            _("Non riesco ad aprire «{path}»: {error}.").format(path=path, error=refusal(error))
        ) from error
    except ValueError as error:  # a NUL in the name
        raise ContentError(_("Non trovo la registrazione «{path}».").format(path=repr(path))) from error


def _beginning(file: BinaryIO) -> Beginning:
    """The first line.

    :raises ContentError: this is no recording, or one that nobody here can read.
    """
    line = file.readline(LONGEST_LINE)
    try:
        record = _first(line)
    except UnreadableError:
        file.close()
        raise
    except (ValueError, RecursionError) as error:
        file.close()
        sentence = (
            _("Il file è vuoto: non c'è nessuna registrazione.")
            if not line.strip()
            else _("Questo file non è una registrazione di Passerella: la prima riga non è quella giusta.")
        )
        raise ContentError(sentence) from error
    return record


def _first(line: bytes) -> Beginning:
    """The version is looked at before anything that may depend on it."""
    fields = msgspec.json.decode(line, type=list[Any])
    if len(fields) < 2 or fields[0] != NAME or type(fields[1]) is not int:
        raise ValueError("not a recording")
    check_version(fields[1])
    record = outline(line, fields[1])
    if not isinstance(record, Beginning):
        raise ValueError("not a recording")
    return record


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Each line with its position; of one that is too long only the beginning, which nobody understands."""
    at = 0
    file.seek(at)
    while line := file.readline(LONGEST_LINE):
        length = len(line)
        yield at, line
        at += length
        while len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE)
            at += len(line)


class _InFile:
    """What is heavy of a journey is in a file; see :class:`passerella.journeys.model.Packed`."""

    def __init__(self, recording: Recording, told: Told) -> None:
        self.stations = _shared(told.stations)
        self.errors = _shared(told.errors)
        self._recording = recording
        self._told = told

    def open(self, journey: Journey) -> None:
        self._recording.open(journey, self._told)


def _shared(names: list[str]) -> frozenset[str]:
    """One set for all the journeys that have the same."""
    return _same(tuple(names))


@lru_cache(256)
def _same(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(names)


def _found(assembler: Assembler, told: Told) -> Journey:
    """The journey that is told, with its steps; without any, where the file has them no more."""
    for journey in assembler.journeys:
        same_address = journey.connection.rpartition("#")[0] == told.connection.rpartition("#")[0]
        place = (generation_of(journey.connection), journey.ordinal)
        if place == (told.generation, told.ordinal) and (same_address or told.conversation != THROUGH_FRONT):
            return journey
    return Journey(told.number, told.connection, told.ordinal)


def close(journey: Journey) -> None:
    """Without what is heavy: reading any of it opens it again."""
    held, journey.steps_held = journey.held_by(journey.ended), []
    journey.held_omitted = held
    for name in PACKED:
        delattr(journey, name)
