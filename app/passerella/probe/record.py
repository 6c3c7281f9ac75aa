"""One moment after another: what the wrappers, the taps and the boundaries call."""

from __future__ import annotations

import os

from . import holds
from .attribution import CURRENT
from .channel import announce, clock, place, put, sequence, skip
from .freeze import changes, freeze, type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from .attribution import Owner

_sites: dict[Any, tuple[int, CodeType]] = {}
_landmarks: dict[int, str] = {}  # number of a site -> key of its row
_MAPPED = ("gateway", "middleware", "framework", "view")


def site_of_code(landmark: str, code: CodeType, line: int = 0, name: str = "") -> int:
    """The number of a place in the code; the first time, it is announced.

    Code objects are kept by the table: an identity seen once never names another place.
    """
    key = (landmark, id(code), line)
    known = _sites.get(key)
    if known is None:
        number = len(_sites) + 1
        announce("site", number, landmark, name or code.co_qualname, code.co_filename, line or code.co_firstlineno)
        known = _sites[key] = (number, code)
        _landmarks[number] = landmark
    return known[0]


def moment(tag: str, owner: Owner, site: int, *rest: Any, t: int = 0) -> int:
    """Record a moment of ``owner`` (a Connection or a Request), now or at ``t``; its number comes back."""
    if owner.silent:
        skip()
        return 0
    number = next(sequence)
    connection, request = owner.id
    put((tag, number, t or clock(), *place(), connection, request, site, *rest))
    if (holds.rules or owner.moved is not None) and site:
        holds.reached(owner, _landmarks.get(site, ""), tag, number, moment)
    return number


def snapshot(request: Any, mapping: Any) -> tuple[str, Any]:
    """``(kind, changes)`` of the request's ``environ`` or ``scope`` since it was last looked at."""
    if mapping is None:
        mapping = request.mapping
        if mapping is None:
            return "", None
    elif type(mapping) is dict:
        request.mapping = mapping
        if not request.kind:
            request.kind = "scope" if "asgi" in mapping or "type" in mapping else "environ"
    else:
        return "", None
    return request.kind, changes(request.known, mapping)


class Call:
    """An observed call that is under way; ``number`` is 0 when its entry was not recorded."""

    __slots__ = ("number", "owner", "site", "token")

    def __init__(self, number: int, owner: Owner, site: int, token: Any) -> None:
        self.number = number
        self.owner = owner
        self.site = site
        self.token = token


def enter(owner: Owner, site: int, station: str, value: Any, mapping: Any = None, token: Any = None) -> Call:
    """Record the entry of a call."""
    if owner.brief:
        skip()
        return Call(0, owner, site, token)
    kind, changed = "", None
    if station in _MAPPED and owner.id[1]:
        kind, changed = snapshot(owner, mapping)
    return Call(moment("enter", owner, site, freeze(value, 3), kind, changed), owner, site, token)


def leave(call: Call, station: str, value: Any, mapping: Any = None, error: str = "") -> None:
    """Record the exit of a call, always with the identity of its entry."""
    owner = call.owner
    if not call.number:
        skip()
        return
    kind, changed = "", None
    if station in _MAPPED and owner.id[1]:
        kind, changed = snapshot(owner, mapping)
    moment("leave", owner, call.site, call.number, freeze(value, 3), kind, changed, error)


def failed(call: Call, station: str, error: BaseException) -> None:
    """Record the exit of a call by an exception: its type, what it says, and where in the student's code it began."""
    leave(call, station, _told_by(error), None, type_name(type(error)))


def _told_by(error: BaseException) -> dict[str, Any]:
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
