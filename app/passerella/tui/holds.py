"""Where journeys are to be held, and which are. No widget."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from passerella.journeys.held_now import HeldNow
from passerella.journeys.model import Journey, Step
from passerella.language import _, decimal_mark
from passerella.session.wanted import HoldRule
from passerella.tui.source import Batch, LiveSource
from passerella.views.filter_holds import Wanted
from passerella.views.holding import held_sentence, held_step, hold_title, places_ahead
from passerella.views.visible import visible

_Key = tuple[int, int]  # process, moment

# On its way in, a journey is held at the «Ponte» where the callable is called: there environ or scope is whole.
_LANDMARKS = {("gateway", "inbound"): ("wsgi.call", "asgi.call")}

_MESSAGE = "asgi.ws_send"


def exact(rules: Iterable[HoldRule]) -> tuple[HoldRule, ...]:
    """The same rules, those for whole stations at the landmark where there is most to see."""
    return tuple(replace(rule, landmark=landmark) for rule in rules for landmark in _landmarks(rule))


def _landmarks(rule: HoldRule) -> Sequence[str]:
    return (rule.landmark,) if rule.landmark else _LANDMARKS.get((rule.station, rule.direction or "inbound"), ("",))


class _Onward(NamedTuple):
    """A journey on its way from ``left``, a step at which it was held, to its next station."""

    journey: Journey
    left: Step
    rules: tuple[HoldRule, ...]


class Holds:
    """What the user asked to hold, and what the processes say they hold."""

    def __init__(self, live: LiveSource) -> None:
        self._live = live
        self._armed = list(live.rules)
        self._held = HeldNow()
        self._onward: list[_Onward] = []
        self._number = max((rule.number for rule in self._armed), default=0)

    @property
    def count(self) -> int:
        """How many are held now."""
        return len(self._held)

    def title(self) -> str:
        """«Ponte, andata · Vista, ritorno»; empty when no journey will be held."""
        return " · ".join(dict.fromkeys(_title(rule) for rule in self._armed))

    def feed(self, batch: Batch) -> bool:
        """Take in what is said of holds; whether anything was."""
        before = len(self._held), next(reversed(self._held), None)
        self._held.take(batch)
        return before != (len(self._held), next(reversed(self._held), None))

    def forget(self) -> None:
        """Another server takes the place of this one: what is held ends with it."""
        self._held.clear()
        self._onward.clear()
        self._live.hold(self._armed)

    def at(self, station: str, way: str) -> list[HoldRule]:
        """The rules that hold every journey there."""
        return [rule for rule in self._armed if rule.station == station and rule.direction in ("", way)]

    def only(self, station: str, way: str, wanted: Wanted) -> None:
        """Hold there from now on only the journeys that are ``wanted``, in place of whichever was held there."""
        found, number = self.at(station, way), self._next()
        rules = [
            HoldRule(number, station=station, direction=way, method=wanted.method, path=path)
            for path in dict.fromkeys((wanted.path, _as_wsgi(wanted.path)))
        ]
        self._armed = [*(rule for rule in self._armed if rule not in found), *exact(rules)]
        self._tell()

    def toggle(self, station: str, way: str, *, blocking: bool = False) -> bool:
        """Hold every journey there from now on, or no more; whether it is held.

        ``blocking``: with the whole loop, which is asked for by name (design §5); in place of a hold that lets it run.
        """
        found = self.at(station, way)
        already = [rule for rule in found if rule.blocking or not blocking]
        self._armed = [rule for rule in self._armed if rule not in found]
        if not already:
            self._armed += exact([HoldRule(self._next(), station=station, direction=way, blocking=blocking)])
        self._tell()
        return not already

    def toggle_messages(self) -> bool:
        """Hold every message of a WebSocket that the app is about to send, each of them, or no more."""
        found = [rule for rule in self._armed if rule.landmark == _MESSAGE]
        self._armed = [rule for rule in self._armed if rule not in found]
        if not found:
            rule = HoldRule(self._next(), station="gateway", direction="outbound", landmark=_MESSAGE, again=True)
            self._armed.append(rule)
        self._tell()
        return not found

    def resume(self, journey: Journey | None) -> bool:
        """Let ``journey`` go on or, if it is not held, the one held longest; whether there was one."""
        key = self._key(journey) or next(iter(self._held), None)
        if key is None:
            return False
        self._live.resume(*key)
        return True

    def onward(self, journey: Journey) -> bool:
        """Let ``journey`` go on as far as its next station; whether it was held."""
        key, step = self._key(journey), held_step(journey)
        if key is None or step is None:
            return False
        number, request = self._next(), self._held[key].request
        rules = exact(
            HoldRule(number, station=station, direction=way, request=request, pid=key[0])
            for station, way in places_ahead(step)
        )
        self._onward.append(_Onward(journey, step, rules))
        self._tell()
        self._live.resume(*key)
        return True

    def settle(self) -> None:
        """Journeys that came to their next station, or to their end, are on no way any more."""
        left = [each for each in self._onward if not _arrived(each)]
        if len(left) != len(self._onward):
            self._onward = left
            self._tell()

    def release_all(self) -> None:
        self._armed.clear()
        self._onward.clear()
        self._live.release_all()

    def sentence(self, journey: Journey) -> str:
        """What is held of ``journey`` and what that blocks; empty when nothing is."""
        key, step = self._key(journey), held_step(journey)
        return held_sentence(journey.server, step, self._held[key].how) if key is not None and step is not None else ""

    def _key(self, journey: Journey | None) -> _Key | None:
        step = held_step(journey) if journey is not None else None
        key = (step.pid, step.moment) if step is not None else None
        return key if key in self._held else None

    def _next(self) -> int:
        """A rule holds each journey once: asked again, it is another one."""
        self._number += 1
        return self._number

    def _tell(self) -> None:
        self._live.hold([*self._of_journeys(), *self._armed])

    def _of_journeys(self) -> Iterable[HoldRule]:
        return (rule for each in self._onward for rule in each.rules)


def _arrived(onward: _Onward) -> bool:
    step = held_step(onward.journey)
    return onward.journey.complete or (step is not None and step is not onward.left)


def _as_wsgi(path: str) -> str:
    """PEP 3333, "Unicode Issues": in an environ each byte of the path is a character."""
    return path.encode("utf-8").decode("latin-1")


def _as_read(path: str) -> str:
    try:
        return path.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return path


def _title(rule: HoldRule) -> str:
    place = hold_title(rule.station, rule.direction, rule.blocking)
    asked = " ".join(part for part in (rule.method, _as_read(rule.path)) if part)
    if asked:
        place = _("{place} se {asked}").format(place=place, asked=visible(asked, 40))
    if rule.seconds is None:
        return place
    return _("{place} per {seconds} s").format(place=place, seconds=f"{rule.seconds:g}".replace(".", decimal_mark()))
