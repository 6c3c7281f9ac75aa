"""Percent-decoding (RFC 3986 §2.1), and where a decoded byte comes from."""

import re
from urllib.parse import unquote_to_bytes

ENCODED = re.compile(rb"%[0-9A-Fa-f]{2}")
ENCODED_BUT_SLASHES = re.compile(rb"%(?!2[Ff])[0-9A-Fa-f]{2}")
_ENCODED_SLASH = re.compile(rb"(%2[Ff])")


def decoded(raw: bytes) -> bytes:
    """The bytes that ``raw`` stands for; what is no good escape stands for itself."""
    return unquote_to_bytes(raw)


def decoded_but_slashes(raw: bytes) -> bytes:
    """The same, but that an encoded slash stays one, as ``%2F``."""
    pieces = _ENCODED_SLASH.split(raw)
    return b"".join(b"%2F" if index % 2 else unquote_to_bytes(piece) for index, piece in enumerate(pieces))


def raw_index(raw: bytes, index: int, encoded: re.Pattern[bytes] = ENCODED) -> int:
    """Where in ``raw`` begins what gave decoded byte ``index``, where these sequences of it were decoded."""
    position = 0
    for found in encoded.finditer(raw):
        plain = found.start() - position
        if index <= plain:
            break
        index -= plain + 1
        position = found.end()
    return min(position + index, len(raw))
