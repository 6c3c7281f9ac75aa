"""Which journeys are held at this moment, as the processes tell it."""

from collections.abc import Iterable

from passerella.events import Event, Goodbye, Held, Resumed

_TOLD = frozenset((Held, Resumed, Goodbye))  # one in thousands: the others are not looked at


class HeldNow(dict[tuple[int, int], Held]):
    """By process and moment of the step; the one that is held since longest comes first."""

    def take(self, said: Iterable[tuple[int, Event]]) -> None:
        """Take in what was said: by whom, and what."""
        for pid, event in said:
            if type(event) in _TOLD:
                self.feed(pid, event)

    def feed(self, pid: int, event: Event) -> None:
        """Take in one thing that process ``pid`` said."""
        match event:
            case Held():
                self[pid, event.moment] = event
            case Resumed():
                self.pop((pid, event.moment), None)
            case Goodbye():
                for key in [key for key in self if key[0] == pid]:
                    del self[key]
