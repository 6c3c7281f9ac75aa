"""``--testo --passo-passo``: a journey stepped by typed words, for the ear and for a pipe. No boxes, no repainting.

Here is what looks at a journey, live or recorded; :mod:`passerella.cli.stepping_live` also holds it and lets it go.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from passerella.cli import stepping_words as words
from passerella.cli.output import write
from passerella.cli.stepping_input import EndOfInputError, Lines
from passerella.cli.stepping_place import Place
from passerella.cli.stepping_told import (
    blocked_told,
    byte_told,
    bytes_told,
    explained,
    held_told,
    journey_told,
    keys_told,
    row_told,
    where_told,
)
from passerella.journeys.model import Journey, Step
from passerella.language import _
from passerella.views.rows import LEVELS, Row
from passerella.views.visible import visible

PROMPT = "> "
_MOST_LISTED = 50
_FOREVER = 3600.0


class Looking:
    """Answers the words that look; the others are of whoever knows more."""

    recorded = True

    def __init__(self, lines: Lines, level: int) -> None:
        self._lines = lines
        self._level = level
        self.place: Place | None = None
        self._said_blocked = ""
        self._answers: dict[int, Callable[[str], None]] = {
            words.FORWARD: self.forward,
            words.BACK: self._back,
            words.RELEASE: self.release,
            words.KEYS: self._keys,
            words.BYTES: self._bytes,
            words.EXPLAIN: self._explain,
            words.WHERE: self._where,
            words.LEVEL: self._to_level,
            words.REQUEST: self.request,
            words.JOURNEY: self._to_journey,
            words.LEAVE: _leave,
            words.HELP: self._help,
        }

    def journeys(self) -> Sequence[Journey]:
        """Those that one can go to."""
        raise NotImplementedError

    def held(self, journey: Journey) -> Step | None:
        """Where ``journey`` is held now."""
        raise NotImplementedError

    def forward(self, _argument: str) -> None:
        raise NotImplementedError

    def release(self, _argument: str) -> None:
        raise NotImplementedError

    def request(self, argument: str) -> None:
        raise NotImplementedError

    def level_changed(self) -> None:
        """Rows are others now."""

    def wait_line(self) -> str:
        """The next line typed, however long it takes. :class:`EndOfInputError` when there is none any more."""
        line = None
        while line is None:
            line = self._lines.next(_FOREVER)
        return line

    def converse(self) -> None:
        """Answer until whoever types leaves."""
        try:
            while True:
                self.prompt()
                line = self.wait_line()
                if not self._lines.typed:  # what comes from a pipe is shown where it was taken
                    tell([PROMPT + visible(line, 200)])
                self.answer(line)
        except EndOfInputError:
            if self._lines.typed:
                tell([""])

    def prompt(self) -> None:
        if self._lines.typed:
            sys.stdout.write(PROMPT)
            sys.stdout.flush()

    def answer(self, line: str) -> None:
        try:
            asked = words.read(line, self.recorded)
        except words.NotAWordError as error:
            tell([str(error)])
            return
        self._answers[asked.word](asked.argument)

    def tell_row(self) -> None:
        """What happens at the row in sight."""
        row = self.place.row if self.place is not None else None
        if self.place is not None and row is not None:
            tell(row_told(self.place.journey, row))

    def see(self, journey: Journey) -> Place:
        self.place = Place(journey, self._level)
        return self.place

    def nothing(self) -> str:
        """What there is to do when there is no journey."""
        return _("Non c'è nessun viaggio.")

    def _back(self, _argument: str) -> None:
        if self.place is None:
            tell([self.nothing()])
        elif self.place.move(-1):
            self.tell_row()
        else:
            tell([_("È il primo passo.")])

    def _look(self, look: Callable[[Journey, Row], Iterable[str]]) -> None:
        row = self.place.row if self.place is not None else None
        if self.place is None or row is None:
            tell([self.nothing()])
        else:
            tell(look(self.place.journey, row))

    def _keys(self, name: str) -> None:
        self._look(lambda journey, row: keys_told(journey, row, name))

    def _bytes(self, argument: str) -> None:
        if argument.isdecimal() and len(argument) < 10:
            self._look(lambda journey, row: byte_told(journey, row, int(argument)))
        elif argument in ("", words.ALL_BYTES, _(words.ALL_BYTES)):
            self._look(lambda journey, row: bytes_told(journey, row, bool(argument)))
        else:
            tell([_("Dopo «{word}» scrivi il numero di un byte, o «{all}».").format(
                word=words.name(words.BYTES), all=_(words.ALL_BYTES)
            )])  # fmt: skip

    def _explain(self, _argument: str) -> None:
        self._look(explained)

    def _where(self, _argument: str) -> None:
        self._look(lambda journey, row: where_told(journey, row, self._position(), self.held(journey)))

    def _position(self) -> tuple[int, int]:
        return (self.place.position, len(self.place.rows)) if self.place is not None else (0, 0)

    def _to_level(self, argument: str) -> None:
        if argument not in map(str, LEVELS):
            tell([_("Scrivi «{word} 1», «{word} 2» o «{word} 3».").format(word=words.name(words.LEVEL))])
            return
        self._level = int(argument)
        if self.place is not None:
            self.place.level = self._level
        said = {1: _("Livello 1, stazioni."), 2: _("Livello 2, passi."), 3: _("Livello 3, tutti i passi.")}
        tell([said[self._level]])
        self.level_changed()
        self.tell_row()

    def _to_journey(self, argument: str) -> None:
        known = self.journeys()
        if not argument:
            tell(self.told(journey) for journey in islice(known, _MOST_LISTED))
            if not known:
                tell([self.nothing()])
            elif len(known) > _MOST_LISTED:
                tell([_("E altri {n}.").format(n=len(known) - _MOST_LISTED)])
            return
        found = self.find(argument)
        if found is None:
            tell([_("Il viaggio {n} non c'è.").format(n=argument[:20])])
            return
        self.arrive(found)

    def find(self, number: str) -> Journey | None:
        """The journey of that number, if there is one."""
        return next((journey for journey in self.journeys() if str(journey.number) == number), None)

    def arrive(self, journey: Journey) -> None:
        """Go to a journey, and say so."""
        place = self.see(journey)
        if self.held(journey) is not None:
            place.untold()
            place.to_end()
        else:
            place.to_start()
        tell([self.told(journey)])
        self.tell_row()
        tell(self.stop_told(journey))

    def told(self, journey: Journey) -> str:
        return journey_told(journey, self.held(journey))

    def stop_told(self, journey: Journey) -> Iterable[str]:
        """That it is held, if it is; what that blocks when it is not what was said last."""
        held = self.held(journey)
        if held is None:
            return []
        blocked = blocked_told(journey, held)
        if blocked in ("", self._said_blocked):
            return [held_told(journey)]
        self._said_blocked = blocked
        return [f"{held_told(journey)} {blocked}"]

    def _help(self, _argument: str) -> None:
        tell(words.help_lines(self.recorded))


class SteppingRecorded(Looking):
    """The journeys of a recording: nobody is held."""

    def __init__(self, lines: Lines, level: int, journeys: Sequence[Journey]) -> None:
        super().__init__(lines, level)
        self._journeys = journeys

    def run(self) -> None:
        """Begin with the first journey."""
        tell([_("«{forward}» e «{back}» percorrono il viaggio, «{help}» dice tutte le parole.").format(
            forward=words.name(words.FORWARD), back=words.name(words.BACK), help=words.name(words.HELP)
        )])  # fmt: skip
        if self._journeys:
            self.arrive(self._journeys[0])
        self.converse()

    def journeys(self) -> Sequence[Journey]:
        return self._journeys

    def held(self, journey: Journey) -> None:
        """Nobody is."""

    def forward(self, _argument: str) -> None:
        if self.place is None:
            tell([self.nothing()])
        elif self.place.move(1):
            self.tell_row()
        else:
            tell([_("È l'ultimo passo. {journey}").format(journey=self.told(self.place.journey))])

    def release(self, _argument: str) -> None:
        tell([_("Questa è una registrazione: nessun viaggio è fermo.")])

    def request(self, argument: str) -> None:
        tell([_("Questa è una registrazione: non c'è un server a cui inviare.")])


def tell(lines: Iterable[str]) -> None:
    """Lines, at once: whoever listens waits for them."""
    for line in lines:
        write(line)
    sys.stdout.flush()


def _leave(_argument: str) -> None:
    raise EndOfInputError
