"""Lines for both ends of the probe's channel: true ones, true ones with something changed, and anything at all."""

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from fuzz.wire_events import line_of, messages, numbers, texts, values

TOKEN = "0123456789abcdef" * 2
HELLO = json.dumps(["hello", 1, TOKEN, 7, 1, "3.11.7", "python", []]).encode()

_BITS = st.sampled_from(
    (
        b"\n", b"\x00", b"\xff", b"\\ud800", b"NaN", b"-Infinity", b"1e999", b"9" * 5000, b"[" * 3000, b'{"a":' * 3000,
        b'"', b"]", b"}", b",", b"null", b"[]", b"{}", b"\xc3", b"\\", b"\r", b" ", b"true", b"-", b"0", b"[[1]]",
    )
)  # fmt: skip
_changes = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 8), _BITS | st.binary(max_size=6)), min_size=1, max_size=4
)


def _mutated(line: bytes, changes: Sequence[tuple[int, int, bytes]]) -> bytes:
    for place, length, bits in changes:
        start = place % (len(line) + 1)
        line = line[:start] + bits + line[start + length :]
    return line


# What comes to the viewer.
_true = messages.map(line_of)
_mutations = st.builds(_mutated, _true | st.just(HELLO), _changes)
_any_json = values.map(lambda value: json.dumps(value).encode())
viewer_lines = st.lists(st.just(HELLO) | _true | _mutations | _any_json | st.binary(max_size=60), max_size=6)

# What comes to the probe.
_asked = st.dictionaries(
    st.sampled_from(
        ("number", "station", "direction", "landmark", "method", "path", "request", "seconds", "blocking", "again")
    ),
    st.sampled_from(("gateway", "inbound", "wsgi.call", "asgi.receive", "server", "GET", "/")) | numbers | values,
    max_size=6,
)
_commands: st.SearchStrategy[Any] = (
    st.tuples(st.just("hold"), st.lists(_asked, max_size=3) | values)
    | st.tuples(st.sampled_from(("resume", "release", "")) | texts, values)
    | st.tuples(st.sampled_from(("hold", "resume", "release")))
    | values
)
_true_commands = _commands.map(lambda command: json.dumps(command).encode())
probe_lines = st.lists(
    _true_commands | st.builds(_mutated, _true_commands, _changes) | st.binary(max_size=60), min_size=1, max_size=4
)


def pieces(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    """``data`` as it may arrive, split at ``cuts``."""
    places = sorted({cut % (len(data) + 1) for cut in cuts} | {0, len(data)})
    return [data[start:end] for start, end in pairwise(places)]
