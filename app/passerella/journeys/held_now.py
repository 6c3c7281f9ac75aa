"""Which journeys are held at this moment, as the processes tell it."""

from passerella.events import Event, Goodbye, Held, Resumed


class HeldNow(dict[tuple[int, int], Held]):
    """By process and moment of the step; the one that is held since longest comes first."""

    def feed(self, pid: int, event: Event) -> None:
        match event:
            case Held():
                self[pid, event.moment] = event
            case Resumed():
                self.pop((pid, event.moment), None)
            case Goodbye():
                for key in [key for key in self if key[0] == pid]:
                    del self[key]
