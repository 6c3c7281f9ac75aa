"""Reads ``catalogue.toml``, in whose order the scenarios are offered."""

import tomllib
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from passerella.language import _

_HERE = Path(__file__).parent
APPS = _HERE / "apps"
FILES = _HERE / "file"
_RECORDINGS = _HERE / "registrazioni"


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """A request ready to be sent that needs more than a line: headers, a body, a manner of its own.

    :ivar id: by which it is asked for on the command line.
    :ivar shows: what is to be looked at: one Italian sentence.
    :ivar piece, pause, after, copies, order: as in ``passerella.client.draft.Draft``.
    """

    id: str
    line: str
    shows: str
    headers: list[str] = []
    body: str = ""
    piece: int = 0
    pause: float = 0.1
    after: Literal["read", "half-close", "reset", "leave"] = "read"
    copies: int = 1
    order: Literal["apart", "kept", "pipelined", "together"] = "apart"


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """A server with an app on it, ready to run.

    :ivar server: a name of ``passerella.servers.SERVERS``.
    :ivar app: «module:attribute», to be started from ``folder``.
    :ivar shows: what one sees here that is not elsewhere: one Italian sentence.
    :ivar requests: request lines ready to be sent; ``bodies`` has the body that goes with some of them.
    :ivar ready: those that need more than a line.
    :ivar websocket: where its WebSocket is, «/eco»; empty when it has none.
    :ivar clients: how many are to talk in it.
    :ivar front: a name of ``passerella.servers.fronts.every.FRONTS``, or empty: who is in front of the server, with which
        ``configuration``; ``over``: how it reaches the server, ``tcp`` or ``unix``.
    :ivar needs: the distributions that the interpreter must have.
    """

    id: str
    server: str
    app: str
    interface: str
    title: str
    shows: str
    requests: list[str]
    bodies: dict[str, str] = {}
    ready: list[Ready] = []
    websocket: str = ""
    clients: int = 1
    front: str = ""
    configuration: str = ""
    over: str = "tcp"
    needs: list[str] = []
    folder: Path = APPS


def recording_of(name: str) -> Path | None:
    """The recording of a real run of a scenario, for who does not have what it needs; None when there is none."""
    path = _RECORDINGS / f"{name}.passerella"
    return path if name in SCENARIOS and path.is_file() else None


def _read() -> dict[str, Scenario]:
    tables = tomllib.loads((_HERE / "catalogue.toml").read_text(encoding="utf-8"))
    known = {name: _ready(name, table) for name, table in tables["pronte"].items()}
    found = [
        msgspec.convert({"id": name, **tables["comuni"], **table, "ready": []}, Scenario)
        for name, table in tables["scenari"].items()
    ]
    return {
        each.id: replace(
            each,
            title=_(each.title),
            shows=_(each.shows),
            ready=[known[name] for name in tables["scenari"][each.id].get("ready", ())],
        )
        for each in found
    }


def _ready(name: str, table: dict[str, object]) -> Ready:
    each = msgspec.convert({"id": name, **table}, Ready)
    return replace(each, shows=_(each.shows))


SCENARIOS: dict[str, Scenario] = _read()
