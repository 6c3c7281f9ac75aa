"""The probe's entry in the traced process, called once by ``sitecustomize``."""

from __future__ import annotations

import atexit
import os

from . import channel, environment
from .install import install
from .vocabulary import ADDRESS_VARIABLE, MARKS_VARIABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def start() -> None:
    """Hide what is ours, open the line to the viewer, put the landmarks in place."""
    given = environment.take()
    environment.leave_path()
    address = _address(given.get(ADDRESS_VARIABLE, ""))
    if address is None:
        return
    channel.open_to(address)
    names = sorted(os.environ)
    from .hook import after_import

    after_import({"subprocess": [environment.follow_children]})
    environment.follow_exec()
    environment.follow_path()
    install()
    marks = given.get(MARKS_VARIABLE, "")
    if marks:
        from .marks import mark

        mark(marks.split(","))
    atexit.register(channel.at_exit)
    channel.announce("environment", names)  # a forked worker copies these into its environ too
    channel.greet()


def _address(text: str) -> tuple[str, Any, str] | None:
    """``unix:PATH|TOKEN`` or ``tcp:HOST:PORT|TOKEN``, as the viewer wrote it."""
    where, _, token = text.rpartition("|")
    kind, _, place = where.partition(":")
    if kind == "unix" and place:
        return (kind, place, token)
    host, _, port = place.rpartition(":")
    if kind == "tcp" and port.isdigit():
        return (kind, (host, int(port)), token)
    return None
