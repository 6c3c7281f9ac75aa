"""What the four views of the inspector have in common."""

from collections.abc import Sequence
from typing import NamedTuple

from textual.message import Message

from passerella.journeys.model import Journey
from passerella.tui.row_list import Line, Make, RowList
from passerella.tui.wrapping import wrapped
from passerella.views.inspector import Explanation
from passerella.views.rows import Row


class Seen(NamedTuple):
    """What the inspector looks at.

    :ivar since: the row with which this one is compared; None: with the one before.
    :ivar key: the key that the user went to: it is followed from row to row, and from keys to bytes and back.
    """

    journey: Journey
    row: Row
    since: Row | None = None
    key: str = ""


class Subject(Message):
    """What the explanation is about changed: what is under the cursor, or the row again.

    :ivar key: the key that the user went to; None, none other than before.
    """

    def __init__(self, key: str | None = None) -> None:
        super().__init__()
        self.key = key


class Panel(RowList):
    """One view of the row in sight.

    Its scrollbar has a place even while there is nothing to scroll, and cannot be seen then: if it came and went with the
    lines of each row, the whole screen would be laid out anew at most steps.
    """

    DEFAULT_CSS = """
    Panel {
        overflow-y: scroll;
    }
    """

    _sentence = ""  # what stands in place of lines
    _below: Sequence[Line] = ()

    def show_row(self, seen: Seen) -> str:
        """Draw it; what is said beside the names of the views."""
        raise NotImplementedError

    def subject(self) -> Explanation | None:
        """What is under the cursor, if that has something to be said of it."""
        return None

    def say(self, sentence: str, below: Sequence[Line] = ()) -> None:
        """A sentence in place of lines, and what there is to show instead."""
        told: list[Line] = [[], *([(" " + line, "quiet")] for line in wrapped(sentence, self.room - 2))]
        told += [[], *below] if below else []
        self.show(len(told), lambda index, _width: told[index], 0, marker=False)
        self._sentence, self._below = sentence, below

    def show(
        self, count: int, make: Make, cursor: int | None = None, *, marker: bool = True, centre: bool = False
    ) -> None:
        self._sentence = ""
        super().show(count, make, cursor, marker=marker, centre=centre)

    def on_resize(self) -> None:
        if self._sentence:
            self.say(self._sentence, self._below)

    @property
    def room(self) -> int:
        return self.scrollable_content_region.width or 80
