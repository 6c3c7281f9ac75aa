"""Hands raised in a class, counted twice: before it talks, and after. Pure.

The first count stays hidden until there is the second one: who sees what the others think stops thinking.
"""

import re

import msgspec

from passerella.errors import ContentError
from passerella.language import _

ROUNDS = 2
MOST_HANDS = 999
_HANDS = re.compile(r"[0-9]{0,3}")
_FULL, _HALF = "█", "▌"

Hands = tuple[int, ...]  # for each choice, in their order


class Vote(msgspec.Struct, frozen=True):
    """What was counted so far."""

    rounds: tuple[Hands, ...] = ()

    @property
    def open(self) -> bool:
        """There is something left to count: nothing may be shown."""
        return len(self.rounds) < ROUNDS

    def counted(self, hands: Hands) -> "Vote":
        """With one more count; after the last one it begins again."""
        return Vote((*self.rounds, hands)) if self.open else Vote((hands,))

    @property
    def winner(self) -> int | None:
        """The choice of the class, once it is done: None when there is none, or two have as many hands."""
        if self.open or not any(self.rounds[-1]):
            return None
        last = self.rounds[-1]
        best = [n for n, hands in enumerate(last) if hands == max(last)]
        return best[0] if len(best) == 1 else None

    @property
    def moved(self) -> int:
        """How many, at least, changed their mind: hands that left an answer and hands that came to another."""
        if self.open:
            return 0
        changes: list[int] = [after - before for before, after in zip(*self.rounds, strict=True)]
        came, left = sum(max(0, each) for each in changes), sum(max(0, -each) for each in changes)
        return min(came, left)


def read_hands(words: list[str]) -> Hands:
    """The numbers that were typed, an empty one counts as none. :class:`ContentError` when one cannot be."""
    found = []
    for word in words:
        text = word.strip()
        if not _HANDS.fullmatch(text):
            raise ContentError(
                _("«{text}» non è un numero di mani, da 0 a {most}.").format(text=text[:20], most=MOST_HANDS)
            )
        found.append(int(text or "0"))
    return tuple(found)


def bar(hands: int, most: int, width: int) -> str:
    """A bar as long as its share of ``most``; what is there is always seen."""
    if not hands or not most:
        return ""
    halves = max(1, round(2 * width * hands / most))
    return _FULL * (halves // 2) + _HALF * (halves % 2)
