"""Percent-decoding (RFC 3986 §2.1), and where a decoded byte comes from."""

import re
from urllib.parse import unquote_to_bytes

_ENCODED = re.compile(rb"%[0-9A-Fa-f]{2}")


def decoded(raw: bytes) -> bytes:
    """The bytes that ``raw`` stands for; what is no good escape stands for itself."""
    return unquote_to_bytes(raw)


def raw_index(raw: bytes, index: int) -> int:
    """Where in ``raw`` begins what gave decoded byte ``index``."""
    position = 0
    for found in _ENCODED.finditer(raw):
        plain = found.start() - position
        if index <= plain:
            break
        index -= plain + 1
        position = found.end()
    return min(position + index, len(raw))
