"""One moment after another: what the wrappers, the taps and the boundaries call."""

from __future__ import annotations

import os
from itertools import count

from . import holds
from .attribution import CURRENT
from .channel import announce, clock, put, sequence
from .freeze import freeze_all, type_name
from .landmarks import ROWS
from .places import where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any

    from .attribution import Connection, Owner

_sites: dict[Any, tuple[int, CodeType]] = {}
_site_numbers = count(1)
_landmarks: dict[int, str] = {}  # number of a site -> key of its row
_looks: dict[int, tuple[bool, bool]] = {}  # number of a site -> whether the mapping is looked at, at entry and exit


def site_of_code(landmark: str, code: CodeType, line: int = 0, name: str = "") -> int:
    """The number of a place in the code; the first time, it is announced.

    Code objects are kept by the table: an identity seen once never names another place.
    """
    key = (landmark, id(code), line)
    known = _sites.get(key)
    if known is None:
        number = next(_site_numbers)
        announce("site", number, landmark, name or code.co_qualname, code.co_filename, line or code.co_firstlineno)
        known = _sites[key] = (number, code)
        row = ROWS.get(landmark)
        _landmarks[number] = landmark
        _looks[number] = row.looks if row is not None else (True, True)
    return known[0]


def site_of_no_code(landmark: str) -> int:
    """The number of a place that is not in Python: a row, without a line to show."""
    key = (landmark, 0, 0)
    known = _sites.get(key)
    if known is None:
        number = next(_site_numbers)
        announce("site", number, landmark, "", "", 0)
        known = _sites[key] = (number, site_of_no_code.__code__)
        _landmarks[number] = landmark
        row = ROWS.get(landmark)
        _looks[number] = row.looks if row is not None else (True, True)
    return known[0]


def site_of_call(landmark: str, frame: FrameType) -> int:
    """The number of the line that ``frame`` is at; to find the line costs, so it is found once."""
    key = (landmark, id(frame.f_code), -1 - frame.f_lasti)
    known = _sites.get(key)
    if known is None:
        known = _sites[key] = (site_of_code(landmark, frame.f_code, frame.f_lineno), frame.f_code)
    return known[0]


def moment(tag: str, owner: Owner, site: int, *rest: Any, t: int = 0) -> int:
    """Record a moment of ``owner`` (a Connection or a Request), now or at ``t``; its number comes back."""
    if owner.silent:
        return 0
    number = next(sequence)
    put((tag, number, t or clock(), where(owner), site, *rest), owner.id)
    if (holds.rules or owner.moved is not None) and site:
        holds.reached(owner, _landmarks.get(site, ""), tag, number, moment)
    return number


def accepted(connection: Connection) -> None:
    """The viewer was told of a new connection: is it to be held already here?"""
    if holds.rules and connection.accepted:
        holds.reached(connection, _landmarks.get(connection.site, ""), "accept", connection.accepted, moment)


def snapshot(request: Any, mapping: Any) -> tuple[str, Any]:
    """``(kind, changes)`` of the request's ``environ`` or ``scope`` since it was last looked at."""
    if mapping is None:
        mapping = request.mapping
        if mapping is None:
            return "", None
    elif type(mapping) is dict:
        request.mapping = mapping
        kind = "scope" if "asgi" in mapping or "type" in mapping else "environ"
        if kind != request.kind:
            request.turn_to(kind)
    else:
        return "", None
    return request.kind, request.seen.changes(mapping)


class Call:
    """An observed call that is under way; ``number`` is 0 when its entry was not recorded."""

    __slots__ = ("number", "owner", "site", "token")

    def __init__(self, number: int, owner: Owner, site: int, token: Any) -> None:
        self.number = number
        self.owner = owner
        self.site = site
        self.token = token


def entered(owner: Owner, site: int, value: Any, looks: bool, mapping: Any = None) -> int:
    """Record an entry and give its number. ``value`` is ours to change; ``looks``: the mapping is looked at."""
    number = next(sequence)
    if looks and owner.id[1]:
        kind, changed = snapshot(owner, mapping)
        put(("enter", number, clock(), where(owner), site, freeze_all(value), kind, changed), owner.id)
    elif value:
        put(("enter", number, clock(), where(owner), site, freeze_all(value)), owner.id)
    else:
        put(("enter", number, clock(), where(owner), site), owner.id)
    if holds.rules or owner.moved is not None:
        holds.reached(owner, _landmarks.get(site, ""), "enter", number, moment)
    return number


def left(owner: Owner, site: int, entry: int, value: Any, looks: bool, mapping: Any = None, error: str = "") -> None:
    """Record the exit of the call that :func:`entered` numbered ``entry``."""
    number = next(sequence)
    if looks and owner.id[1]:
        kind, changed = snapshot(owner, mapping)
        put(("leave", number, clock(), where(owner), site, entry, freeze_all(value), kind, changed, error), owner.id)
    elif value or error:
        put(("leave", number, clock(), where(owner), site, entry, freeze_all(value), "", None, error), owner.id)
    else:
        put(("leave", number, clock(), where(owner), site, entry), owner.id)
    if holds.rules or owner.moved is not None:
        holds.reached(owner, _landmarks.get(site, ""), "leave", number, moment)


def enter(owner: Owner, site: int, value: Any, mapping: Any = None, token: Any = None) -> Call:
    """Record the entry of a call."""
    if owner.brief:
        return Call(0, owner, site, token)
    looks = mapping is not None or _looks[site][0]
    return Call(entered(owner, site, value, looks, mapping), owner, site, token)


def leave(call: Call, value: Any, mapping: Any = None, error: str = "") -> None:
    """Record the exit of a call, always with the identity of its entry."""
    if call.number:
        looks = mapping is not None or _looks[call.site][1]
        left(call.owner, call.site, call.number, value, looks, mapping, error)


def failed(call: Call, error: BaseException) -> None:
    """Record the exit of a call by an exception: its type, what it says, and where in the student's code it began."""
    leave(call, told_by(error), None, type_name(type(error)))


def told_by(error: BaseException) -> dict[str, Any]:
    """The exception's first argument when it is plain text (its ``__str__`` is not ours to call), and the place."""
    told: dict[str, Any] = {}
    arguments = _arguments_of(error)
    if arguments and type(arguments[0]) is str:
        told["message"] = arguments[0]
    place = None
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if not installed(code.co_filename):
            place = {"file": code.co_filename, "line": trace.tb_lineno, "function": code.co_qualname}
        trace = trace.tb_next
    if place is not None:
        told["raised_at"] = place
    return told


def installed(file: str) -> bool:
    """Whether a file is a library's, the standard library's or ours: anything but the student's own."""
    return "-packages" in file or file.startswith((_STANDARD, _OURS, "<"))


_arguments_of: Any = BaseException.__dict__["args"].__get__
_STANDARD = os.path.dirname(os.__file__) + os.sep
_OURS = os.path.dirname(__file__) + os.sep


def put_back(token: Any) -> None:
    """Undo a change of the current request; another context than the one that made it has nothing to undo."""
    if token is not None:
        try:
            CURRENT.reset(token)
        except ValueError:
            pass


def strip(error: BaseException) -> None:
    """Take our own frames, the first ones, out of a traceback: what the student and the server see is theirs."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_OURS):
        trace = trace.tb_next
    error.__traceback__ = trace
