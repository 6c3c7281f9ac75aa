"""Reads ``catalogue.toml``, in whose order the scenarios are offered."""

import tomllib
from pathlib import Path

import msgspec
from msgspec.structs import replace

from passerella.language import _

_HERE = Path(__file__).parent
APPS = _HERE / "apps"
FILES = _HERE / "file"


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """A server with an app on it, ready to run.

    :ivar server: a name of ``passerella.servers.SERVERS``.
    :ivar app: «module:attribute», to be started from ``folder``.
    :ivar shows: what one sees here that is not elsewhere: one Italian sentence.
    :ivar requests: request lines ready to be sent; ``bodies`` has the body that goes with some of them.
    :ivar websocket: where its WebSocket is, «/eco»; empty when it has none.
    :ivar front: a name of ``passerella.servers.fronts.FRONTS``, or empty: who is in front of the server, with which
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
    websocket: str = ""
    front: str = ""
    configuration: str = ""
    over: str = "tcp"
    needs: list[str] = []
    folder: Path = APPS


def _read() -> dict[str, Scenario]:
    tables = tomllib.loads((_HERE / "catalogue.toml").read_text(encoding="utf-8"))
    found = (
        msgspec.convert({"id": name, **tables["comuni"], **table}, Scenario)
        for name, table in tables["scenari"].items()
    )
    return {each.id: replace(each, title=_(each.title), shows=_(each.shows)) for each in found}


SCENARIOS: dict[str, Scenario] = _read()
