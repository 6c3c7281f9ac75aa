"""Every landmark table at once, for who looks at traced processes."""

from __future__ import annotations

from . import ROWS, read_all

__all__ = ["ROWS", "TABLES"]

TABLES = tuple(read_all())
