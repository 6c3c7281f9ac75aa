"""A journey that nobody looks at, made small: what is heavy of it encoded, and compressed by what it shares with others.

A step is an array of its fields, and two requests to one server differ in a few hundred bytes: with an earlier journey
for dictionary (RFC 1950 §2.2) 85 steps become two thousand bytes, and are there again in a millisecond.
"""

import json
import zlib
from contextlib import suppress

import msgspec

from passerella.events import Mark
from passerella.journeys.mappings import Mappings
from passerella.journeys.model import PACKED, Journey, Origin, Step, Suspension, Upstream

_WINDOW = 32768  # what deflate can look back at
_POOR = 8  # a dictionary that makes its journeys no smaller than this is replaced
_TURNS = 64  # after so many
_OPENED = 64  # journeys open at once
_MOST_WORDS = 1024  # sets of stations, or of errors, that are shared


class _Whole(msgspec.Struct, array_like=True):
    """What is heavy of a journey, in the order of ``PACKED``; ``held`` are the places of its steps that were held."""

    steps: list[Step]
    request: bytearray
    response: bytearray
    origins: dict[str, Origin]
    suspensions: list[Suspension]
    seen: list[Mark]
    held: list[int]
    upstream: Upstream | None = None
    tracing: Mappings | None = None  # then ``origins`` are still to be found


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Whole)
_JSON = b"["  # no array so short begins like that in MessagePack


def encode(journey: Journey) -> bytes:
    """What is heavy of ``journey``, as bytes."""
    held = [step.n - 1 for step in journey.steps_held]
    tracing = journey.tracing if isinstance(journey.tracing, Mappings) else None
    whole = _Whole(
        journey.steps,
        journey.request,
        journey.response,
        journey.origins if tracing is None else {},
        journey.suspensions,
        journey.seen,
        held,
        journey.upstream,
        tracing,
    )
    try:
        return _encoder.encode(whole)
    except (UnicodeEncodeError, OverflowError):
        # Lone surrogates, as environments really have, and numbers beyond 64 bits: only the standard library writes them.
        return json.dumps(msgspec.to_builtins(whole)).encode("ascii")


def decode(data: bytes, journey: Journey) -> None:
    """Give ``journey`` back what :func:`encode` took."""
    in_json = data.startswith(_JSON)
    whole = msgspec.convert(json.loads(data), _Whole) if in_json else _decoder.decode(data)
    for name in PACKED:
        setattr(journey, name, getattr(whole, name))
    if whole.tracing is not None:
        journey.tracing = whole.tracing
        del journey.origins
    journey.steps_held = [whole.steps[place] for place in whole.held]


class _Press:
    """Compresses what resembles its dictionary."""

    def __init__(self, example: bytes) -> None:
        self.dictionary = example[-_WINDOW:]
        self._primed = zlib.compressobj(1, zdict=self.dictionary)
        self._turns = 0

    def compress(self, data: bytes) -> bytes:
        self._turns += 1
        compressor = self._primed.copy()
        return compressor.compress(data) + compressor.flush()

    def poor(self, data: bytes, compressed: bytes) -> bool:
        """Whether another dictionary would be worth its cost."""
        return self._turns > _TURNS and len(compressed) * _POOR > len(data)


class _Kept:
    """The heavy part of one journey."""

    __slots__ = ("_data", "_dictionary", "_opened", "errors", "stations")

    def __init__(
        self, data: bytes, dictionary: bytes, opened: "_Opened", stations: frozenset[str], errors: frozenset[str]
    ) -> None:
        self.stations = stations
        self.errors = errors
        self._data = data
        self._dictionary = dictionary
        self._opened = opened

    def open(self, journey: Journey) -> None:
        decompressor = zlib.decompressobj(zdict=self._dictionary)
        decode(decompressor.decompress(self._data) + decompressor.flush(), journey)
        self._opened.add(journey)


class _Opened:
    """The journeys that were opened last; the others are closed again, and lose nothing by it."""

    def __init__(self) -> None:
        self._journeys: dict[int, Journey] = {}

    def add(self, journey: Journey) -> None:
        self._journeys[id(journey)] = journey
        if len(self._journeys) > _OPENED:
            self._close_oldest()

    def _close_oldest(self) -> None:
        for key, journey in self._journeys.items():
            if not journey.pinned:
                del self._journeys[key]
                _close(journey)
                return


def _close(journey: Journey) -> None:
    journey.tracing = None
    for name in PACKED:
        with suppress(AttributeError):  # nobody asked for its origins
            delattr(journey, name)


class Packer:
    """Packs journeys. Each server has a dictionary of its own: its journeys resemble one another."""

    def __init__(self) -> None:
        self._presses: dict[str, _Press] = {}
        self._opened = _Opened()
        self._words: dict[frozenset[str], frozenset[str]] = {}

    def _shared(self, words: frozenset[str]) -> frozenset[str]:
        """An equal set that other journeys have too."""
        if len(self._words) > _MOST_WORDS:
            self._words.clear()
        return self._words.setdefault(words, words)

    def pack(self, journey: Journey) -> int:
        """Pack a journey to which no step will be added; how many bytes it takes."""
        data = encode(journey)
        press = self._presses.get(journey.server)
        if press is None:
            press = self._presses[journey.server] = _Press(data)
        compressed = press.compress(data)
        stations, errors = self._shared(journey.stations), self._shared(journey.errors)
        journey.packed = _Kept(compressed, press.dictionary, self._opened, stations, errors)
        if press.poor(data, compressed):
            del self._presses[journey.server]
        _close(journey)
        return len(compressed)
