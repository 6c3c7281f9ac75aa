"""Secrets that were told by their names once, and are then recognised wherever they are repeated."""

import base64
import binascii
import re
from urllib.parse import unquote_plus

from passerella.recordings.masking.spans import Span

_SHORTEST = 6  # characters; what is shorter would be found by chance
_MOST = 400
_LONGEST = 8192
_COVERED = re.compile(r"\**+")


class Known:
    """The secrets of one conversation."""

    def __init__(self) -> None:
        self._secrets: dict[str, None] = {}
        self._pattern: re.Pattern[str] | None = None

    def add(self, secret: str) -> None:
        """Remember it, and what it becomes where it is decoded."""
        for form in {secret, unquote_plus(secret), *_inside_base64(secret)}:
            if _SHORTEST <= len(form) <= _LONGEST and not _COVERED.fullmatch(form) and len(self._secrets) < _MOST:
                self._secrets.setdefault(form)
                self._pattern = None

    @property
    def count(self) -> int:
        return len(self._secrets)

    def spans(self, text: str) -> list[Span]:
        """Where ``text`` repeats one."""
        if not self._secrets:
            return []
        if self._pattern is None:
            longest_first = sorted(self._secrets, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))
        return [found.span() for found in self._pattern.finditer(text)]


def _inside_base64(secret: str) -> list[str]:
    """The password of ``Authorization: Basic``."""
    try:
        decoded = base64.b64decode(secret, validate=True).decode("latin-1")
    except (binascii.Error, ValueError):
        return []
    return [decoded, decoded.partition(":")[2]] if ":" in decoded else []
